// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of capture and play as words: they come from a command line or a recipe. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/capture/capture.h"
#include "core/capture/internal.h"
#include "core/base/number.h"

/* Every block may be a mapping of its own, and Linux gives a process 65530 of them (vm.max_map_count). */
#define BLOCKS_MAX 32768

typedef int (*setter)(struct capture_config *config, const char *text, struct error *error);

static int bad(struct error *error, const char *text, const char *why)
{
	return error_set(error, ERROR_USAGE, "bad-option", "'%.100s': %s", text, why);
}

static int parse_bytes(const char *text, uint64_t *bytes, struct error *error)
{
	uint64_t v;
	int rc;

	rc = size_parse(text, &v, error);
	if (rc < 0)
		return rc;
	if (v == 0)
		return bad(error, text, "it cannot be 0");
	if (v > INT64_MAX)
		return bad(error, text, "too large");
	*bytes = v;
	return 0;
}

static int set_size(struct capture_config *config, const char *text, struct error *error)
{
	config->has_size = true;
	return parse_bytes(text, &config->size, error);
}

static int set_block(struct capture_config *config, const char *text, struct error *error)
{
	return parse_bytes(text, &config->block, error);
}

static int set_blocks(struct capture_config *config, const char *text, struct error *error)
{
	uint64_t v;
	int rc;

	rc = size_parse(text, &v, error);
	if (rc < 0)
		return rc;
	if (v == 0 || v > BLOCKS_MAX)
		return error_set(error, ERROR_USAGE, "bad-option", "'%.100s': 1 to %d blocks are possible",
				 text, BLOCKS_MAX);
	config->blocks = v;
	return 0;
}

static int set_irq(struct capture_config *config, const char *text, struct error *error)
{
	uint64_t v;
	int rc;

	rc = number_parse(text, &v, error);
	if (rc < 0)
		return rc;
	/* PCIe 5.0 section 7.7.2.2: an MSI-X table has at most 2048 entries */
	if (v > 2047)
		return bad(error, text, "vectors are 0 to 2047");
	config->has_irq = true;
	config->vector = (unsigned int)v;
	return 0;
}

static int set_done(struct capture_config *config, const char *text, struct error *error)
{
	config->has_done = true;
	return condition_parse(text, &config->done, error);
}

static int set_overrun(struct capture_config *config, const char *text, struct error *error)
{
	config->has_overrun = true;
	return condition_parse(text, &config->overrun, error);
}

/*
 * REF[:MASK]. In N:X with N one digit up to 5, N is the BAR, as in every REF; a mask behind so small an
 * offset is written 0x4:MASK.
 */
static int set_head(struct capture_config *config, const char *text, struct error *error)
{
	char ref[2 * REGISTER_NAME_SIZE];
	const char *colon = strrchr(text, ':');
	bool is_bar = colon == text + 1 && text[0] >= '0' && text[0] <= '5';
	size_t n = colon && !is_bar ? (size_t)(colon - text) : strlen(text);
	uint64_t mask = 0;
	int rc;

	if (n >= sizeof(ref))
		return bad(error, text, "too long");
	memcpy(ref, text, n);
	ref[n] = '\0';
	rc = ref_parse(ref, &config->head, error);
	if (rc == 0 && text[n] == ':') {
		rc = number_parse(colon + 1, &mask, error);
		if (rc == 0 && mask == 0)
			rc = bad(error, text, "the mask is 0");
	}
	if (rc < 0)
		return rc;
	config->has_head = true;
	config->has_head_mask = text[n] == ':';
	config->head_mask = mask;
	return 0;
}

static int set_head_unit(struct capture_config *config, const char *text, struct error *error)
{
	return parse_bytes(text, &config->head_unit, error);
}

static int set_bar(struct capture_config *config, const char *text, struct error *error)
{
	uint64_t v;
	int rc;

	rc = number_parse(text, &v, error);
	if (rc < 0)
		return rc;
	if (v >= DEVICE_BARS)
		return bad(error, text, "BARs are 0 to 5");
	config->bar = (unsigned int)v;
	return 0;
}

