// SPDX-License-Identifier: GPL-2.0-or-later
/* argp's part: everybody else sees struct invocation only. */
#include "cli/options.h"

#include <argp.h>
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "cli/pager.h"
#include "core/backend/path.h"
#include "core/base/number.h"

const char *const color_names[] = { "auto", "always", "never", NULL };

const enum option_id common_options[] = {
	OPTION_SLOT,	OPTION_DEVICE,	  OPTION_VIA,	OPTION_MAP,	OPTION_BASE,	 OPTION_BAR_OF,
	OPTION_STRICT,	OPTION_FROM_DUMP, OPTION_JSON,	OPTION_COLOR,	OPTION_NO_PAGER, OPTION_TRACE,
	OPTION_DRY_RUN, OPTION_FORCE,	  OPTION_QUIET, OPTION_VERBOSE, OPTION_SYSROOT,	 OPTION_HELP,
	OPTION_USAGE,	OPTION_VERSION,	  OPTION_NONE,
};

enum {
	OPTIONS_MAX = 48, /* of one command, with an end */
	LONG_KEY = 0x100, /* argp's keys of options without a letter start here */
};

/* argp's form of a list of options. */
struct vector {
	struct argp_option options[OPTIONS_MAX];
	char help[OPTIONS_MAX][OPTION_HELP_SIZE]; /* of those that name a time */
};

const char *option_help(const struct option_row *row, char text[static OPTION_HELP_SIZE])
{
	const char *gap = row->fallback ? strstr(row->help, "%s") : NULL;
	char time[DURATION_SIZE];

	if (!gap)
		return row->help;
	duration_format(row->fallback, time);
	snprintf(text, OPTION_HELP_SIZE, "%.*s%s%s", (int)(gap - row->help), row->help, time, gap + 2);
	return text;
}

static void make_vector(const enum option_id *ids, struct vector *vector)
{
	unsigned int n = 0;

	for (; ids && *ids; ids++) {
		const struct option_row *row = &option_table[*ids];

		assert(n < OPTIONS_MAX - 1);
		vector->options[n] = (struct argp_option){
			.name = row->name,
			.key = row->letter ? row->letter : LONG_KEY + (int)*ids,
			.arg = row->argument,
			.doc = option_help(row, vector->help[n]),
			.group = row->group,
		};
		n++;
	}
	vector->options[n] = (struct argp_option){ 0 };
}

/* OPTION_NONE: it is none of IDS. */
static enum option_id of_key(const enum option_id *ids, int key)
{
	for (; ids && *ids; ids++) {
		if (key == (option_table[*ids].letter ? option_table[*ids].letter : LONG_KEY + (int)*ids))
			return *ids;
	}
	return OPTION_NONE;
}

static int parse_bar(const char *arg, unsigned int *number, struct error *error)
{
	uint64_t bar;
	int rc = number_parse(arg, &bar, error);

	if (rc < 0)
		return rc;
	if (bar >= DEVICE_BARS)
		return error_set(error, ERROR_USAGE, "bad-bar", "there is no BAR %llu: BARs are 0 to %d",
				 (unsigned long long)bar, DEVICE_BARS - 1);
	*number = (unsigned int)bar;
	return 0;
}

/* What holds where an option is not given. */
static void set_fallbacks(const enum option_id *ids, struct invocation *inv)
{
	for (; ids && *ids; ids++) {
		if (option_table[*ids].fallback)
			*(uint64_t *)((char *)inv + option_table[*ids].value) = option_table[*ids].fallback;
	}
}

/* Whose argument it is that was wrong: of several, a number that is missing is anybody's. */
static int name_option(const struct option_row *row, int rc, struct error *error)
{
	const char letter[] = { '-', row->letter, '\0' };
	char name[64];

	/* some say it themselves */
	if (rc >= 0 || error->kind != ERROR_USAGE || error->message[0] == '-')
		return rc;
	snprintf(name, sizeof(name), "--%s", row->name);
	error_prefix(error, row->letter ? letter : name);
	return rc;
}

/* An empty word is a variable of a script's that was not set: no file has that name. */
static int check_name(const struct option_row *row, const char *arg, struct error *error)
{
	static const char *const names[] = { "FILE", "MAP", "TRACE", "PATH", "DIR" };

	/* none: the machine's own tree */
	if (!row->argument || *arg || row == &option_table[OPTION_SYSROOT])
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strncmp(row->argument, names[i], strlen(names[i])) == 0)
			return error_set(error, ERROR_USAGE, "bad-option",
					 "the name of a file is expected, this is empty");
	}
	return 0;
}

