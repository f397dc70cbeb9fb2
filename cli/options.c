// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/help.h"
#include "core/backend/path.h"
#include "core/base/number.h"

enum {
	OPT_VIA = OPTION_COMMON_LONG,
	OPT_SYSROOT,
	OPT_MAP,
	OPT_BASE,
	OPT_FROM_DUMP,
	OPT_USAGE,
	OPT_VERSION,
};

const struct argp_option common_options[] = {
	{ "slot", 's', "[[[DOMAIN:]BUS:]DEV][.FUNC]", 0, "Select the device by address", 90 },
	{ "device", 'd', "VENDOR:DEVICE[:CLASS]", 0, "Select the device by id", 90 },
	{ "via", OPT_VIA, "BACKEND", 0, "How to reach it: auto, sysfs, devmem, helper, vfio, uio", 90 },
	{ "map", OPT_MAP, "MAP", 0, "Register map, instead of the device's own", 90 },
	{ "base", OPT_BASE, "ADDRESS", 0, "The map's address that is offset 0 of the BAR", 90 },
	{ "from-dump", OPT_FROM_DUMP, "FILE", 0, "Devices of a dump ('lspci -xxxx', '-': standard input)",
	  90 },
	{ "json", 'j', NULL, 0, "JSON on standard output", 91 },
	{ "dry-run", 'D', NULL, 0, "Show what would be done, change nothing", 91 },
	{ "force", 'f', NULL, 0, "Go ahead although a foreign driver is bound, or the system uses the device",
	  91 },
	{ "quiet", 'q', NULL, 0, "Less on standard error", 91 },
	{ "verbose", 'v', NULL, 0, "More on standard error", 91 },
	{ "sysroot", OPT_SYSROOT, "DIR", 0, "Take /sys, /dev, /proc under DIR", 92 },
	{ "help", '?', NULL, 0, "Show this help", 93 },
	{ "usage", OPT_USAGE, NULL, 0, "Show a short usage message", 93 },
	{ "version", OPT_VERSION, NULL, 0, "Show the program's version", 93 },
	{ 0 },
};

static int parse_via(const char *arg, struct invocation *inv)
{
	for (unsigned int i = 0; backend_names[i]; i++) {
		if (strcmp(arg, backend_names[i]) == 0) {
			inv->ctx.via = (enum backend_id)i;
			return 0;
		}
	}
	return error_set(&inv->error, ERROR_USAGE, "bad-option",
			 "--via: '%s' is none of auto, sysfs, devmem, helper, vfio, uio", arg);
}

/* In a batch, what a line selects stands in for what the batch does, not beside it. */
static struct selector *own_selector(struct invocation *inv)
{
	if (inv->inherited)
		selector_init(&inv->selector);
	inv->inherited = false;
	inv->selected = true;
	return &inv->selector;
}

static int parse_common(int key, char *arg, struct invocation *inv)
{
	switch (key) {
	case 's':
		return selector_set_slot(own_selector(inv), arg, &inv->error);
	case 'd':
		return selector_set_id(own_selector(inv), arg, &inv->error);
	case 'j':
		inv->json = true;
		return 0;
	case 'D':
		inv->dry_run = true;
		return 0;
	case 'f':
		inv->ctx.force = true;
		return 0;
	case 'q':
		inv->verbosity = -1;
		inv->ctx.verbose = false;
		return 0;
	case 'v':
		inv->verbosity = 1;
		inv->ctx.verbose = true;
		return 0;
	case OPT_VIA:
		return parse_via(arg, inv);
	case OPT_MAP:
		inv->ctx.map_file = arg;
		return 0;
	case OPT_BASE:
		inv->ctx.has_map_base = true;
		return number_parse(arg, &inv->ctx.map_base, &inv->error);
	case OPT_FROM_DUMP:
		inv->dump_file = arg;
		return 0;
	case OPT_SYSROOT:
		inv->ctx.sysroot = strcmp(arg, "/") == 0 ? "" : arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
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
	if (inv->error.kind)
		return;
	error_set(&inv->error, ERROR_USAGE, "bad-option",
		  "'%s': no such option, or its argument is missing or not allowed",
		  state->next > 0 ? state->argv[state->next - 1] : "");
	error_hint(&inv->error, "see 'pcietool %s%s--help'", inv->command ? inv->command->name : "",
		   inv->command ? " " : "");
}

static void show_help(struct argp_state *state, int key, struct invocation *inv)
{
	unsigned int what = ARGP_HELP_USAGE;

	if (key == '?')
		what |= ARGP_HELP_LONG | ARGP_HELP_PRE_DOC | ARGP_HELP_POST_DOC;
	if (key == OPT_VERSION)
		printf("pcietool %s\n", command_version());
	else
		argp_help(state->root_argp, stdout, what, state->argv[0]);
	if (key == '?' && !inv->command) {
		putchar('\n');
		help_commands(inv->commands, stdout);
	}
	inv->shown = true;
	/* nothing behind it counts */
	state->next = state->argc;
}

/* What every parser does with the keys that are no option of the command's. */
static bool parse_argp_key(int key, struct invocation *inv, struct argp_state *state)
{
	if (key == ARGP_KEY_ERROR)
		explain_bad_option(inv, state);
	else if (key == '?' || key == OPT_USAGE || key == OPT_VERSION)
		show_help(state, key, inv);
	else
		return false;
	return true;
}

struct root_input {
	struct invocation *inv;
	int command_index; /* where the command's words start in argv; 0: none */
};

static error_t parse_root(int key, char *arg, struct argp_state *state)
{
	struct root_input *input = state->input;

	if (parse_argp_key(key, input->inv, state))
		return 0;
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
		return to_argp(inv->command->parse ? inv->command->parse(key, arg, inv) : ARGP_ERR_UNKNOWN);
	}
}

