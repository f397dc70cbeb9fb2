// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of capture and play as words: they come from a command line or a recipe. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/capture/capture.h"
#include "core/capture/internal.h"
#include "core/capture/queues.h"
#include "core/base/number.h"

/* Every block may be a mapping of its own, and Linux gives a process 65530 of them (vm.max_map_count). */
#define BLOCKS_MAX 32768

/* What each option's text becomes, at its place in a capture_config. */
typedef int (*taker)(void *into, const char *text, struct error *error);

static int bad(struct error *error, const char *text, const char *why)
{
	return error_set(error, ERROR_USAGE, "bad-option", "'%.100s': %s", text, why);
}

static int take_bytes(void *into, const char *text, struct error *error)
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
	*(uint64_t *)into = v;
	return 0;
}

static int take_blocks(void *into, const char *text, struct error *error)
{
	uint64_t v;
	int rc;

	rc = size_parse(text, &v, error);
	if (rc < 0)
		return rc;
	if (v == 0 || v > BLOCKS_MAX)
		return error_set(error, ERROR_USAGE, "bad-option", "'%.100s': 1 to %d blocks are possible",
				 text, BLOCKS_MAX);
	*(uint64_t *)into = v;
	return 0;
}

static int take_number(void *into, const char *text, uint64_t max, const char *why, struct error *error)
{
	uint64_t v;
	int rc = number_parse(text, &v, error);

	if (rc < 0)
		return rc;
	if (v > max)
		return bad(error, text, why);
	*(unsigned int *)into = (unsigned int)v;
	return 0;
}

static int take_vector(void *into, const char *text, struct error *error)
{
	/* PCIe 5.0 section 7.7.2.2: an MSI-X table has at most 2048 entries */
	return take_number(into, text, 2047, "vectors are 0 to 2047", error);
}

static int take_bar(void *into, const char *text, struct error *error)
{
	return take_number(into, text, DEVICE_BARS - 1, "BARs are 0 to 5", error);
}

static int take_width(void *into, const char *text, struct error *error)
{
	return width_parse(text, into, error);
}

static int take_condition(void *into, const char *text, struct error *error)
{
	return condition_parse(text, into, error);
}

/*
 * REF[:MASK]. In N:X with N one digit up to 5, N is the BAR, as in every REF; a mask behind so small an
 * offset is written 0x4:MASK.
 */
static int take_masked(void *into, const char *text, struct error *error)
{
	struct masked_ref *masked = into;
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
	rc = ref_parse(ref, &masked->ref, error);
	if (rc == 0 && text[n] == ':') {
		rc = number_parse(colon + 1, &mask, error);
		if (rc == 0 && mask == 0)
			rc = bad(error, text, "the mask is 0");
	}
	if (rc < 0)
		return rc;
	masked->has_mask = text[n] == ':';
	masked->mask = mask;
	return 0;
}

/* Looked at all the time, so that it is to be in one place. */
static int take_fixed(void *into, const char *text, const char *why, struct error *error)
{
	struct masked_ref *masked = into;
	int rc = take_masked(masked, text, error);

	return rc == 0 && masked->ref.has_expression ? bad(error, text, why) : rc;
}

static int take_lost(void *into, const char *text, struct error *error)
{
	return take_fixed(into, text, "where the count is cannot depend on a name", error);
}

static int take_head(void *into, const char *text, struct error *error)
{
	return take_fixed(into, text, "where the head is cannot depend on a name", error);
}

static int take_format(void *into, const char *text, struct error *error)
{
	static const char *const words[] = {
		[CAPTURE_RAW] = "raw", [CAPTURE_RECORDS] = "records", [CAPTURE_PCAP] = "pcap"
	};

	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) == 0) {
			*(enum capture_format *)into = (enum capture_format)i;
			return 0;
		}
	}
	return bad(error, text, "the formats are raw, records and pcap");
}

static int take_order(void *into, const char *text, struct error *error)
{
	static const char *const words[] = {
		[CAPTURE_SUBMITTED] = "submitted",
		[CAPTURE_COMPLETED] = "completed",
		[CAPTURE_STRICT] = "strict",
	};

	for (unsigned int i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) == 0) {
			*(enum capture_order *)into = (enum capture_order)i;
			return 0;
		}
	}
	return bad(error, text, "the orders are submitted, completed and strict");
}