/* Puts ARG where the table says; not for OPTION_OWN. */
static int store(const struct option_row *row, char *arg, struct invocation *inv)
{
	void *value = (char *)inv + row->value;

	int rc = check_name(row, arg, &inv->error);

	if (rc < 0)
		return rc;
	if (row->type == OPTION_NUMBER || row->type == OPTION_TIME)
		*(bool *)((char *)inv + row->given) = true;
	switch (row->type) {
	case OPTION_OWN:
		break;
	case OPTION_FLAG:
		*(bool *)value = true;
		break;
	case OPTION_TEXT:
		*(const char **)value = arg;
		break;
	case OPTION_NUMBER:
		return number_parse(arg, value, &inv->error);
	case OPTION_TIME:
		return duration_parse(arg, value, &inv->error);
	case OPTION_BAR_NUMBER:
		return parse_bar(arg, value, &inv->error);
	case OPTION_BITS:
		return width_parse(arg, value, &inv->error);
	}
	return 0;
}

static int parse_via(const char *arg, struct invocation *inv)
{
	if (backend_find(arg, &inv->ctx.via) == 0)
		return 0;
	return error_set(&inv->error, ERROR_USAGE, "bad-option",
			 "--via: '%s' is none of auto, sysfs, devmem, helper, vfio, uio", arg);
}

static int parse_color(const char *arg, struct invocation *inv)
{
	for (unsigned int i = 0; color_names[i]; i++) {
		if (strcmp(arg, color_names[i]) == 0) {
			inv->color = (enum color_when)i;
			return 0;
		}
	}
	return error_set(&inv->error, ERROR_USAGE, "bad-option",
			 "--color: '%s' is none of auto, always, never", arg);
}

/* In a batch, what a line selects stands in for what the batch does, not beside it. */
static struct selector *own_selector(struct invocation *inv)
{
	if (inv->inherited)
		selector_init(&inv->selector);
	inv->inherited = false;
	inv->selected = true;
	inv->by_environment = false;
	return &inv->selector;
}

static int parse_common_argument(enum option_id option, char *arg, struct invocation *inv)
{
	switch (option) {
	case OPTION_SLOT:
		return selector_set_slot(own_selector(inv), arg, &inv->error);
	case OPTION_DEVICE:
		return selector_set_id(own_selector(inv), arg, &inv->error);
	case OPTION_VIA:
		return parse_via(arg, inv);
	case OPTION_COLOR:
		return parse_color(arg, inv);
	case OPTION_QUIET:
	case OPTION_VERBOSE:
		inv->verbosity = option == OPTION_VERBOSE ? 1 : -1;
		inv->ctx.verbose = option == OPTION_VERBOSE;
		return 0;
	case OPTION_SYSROOT:
		inv->ctx.sysroot = strcmp(arg, "/") == 0 ? "" : arg;
		return 0;
	default:
		return store(&option_table[option], arg, inv);
	}
}

static int parse_common(int key, char *arg, struct invocation *inv)
{
	enum option_id option = of_key(common_options, key);

	if (!option)
		return ARGP_ERR_UNKNOWN;
	return name_option(&option_table[option], parse_common_argument(option, arg, inv), &inv->error);
}

static int parse_own_argument(enum option_id option, char *arg, struct invocation *inv)
{
	int rc;

	if (option_table[option].type != OPTION_OWN)
		return store(&option_table[option], arg, inv);
	rc = check_name(&option_table[option], arg, &inv->error);
	return rc < 0 ? rc : inv->command->parse(option, arg, inv);
}

static int parse_own_option(int key, char *arg, struct invocation *inv)
{
	enum option_id option = of_key(inv->command->options, key);

	if (!option)
		return ARGP_ERR_UNKNOWN;
	return name_option(&option_table[option], parse_own_argument(option, arg, inv), &inv->error);
}

/* argp wants an errno value, positive; the reason is in inv->error. */
static error_t to_argp(int rc)
{
	return rc == ARGP_ERR_UNKNOWN ? ARGP_ERR_UNKNOWN : rc < 0 ? EINVAL : 0;
}

/*
 * argp is kept silent (ARGP_NO_ERRS) so that there is one error sink, which costs its own --help: that is
 * here. What getopt disliked is the word before the one where it stopped.
 */
static void explain_bad_option(struct invocation *inv, const struct argp_state *state)
{
	if (inv->error.kind || inv->shown)
		return;
	error_set(&inv->error, ERROR_USAGE, "bad-option",
		  "'%s': no such option, or its argument is missing or not allowed",
		  state->next > 0 ? state->argv[state->next - 1] : "");
	error_hint(&inv->error, "see 'pcietool %s%s--help'", inv->command ? inv->command->name : "",
		   inv->command ? " " : "");
}