static int set_width(struct capture_config *config, const char *text, struct error *error)
{
	return width_parse(text, &config->width, error);
}

static int set_timeout(struct capture_config *config, const char *text, struct error *error)
{
	config->has_timeout = true;
	return duration_parse(text, &config->timeout, error);
}

static int set_interval(struct capture_config *config, const char *text, struct error *error)
{
	int rc = duration_parse(text, &config->interval, error);

	return rc == 0 && config->interval == 0 ? bad(error, text, "it cannot be 0") : rc;
}

static int set_direct(struct capture_config *config, const char *text, struct error *error)
{
	(void)text;
	(void)error;
	config->direct = true;
	return 0;
}

static int set_unsafe(struct capture_config *config, const char *text, struct error *error)
{
	(void)text;
	(void)error;
	config->unsafe = true;
	return 0;
}

static int set_file(struct capture_config *config, const char *text, struct error *error)
{
	(void)error;
	config->file = text;
	return 0;
}

static int set_index(struct capture_config *config, const char *text, struct error *error)
{
	if (strcmp(text, "-") == 0)
		return bad(error, text, "a file's name is needed");
	config->index = text;
	return 0;
}

static const char *const hook_names[CAPTURE_HOOKS] = {
	[CAPTURE_SETUP] = "setup", [CAPTURE_PER_BLOCK] = "per-block",
	[CAPTURE_START] = "start", [CAPTURE_EACH] = "each",
	[CAPTURE_ACK] = "ack",	   [CAPTURE_STOP] = "stop",
};

const char *capture_hook_name(enum capture_hook hook)
{
	return hook_names[hook];
}

enum option_kind { BOTH, ONLY_CAPTURE, ONLY_PLAY };

static const struct option {
	const char *name;
	setter set;
	bool no_argument;
	enum option_kind kind;
} options[] = {
	{ .name = "size", .set = set_size },
	{ .name = "block", .set = set_block },
	{ .name = "blocks", .set = set_blocks },
	{ .name = "irq", .set = set_irq },
	{ .name = "done", .set = set_done },
	{ .name = "head", .set = set_head },
	{ .name = "head-unit", .set = set_head_unit },
	{ .name = "overrun", .set = set_overrun },
	{ .name = "bar", .set = set_bar },
	{ .name = "width", .set = set_width },
	{ .name = "timeout", .set = set_timeout },
	{ .name = "interval", .set = set_interval },
	{ .name = "direct", .set = set_direct, .no_argument = true },
	{ .name = "unsafe", .set = set_unsafe, .no_argument = true },
	{ .name = "index", .set = set_index },
	{ .name = "output", .set = set_file, .kind = ONLY_CAPTURE },
	{ .name = "input", .set = set_file, .kind = ONLY_PLAY },
};

/* Keeps a copy as long as CONFIG lives: parsed operands point to their text. */
static char *keep(struct capture_config *config, const char *text)
{
	char **texts = reallocarray(config->texts, config->text_count + 1, sizeof(*texts));
	char *copy = texts ? strdup(text) : NULL;

	if (texts)
		config->texts = texts;
	if (copy)
		config->texts[config->text_count++] = copy;
	return copy;
}

static int add_assign(struct capture_assigns *assigns, const char *text, struct error *error)
{
	struct assign *list;
	int rc;

	list = reallocarray(assigns->list, assigns->count + 1, sizeof(*list));
	if (!list)
		return error_errno(error, -ENOMEM, "'%.100s'", text);
	assigns->list = list;
	rc = assign_parse(text, &list[assigns->count], error);
	if (rc == 0)
		assigns->count++;
	return rc;
}

/* The parsers know the operand; which option it was given to is known here. */
static int in_option(int rc, const char *name, struct error *error)
{
	char why[sizeof(error->message)];

	if (rc == 0)
		return 0;
	memcpy(why, error->message, sizeof(why));
	snprintf(error->message, sizeof(error->message), "--%.60s: %.440s", name, why);
	return rc;
}