static int take_duration(void *into, const char *text, struct error *error)
{
	return duration_parse(text, into, error);
}

static int take_interval(void *into, const char *text, struct error *error)
{
	uint64_t v;
	int rc = duration_parse(text, &v, error);

	if (rc == 0 && v == 0)
		return bad(error, text, "it cannot be 0");
	if (rc == 0)
		*(uint64_t *)into = v;
	return rc;
}

static int take_file(void *into, const char *text, struct error *error)
{
	if (!*text)
		return bad(error, text, "a file's name is needed");
	*(const char **)into = text;
	return 0;
}

static int take_index(void *into, const char *text, struct error *error)
{
	if (strcmp(text, "-") == 0)
		return bad(error, text, "a file's name is needed");
	return take_file(into, text, error);
}

static int take_link_type(void *into, const char *text, struct error *error)
{
	/* draft-ietf-opsawg-pcap, "File Header": 16 bits */
	return take_number(into, text, 65535, "link types are 0 to 65535", error);
}

/* SIZE bytes that are called by the first N characters of TEXT. */
static int add_memory(struct capture_config *config, const char *text, size_t n, uint64_t size,
		      struct error *error)
{
	struct capture_memory *memory = &config->memories[config->memory_count];
	int rc;

	if (config->memory_count == CAPTURE_MEMORIES)
		return error_set(error, ERROR_USAGE, "bad-option", "'%.100s': there can be %d of them", text,
				 CAPTURE_MEMORIES);
	memcpy(memory->name, text, n);
	memory->name[n] = '\0';
	rc = buffer_name_check(memory->name, error);
	for (unsigned int i = 0; i < config->memory_count && rc == 0; i++) {
		if (strcmp(config->memories[i].name, memory->name) == 0)
			rc = bad(error, text, "there is one of that name");
	}
	if (rc == 0) {
		memory->size = size;
		config->memory_count++;
	} else {
		memory->name[0] = '\0';
	}
	return rc;
}

/* How long the name before SEPARATOR is; 0: there is none that could be one. */
static size_t name_length(const char *text, char separator)
{
	const char *end = strchr(text, separator);

	return end && (size_t)(end - text) < BUFFER_NAME_SIZE ? (size_t)(end - text) : 0;
}

static int take_memory(void *into, const char *text, struct error *error)
{
	size_t n = name_length(text, ':');
	uint64_t size;
	int rc;

	if (n == 0)
		return bad(error, text, "the form is NAME:SIZE");
	rc = take_bytes(&size, text + n + 1, error);
	return rc == 0 ? add_memory(into, text, n, size, error) : rc;
}

/* NAME=ENTRIESxSIZE */
static int take_ring(void *into, const char *text, struct error *error)
{
	size_t n = name_length(text, '=');
	const char *x = n ? strchr(text + n, 'x') : NULL;
	uint64_t entries;
	uint64_t size;
	char number[24];
	int rc;

	if (!x || (size_t)(x - text) - n - 1 >= sizeof(number))
		return bad(error, text, "the form is NAME=ENTRIESxSIZE");
	snprintf(number, sizeof(number), "%.*s", (int)(x - text - (ptrdiff_t)n - 1), text + n + 1);
	rc = take_bytes(&entries, number, error);
	if (rc == 0)
		rc = take_bytes(&size, x + 1, error);
	if (rc == 0 && entries > INT64_MAX / size)
		rc = bad(error, text, "too large");
	return rc == 0 ? add_memory(into, text, n, entries * size, error) : rc;
}

static const char *const hook_names[CAPTURE_HOOKS] = {
	[CAPTURE_SETUP] = "setup", [CAPTURE_PER_BLOCK] = "per-block", [CAPTURE_START] = "start",
	[CAPTURE_EACH] = "each",   [CAPTURE_REFILL] = "refill",	      [CAPTURE_ACK] = "ack",
	[CAPTURE_STOP] = "stop",
};

const char *capture_hook_name(enum capture_hook hook)
{
	return hook_names[hook];
}

enum option_kind { BOTH, ONLY_CAPTURE, ONLY_PLAY };

#define AT(member_) offsetof(struct capture_config, member_)
#define HAS(member_) .into = AT(member_), .flag = AT(has_##member_)