/* Among a batch's lines of JSON a help would be taken for an answer. */
static FILE *help_stream(const struct invocation *inv)
{
	return inv->nested && inv->json ? stderr : stdout;
}

static void show_help(struct argp_state *state, enum option_id option, struct invocation *inv)
{
	unsigned int what = ARGP_HELP_USAGE;
	FILE *f = help_stream(inv);

	if (option == OPTION_HELP)
		what |= ARGP_HELP_LONG | ARGP_HELP_PRE_DOC | ARGP_HELP_POST_DOC;
	if (option == OPTION_HELP && !inv->nested && !inv->pager)
		inv->pager = pager_start();
	if (option == OPTION_VERSION)
		fprintf(f, "pcietool %s\n", command_version());
	else
		argp_help(state->root_argp, f, what, state->argv[0]);
	if (option == OPTION_HELP && !inv->command) {
		fputc('\n', f);
		help_commands(inv->commands, f);
	}
	inv->shown = true;
}

/*
 * What every parser does with the keys that are no option of the command's; *RC is the parser's answer then. Behind
 * what was shown nothing counts: ECANCELED ends the parsing, which skipping to the last word does not within "-?s".
 */
static bool parse_argp_key(int key, struct invocation *inv, struct argp_state *state, error_t *rc)
{
	enum option_id option = of_key(common_options, key);

	*rc = 0;
	if (key == ARGP_KEY_ERROR)
		explain_bad_option(inv, state);
	else if (option == OPTION_HELP || option == OPTION_USAGE || option == OPTION_VERSION)
		show_help(state, option, inv);
	else
		return false;
	if (inv->shown)
		*rc = ECANCELED;
	return true;
}

/* What argp_parse() gave. Without a word of ours it is argp's own, which wants memory. */
static int parsed(struct invocation *inv, error_t rc)
{
	if (!rc || inv->shown)
		return 0;
	return inv->error.kind == ERROR_NONE ? error_errno(&inv->error, -ENOMEM, "starting") : -EINVAL;
}

struct root_input {
	struct invocation *inv;
	int command_index; /* where the command's words start in argv; 0: none */
};

static error_t parse_root(int key, char *arg, struct argp_state *state)
{
	struct root_input *input = state->input;
	error_t rc;

	if (parse_argp_key(key, input->inv, state, &rc))
		return rc;
	if (key != ARGP_KEY_ARG)
		return to_argp(parse_common(key, arg, input->inv));
	input->command_index = state->next - 1;
	state->next = state->argc; /* the rest is the command's */
	return 0;
}

static error_t parse_command(int key, char *arg, struct argp_state *state)
{
	struct invocation *inv = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = inv;
		return 0;
	case ARGP_KEY_ARG:
		if (state->quoted && !inv->dashes && state->next > state->quoted)
			inv->dashes = inv->operand_count;
		inv->operands[inv->operand_count++] = arg;
		return 0;
	default:
		return to_argp(parse_own_option(key, arg, inv));
	}
}

/* The common options behind the verb. */
static error_t parse_common_child(int key, char *arg, struct argp_state *state)
{
	struct invocation *inv = state->input;
	error_t rc;

	if (parse_argp_key(key, inv, state, &rc))
		return rc;
	return to_argp(parse_common(key, arg, inv));
}

static int parse_with_argp(struct invocation *inv, char **argv, int argc)
{
	struct vector shared;
	struct vector own;
	const struct argp common = { .options = shared.options, .parser = parse_common_child };
	const struct argp_child children[] = {
		{ .argp = &common, .header = "Common options:", .group = 90 },
		{ 0 },
	};
	const struct command *command = inv->command;
	char doc[1024];
	char name[64];
	struct argp argp = {
		/* glibc's help loses memory over a list without an entry */
		.options = command->options ? own.options : NULL,
		.parser = parse_command,
		.args_doc = command->operands,
		.doc = doc,
		.children = children,
	};
	char *saved = argv[0];
	int rc;

	make_vector(common_options, &shared);
	make_vector(command->options, &own);
	snprintf(name, sizeof(name), "pcietool %s", command->name);
	snprintf(doc, sizeof(doc), "%s.%s%s", command->summary, command->details ? "\v" : "",
		 command->details ? command->details : "");
	argv[0] = name;
	rc = argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, inv);
	argv[0] = saved;
	return parsed(inv, rc);
}

/* Where there is none, the words are the operands, and argp would be most of the time of a line of a batch. */
static bool has_option(char **argv, int argc)
{
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] == '-')
			return true;
	}
	return false;
}