static int set_option(struct capture_config *config, const struct option *option, const char *value,
		      struct error *error)
{
	if (option->kind == (config->play ? ONLY_CAPTURE : ONLY_PLAY))
		return error_set(error, ERROR_USAGE, "bad-option", "an option of 'dma %s' only",
				 config->play ? "capture" : "play");
	if (option->no_argument && value)
		return error_set(error, ERROR_USAGE, "bad-option", "it takes no argument");
	return option->set(config, value, error);
}

int capture_config_set(struct capture_config *config, const char *name, const char *value,
		       struct error *error)
{
	const char *text = value ? keep(config, value) : NULL;

	if (value && !text)
		return error_errno(error, -ENOMEM, "--%s", name);
	for (int i = 0; i < CAPTURE_HOOKS; i++) {
		if (strcmp(name, hook_names[i]) != 0)
			continue;
		if (!text)
			return error_set(error, ERROR_USAGE, "bad-option", "--%s: a REF=VALUE is missing",
					 name);
		return in_option(add_assign(&config->hooks[i], text, error), name, error);
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(name, options[i].name) != 0)
			continue;
		if (!text && !options[i].no_argument)
			return error_set(error, ERROR_USAGE, "bad-option", "--%s: its argument is missing",
					 name);
		return in_option(set_option(config, &options[i], text, error), name, error);
	}
	return error_set(error, ERROR_USAGE, "bad-option", "'--%.60s': no such option", name);
}

static int refuse(struct error *error, const char *message)
{
	return error_set(error, ERROR_USAGE, "bad-option", "%s", message);
}

/* How a finished block is known, and what that needs. */
static int check_mode(const struct capture_config *config, struct error *error)
{
	bool is_held = config->hooks[CAPTURE_EACH].count || config->hooks[CAPTURE_ACK].count;
	bool is_finite = config->has_size && config->size <= config->block;

	if (config->has_head) {
		if (config->has_done)
			return refuse(error, "--head and --done: only one of them can say what is finished");
		if (config->hooks[CAPTURE_EACH].count)
			return refuse(error, "--each starts every block anew: there are none with --head");
		return 0;
	}
	if (config->has_head_mask || config->head_unit)
		return refuse(error, "--head-unit without --head");
	if (config->has_irq == config->has_done)
		return refuse(error,
			      config->has_irq
				      ? "--irq and --done: only one of them can say what is finished"
				      : "--irq, --done or --head must say how a finished block is known");
	if (config->has_done && config->blocks > 1 && !is_held)
		return refuse(error,
			      "--done with several blocks needs --each or --ack: otherwise the condition "
			      "still holds for the block before");
	if (config->blocks <= 1 && !is_held && !is_finite)
		return refuse(error,
			      "one block, again and again, needs --each or --ack: otherwise the device "
			      "fills it while it is saved");
	return 0;
}

int capture_config_check(const struct capture_config *config, struct error *error)
{
	uint64_t blocks = config->blocks ? config->blocks : 1;
	int rc;

	if (!config->file)
		return refuse(
			error,
			config->play ? "-i FILE is missing: what is to be played"
				     : "-o FILE is missing: where the data goes to ('-' is standard output)");
	if (!config->block)
		return refuse(error, "--block SIZE is missing");
	if (config->block > INT64_MAX / blocks)
		return refuse(error, "--block times --blocks is too large");
	if (config->direct && config->block % CAPTURE_DIRECT_ALIGNMENT)
		return error_set(error, ERROR_USAGE, "bad-option",
				 "--direct needs a --block that is a multiple of %d bytes",
				 CAPTURE_DIRECT_ALIGNMENT);
	rc = check_mode(config, error);
	if (rc == 0 && config->has_head && config->head_unit > config->block * blocks)
		rc = refuse(error, "--head-unit is larger than the ring");
	return rc;
}

void capture_config_free(struct capture_config *config)
{
	for (size_t i = 0; i < config->text_count; i++)
		free(config->texts[i]);
	free(config->texts);
	for (int i = 0; i < CAPTURE_HOOKS; i++)
		free(config->hooks[i].list);
	*config = (struct capture_config){ 0 };
}