static const struct option {
	const char *name;
	taker take; /* NULL: it takes no argument, its flag is all */
	size_t into;
	size_t flag; /* a bool that says it was given; 0: none, there is `play` */
	enum option_kind kind;
} options[] = {
	{ .name = "size", .take = take_bytes, HAS(size) },
	{ .name = "block", .take = take_bytes, .into = AT(block) },
	{ .name = "blocks", .take = take_blocks, .into = AT(blocks) },
	{ .name = "irq", .take = take_vector, .into = AT(vector), .flag = AT(has_irq) },
	{ .name = "done", .take = take_condition, HAS(done) },
	{ .name = "head", .take = take_head, HAS(head) },
	{ .name = "head-unit", .take = take_bytes, .into = AT(head_unit) },
	{ .name = "memory", .take = take_memory },
	{ .name = "ring", .take = take_ring },
	{ .name = "length", .take = take_masked, HAS(length), .kind = ONLY_CAPTURE },
	{ .name = "end", .take = take_condition, HAS(end), .kind = ONLY_CAPTURE },
	{ .name = "skip", .take = take_condition, HAS(skip), .kind = ONLY_CAPTURE },
	{ .name = "trim", .take = take_bytes, .into = AT(trim), .kind = ONLY_CAPTURE },
	{ .name = "failed", .take = take_condition, HAS(failed) },
	{ .name = "completes", .take = take_masked, HAS(completes) },
	{ .name = "order", .take = take_order, HAS(order) },
	{ .name = "batch", .take = take_blocks, .into = AT(batch) },
	{ .name = "format", .take = take_format, .into = AT(format) },
	{ .name = "link-type", .take = take_link_type, HAS(link_type), .kind = ONLY_CAPTURE },
	{ .name = "stopped", .take = take_condition, HAS(stopped) },
	{ .name = "overrun", .take = take_condition, HAS(overrun) },
	{ .name = "lost", .take = take_lost, HAS(lost) },
	{ .name = "lost-clears", .flag = AT(lost_clears) },
	{ .name = "bar", .take = take_bar, .into = AT(bar) },
	{ .name = "width", .take = take_width, .into = AT(width) },
	{ .name = "timeout", .take = take_duration, HAS(timeout) },
	{ .name = "interval", .take = take_interval, .into = AT(interval) },
	{ .name = "direct", .flag = AT(direct) },
	{ .name = "unsafe", .flag = AT(unsafe) },
	{ .name = "index", .take = take_index, .into = AT(index) },
	{ .name = "output", .take = take_file, .into = AT(file), .kind = ONLY_CAPTURE },
	{ .name = "input", .take = take_file, .into = AT(file), .kind = ONLY_PLAY },
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

/* Before the next ASSIGN. */
static int add_wait(struct capture_assigns *assigns, const struct condition *condition, struct error *error)
{
	struct capture_wait *waits;

	waits = reallocarray(assigns->waits, assigns->wait_count + 1, sizeof(*waits));
	if (!waits)
		return error_errno(error, -ENOMEM, "'%.100s'", condition->text);
	assigns->waits = waits;
	waits[assigns->wait_count].before = assigns->count;
	waits[assigns->wait_count++].condition = *condition;
	return 0;
}

static int add_to_hook(struct capture_config *config, enum capture_hook hook, const char *text,
		       struct error *error)
{
	struct condition condition;
	struct error ignored;

	if ((hook == CAPTURE_SETUP || hook == CAPTURE_START) &&
	    condition_parse(text, &condition, &ignored) == 0)
		return add_wait(&config->hooks[hook], &condition, error);
	return add_assign(&config->hooks[hook], text, error);
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
	int rc;

	if (option->kind == (config->play ? ONLY_CAPTURE : ONLY_PLAY))
		return error_set(error, ERROR_USAGE, "bad-option", "an option of 'dma %s' only",
				 config->play ? "capture" : "play");
	if (!option->take && value)
		return error_set(error, ERROR_USAGE, "bad-option", "it takes no argument");
	rc = option->take ? option->take((char *)config + option->into, value, error) : 0;
	if (rc == 0 && option->flag)
		*(bool *)((char *)config + option->flag) = true;
	return rc;
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
		return in_option(add_to_hook(config, (enum capture_hook)i, text, error), name, error);
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(name, options[i].name) != 0)
			continue;
		if (!text && options[i].take)
			return error_set(error, ERROR_USAGE, "bad-option", "--%s: its argument is missing",
					 name);
		return in_option(set_option(config, &options[i], text, error), name, error);
	}
	return error_set(error, ERROR_USAGE, "bad-option", "'--%.60s': no such option", name);
}