static int parse_own(struct invocation *inv, char **argv, int argc)
{
	if (has_option(argv, argc))
		return parse_with_argp(inv, argv, argc);
	memcpy(inv->operands, argv + 1, (size_t)(argc - 1) * sizeof(*argv));
	inv->operand_count = (unsigned int)argc - 1;
	return 0;
}

/* Nothing that an operand stands for is empty; what a command that is run is given may be. */
static bool has_empty_operand(const struct invocation *inv)
{
	const char *operands = inv->command->operands;

	if (operands && strstr(operands, "COMMAND"))
		return false;
	for (unsigned int i = 0; i < inv->operand_count; i++) {
		if (!*inv->operands[i])
			return true;
	}
	return false;
}

static int check_operands(struct invocation *inv)
{
	const struct command *c = inv->command;
	int rc;

	if (inv->operand_count < c->min_operands)
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "an operand is missing");
	else if (has_empty_operand(inv))
		rc = error_set(&inv->error, ERROR_USAGE, "usage",
			       "an operand is empty: a variable that is not set?");
	else if (inv->operand_count > c->max_operands)
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "'%s' is one operand too many",
			       inv->operands[c->max_operands]);
	else
		return 0;
	error_hint(&inv->error, "usage: pcietool %s [OPTION...]%s%s", c->name, c->operands ? " " : "",
		   c->operands ? c->operands : "");
	return rc;
}

/* PCIETOOL_DEVICE, which is not for commands about all devices. */
static int use_fallback(struct invocation *inv)
{
	int rc;

	if (inv->selected || !inv->fallback || inv->command->all_by_default)
		return 0;
	inv->selected = inv->by_environment = true;
	rc = selector_set_default(&inv->selector, inv->fallback, &inv->error);
	if (rc < 0)
		error_prefix(&inv->error, "PCIETOOL_DEVICE");
	return rc;
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0;
}

static bool is_help_word(const char *word)
{
	return strcmp(word, "help") == 0 || strcmp(word, "?") == 0;
}

/* "help", "help regs", "help regs read": as with --help behind it; on a terminal the page of a noun. */
static int parse_help(struct invocation *inv, char **argv, int argc)
{
	char **words;
	int count = 0;
	int rc;

	if (argc == 2 && help_page(inv->commands, argv[1])) {
		inv->shown = true;
		return 0;
	}
	words = calloc((size_t)argc + 2, sizeof(*words));
	if (!words)
		return error_errno(&inv->error, -ENOMEM, "starting");
	words[count++] = "pcietool";
	/* help of help is help, however often it is said */
	for (int i = 1; i < argc; i++) {
		if (!is_help_word(argv[i]))
			words[count++] = argv[i];
	}
	words[count++] = "--help";
	rc = options_parse(count, words, inv);
	free(words);
	return rc;
}

static int parse_verb(struct invocation *inv, char **argv, int argc)
{
	int used;
	int rc;

	if (is_help_word(argv[0]))
		return parse_help(inv, argv, argc);
	inv->command = command_find(inv->commands, inv->recall, argv, argc, &used, &inv->error);
	if (!inv->command && argc > 1 && is_help(argv[1]) &&
	    help_noun(inv->commands, help_stream(inv), argv[0]) == 0) {
		inv->error = (struct error){ 0 };
		inv->shown = true;
		return 0;
	}
	if (!inv->command)
		return -EINVAL;
	inv->operands = arena_array(inv->arena, (size_t)argc + 1, sizeof(*inv->operands));
	if (!inv->operands)
		return error_errno(&inv->error, -ENOMEM, "starting");
	set_fallbacks(inv->command->options, inv);
	rc = parse_own(inv, argv + used - 1, argc - used + 1);
	if (rc < 0 || inv->shown)
		return rc;
	rc = check_operands(inv);
	return rc < 0 ? rc : use_fallback(inv);
}

int options_parse(int argc, char **argv, struct invocation *inv)
{
	struct vector vector;
	const struct argp root = {
		.options = vector.options,
		.parser = parse_root,
		.args_doc = "NOUN VERB [OPERAND...]",
		.doc = "Find, use and diagnose a PCIe device: registers, DMA, interrupts.",
	};
	struct root_input input = { .inv = inv };
	int rc;

	if (argc > 1 && argv[1][0] != '-')
		return parse_verb(inv, argv + 1, argc - 1);
	make_vector(common_options, &vector);
	rc = argp_parse(&root, argc, argv, ARGP_IN_ORDER | ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &input);
	rc = parsed(inv, rc);
	if (rc < 0 || inv->shown)
		return rc;
	if (input.command_index == 0) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "a command is missing");
		error_hint(&inv->error, "see 'pcietool --help'");
		return rc;
	}
	return parse_verb(inv, argv + input.command_index, argc - input.command_index);
}