/* The common options behind the verb. */
static error_t parse_common_child(int key, char *arg, struct argp_state *state)
{
	struct invocation *inv = state->input;

	if (parse_argp_key(key, inv, state))
		return 0;
	return to_argp(parse_common(key, arg, inv));
}

static int parse_with_argp(struct invocation *inv, char **argv, int argc)
{
	static const struct argp common = { .options = common_options, .parser = parse_common_child };
	const struct argp_child children[] = {
		{ .argp = &common, .header = "Common options:", .group = 90 },
		{ 0 },
	};
	const struct command *command = inv->command;
	char doc[1024];
	char name[64];
	struct argp argp = {
		.options = command->options,
		.parser = parse_command,
		.args_doc = command->operands,
		.doc = doc,
		.children = children,
	};
	char *saved = argv[0];
	int rc;

	snprintf(name, sizeof(name), "pcietool %s", command->name);
	snprintf(doc, sizeof(doc), "%s.%s%s", command->summary, command->details ? "\v" : "",
		 command->details ? command->details : "");
	argv[0] = name;
	rc = argp_parse(&argp, argc, argv, ARGP_NO_ERRS | ARGP_NO_HELP, NULL, inv);
	argv[0] = saved;
	return rc ? -EINVAL : 0;
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

static int check_operands(struct invocation *inv)
{
	const struct command *c = inv->command;
	int rc;

	if (inv->operand_count >= c->min_operands && inv->operand_count <= c->max_operands)
		return 0;
	if (inv->operand_count < c->min_operands)
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "an operand is missing");
	else
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "'%s' is one operand too many",
			       inv->operands[c->max_operands]);
	error_hint(&inv->error, "usage: pcietool %s [OPTION...] %s", c->name, c->operands ? c->operands : "");
	return rc;
}

/* PCIETOOL_DEVICE, which is not for commands about all devices. */
static int use_fallback(struct invocation *inv)
{
	if (inv->selected || !inv->fallback || inv->command->all_by_default)
		return 0;
	inv->selected = true;
	return selector_set_default(&inv->selector, inv->fallback, &inv->error);
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-?") == 0;
}

static int parse_verb(struct invocation *inv, char **argv, int argc)
{
	int used;
	int rc;

	inv->command = command_find(inv->commands, argv, argc, &used, &inv->error);
	if (!inv->command && argc > 1 && is_help(argv[1]) && help_noun(inv->commands, stdout, argv[0]) == 0) {
		inv->error = (struct error){ 0 };
		inv->shown = true;
		return 0;
	}
	if (!inv->command)
		return -EINVAL;
	inv->operands = calloc((size_t)argc + 1, sizeof(*inv->operands));
	inv->options = calloc(1, inv->command->options_size + 1);
	if (!inv->operands || !inv->options)
		return error_errno(&inv->error, -ENOMEM, "starting");
	rc = parse_own(inv, argv + used - 1, argc - used + 1);
	if (rc < 0 || inv->shown)
		return rc;
	rc = check_operands(inv);
	return rc < 0 ? rc : use_fallback(inv);
}

int options_parse(int argc, char **argv, struct invocation *inv)
{
	static const struct argp root = {
		.options = common_options,
		.parser = parse_root,
		.args_doc = "NOUN VERB [OPERAND...]",
		.doc = "Find, use and diagnose a PCIe device: registers, DMA, interrupts.",
	};
	struct root_input input = { .inv = inv };
	int rc;

	if (argc > 1 && argv[1][0] != '-')
		return parse_verb(inv, argv + 1, argc - 1);
	if (argp_parse(&root, argc, argv, ARGP_IN_ORDER | ARGP_NO_ERRS | ARGP_NO_HELP, NULL, &input))
		return -EINVAL;
	if (inv->shown)
		return 0;
	if (input.command_index == 0) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "a command is missing");
		error_hint(&inv->error, "see 'pcietool --help'");
		return rc;
	}
	return parse_verb(inv, argv + input.command_index, argc - input.command_index);
}