bool capture_option_replaces(const char *name)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (strcmp(name, options[i].name) == 0)
			return options[i].into || options[i].flag;
	}
	return false;
}

static int refuse(struct error *error, const char *message)
{
	return error_set(error, ERROR_USAGE, "bad-option", "%s", message);
}

static bool condition_names(const struct condition *condition, const char *name)
{
	return ref_has_name(&condition->ref, name) || value_has_name(&condition->value, name);
}

static bool hooks_name(const struct capture_config *config, const char *name)
{
	for (int i = 0; i < CAPTURE_HOOKS; i++) {
		for (size_t n = 0; n < config->hooks[i].count; n++) {
			const struct assign *assign = &config->hooks[i].list[n];

			if (ref_has_name(&assign->ref, name) || value_has_name(&assign->value, name))
				return true;
		}
		for (size_t n = 0; n < config->hooks[i].wait_count; n++) {
			if (condition_names(&config->hooks[i].waits[n].condition, name))
				return true;
		}
	}
	return false;
}

const struct condition *capture_config_condition(const struct capture_config *config,
						 enum capture_condition which)
{
	static const struct {
		size_t flag;
		size_t condition;
	} places[CONDITIONS] = {
		[CONDITION_DONE] = { AT(has_done), AT(done) },
		[CONDITION_END] = { AT(has_end), AT(end) },
		[CONDITION_SKIP] = { AT(has_skip), AT(skip) },
		[CONDITION_FAILED] = { AT(has_failed), AT(failed) },
		[CONDITION_OVERRUN] = { AT(has_overrun), AT(overrun) },
		[CONDITION_STOPPED] = { AT(has_stopped), AT(stopped) },
	};
	const char *start = (const char *)config;

	return *(const bool *)(start + places[which].flag)
		       ? (const struct condition *)(start + places[which].condition)
		       : NULL;
}

bool capture_config_names(const struct capture_config *config, const char *name)
{
	for (unsigned int i = 0; i < CONDITIONS; i++) {
		const struct condition *condition =
			capture_config_condition(config, (enum capture_condition)i);

		if (condition && condition_names(condition, name))
			return true;
	}
	return hooks_name(config, name) || (config->has_length && ref_has_name(&config->length.ref, name)) ||
	       (config->has_completes && ref_has_name(&config->completes.ref, name)) ||
	       (config->has_head && ref_has_name(&config->head.ref, name));
}

bool capture_config_describes(const struct capture_config *config)
{
	return config->hooks[CAPTURE_REFILL].count || config->has_length || config->has_end ||
	       config->has_failed || config->has_completes || config->has_skip || config->trim ||
	       config->batch || config->format != CAPTURE_RAW;
}

bool capture_config_submits(const struct capture_config *config)
{
	return config->has_completes || (config->play && capture_config_describes(config));
}

/* Does --done look at each block's own sign? */
static bool is_own_sign(const struct capture_config *config)
{
	static const char *const names[] = { "index", "lap", "count", "block", "completed" };

	for (size_t i = 0; config->has_done && i < sizeof(names) / sizeof(names[0]); i++) {
		if (condition_names(&config->done, names[i]))
			return true;
	}
	return false;
}

/* A sign that is another one each time round, so that a block is not taken for finished because it was before. */
static bool is_new_sign(const struct capture_config *config)
{
	return config->has_done &&
	       (condition_names(&config->done, "lap") || condition_names(&config->done, "count"));
}

static int check_memory_names(const struct capture_config *config, struct error *error)
{
	for (unsigned int i = 0; i < config->memory_count && capture_config_submits(config); i++) {
		const char *name = config->memories[i].name;

		if (strcmp(name, "completed") == 0 || strcmp(name, "submitted") == 0)
			return refuse(error,
				      "@completed and @submitted are numbers with --completes and in a play "
				      "by descriptors: memory needs another name");
	}
	return 0;
}

/* Completions in a ring of their own. */
static int check_completions(const struct capture_config *config, struct error *error)
{
	uint64_t blocks = config->blocks ? config->blocks : 1;

	if (!config->has_done || !condition_names(&config->done, "completed"))
		return refuse(error, "--completes needs a --done that names @completed: the completion that "
				     "is looked for");
	if (!config->hooks[CAPTURE_REFILL].count &&
	    !(config->has_size && config->size <= config->block * blocks))
		return refuse(error, "--completes needs --refill, which submits a block anew");
	if (config->order == CAPTURE_COMPLETED && config->has_end)
		return refuse(error,
			      "--end has blocks in their order: it does not go with --order completed");
	return 0;
}

static int check_descriptors(const struct capture_config *config, struct error *error)
{
	uint64_t blocks = config->blocks ? config->blocks : 1;
	bool is_once = config->has_size && config->size <= config->block * blocks;
	int rc;

	rc = check_memory_names(config, error);
	if (rc == 0 && config->play && !config->hooks[CAPTURE_REFILL].count)
		rc = refuse(error, "--refill is missing: it tells the device of each block that has data");
	if (rc == 0 && config->has_completes)
		rc = check_completions(config, error);
	if (rc < 0)
		return rc;
	if (!config->has_completes && !is_own_sign(config))
		return refuse(
			error,
			"--refill, --length, --end, --skip, --trim, --failed, --batch and --format need a --done that names "
			"@index, @lap, @count or @block, or in a play @completed");
	if (config->hooks[CAPTURE_EACH].count)
		return refuse(error, "--each starts a block anew; a descriptor is made ready with --refill");
	if (config->direct)
		return refuse(
			error,
			"--direct does not go with --refill, --length, --end, --skip, --trim, --failed, --completes, --batch or --format");
	if (!config->has_completes && !config->hooks[CAPTURE_REFILL].count && !is_new_sign(config) &&
	    !(is_once && !config->has_length && !config->has_end))
		return refuse(error,
			      "--done needs --refill, or @lap: otherwise it still holds for the block that "
			      "was there a lap before");
	if (config->batch > blocks)
		return refuse(error, "--batch is larger than the ring");
	return 0;
}

/* How a finished block is known, and what that needs. */
static int check_mode(const struct capture_config *config, struct error *error)
{
	bool is_held = config->hooks[CAPTURE_EACH].count || config->hooks[CAPTURE_ACK].count;
	bool is_finite = config->has_size && config->size <= config->block;
	bool is_once = config->has_size && config->size <= config->block * config->blocks;

	if (config->has_head) {
		if (capture_config_names(config, "count") || capture_config_names(config, "lap"))
			return refuse(error, "@count and @lap are of blocks: there are none with --head");
		if (config->has_done)
			return refuse(error, "--head and --done: only one of them can say what is finished");
		if (config->hooks[CAPTURE_EACH].count)
			return refuse(error, "--each starts every block anew: there are none with --head");
		if (capture_config_describes(config))
			return check_descriptors(config, error);
		return 0;
	}
	if (config->head_unit)
		return refuse(error, "--head-unit without --head");
	if (!config->has_irq && !config->has_done)
		return refuse(error, "--irq, --done or --head must say how a finished block is known");
	/* the interrupt says when to look, the condition what is finished */
	if (config->has_irq && config->has_done && !config->has_completes && !is_own_sign(config))
		return refuse(error, "--irq and --done: only one of them can say what is finished");
	if (capture_config_describes(config))
		return check_descriptors(config, error);
	if (is_new_sign(config))
		return 0;
	if (config->has_done && config->blocks > 1 && !is_held && !(is_once && is_own_sign(config)))
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
	if (config->has_order && !config->has_completes)
		return refuse(error, "--order without --completes: without it blocks are finished in order");
	if (config->lost_clears && !config->has_lost)
		return refuse(error, "--lost-clears without --lost");
	if (config->has_link_type && config->format != CAPTURE_PCAP)
		return refuse(error, "--link-type without --format pcap");
	rc = check_mode(config, error);
	if (rc == 0 && config->has_head && config->head_unit > config->block * blocks)
		rc = refuse(error, "--head-unit is larger than the ring");
	return rc;
}

static void free_assigns(struct capture_assigns *assigns)
{
	free(assigns->list);
	free(assigns->waits);
}

void capture_config_free(struct capture_config *config)
{
	for (size_t i = 0; i < config->text_count; i++)
		free(config->texts[i]);
	free(config->texts);
	for (int i = 0; i < CAPTURE_HOOKS; i++)
		free_assigns(&config->hooks[i]);
	*config = (struct capture_config){ 0 };
}
