// SPDX-License-Identifier: GPL-2.0-or-later
/* The program: parses, runs one command, shows its error if it failed. The one error sink is here. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/map_folders.h"
#include "cli/options.h"
#include "core/regmap_set.h"

#ifndef PCIETOOL_VERSION
#define PCIETOOL_VERSION "unknown"
#endif

const char *argp_program_version = "pcietool " PCIETOOL_VERSION;

static void log_message(void *data, enum log_level level, const char *message)
{
	const struct invocation *inv = data;

	if (inv->verbosity >= (level == LOG_INFO ? 1 : 0))
		fprintf(stderr, "pcietool: %s%s\n", level == LOG_WARN ? "warning: " : "", message);
}

/* Before parsing: where an option is wrong, the error document is still owed. */
static bool wants_json(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			return false;
		if (strcmp(argv[i], "-j") == 0 || strcmp(argv[i], "--json") == 0)
			return true;
	}
	return false;
}

static void show_error(struct invocation *inv)
{
	const struct error *e = &inv->error;

	fflush(stdout);
	fprintf(stderr, "pcietool: %s%s%s\n", inv->command ? inv->command->name : "",
		inv->command ? ": " : "", e->message);
	if (e->hint[0] && inv->verbosity >= 0)
		fprintf(stderr, "hint: %s\n", e->hint);
	if (!inv->json || !inv->out)
		return;
	writer_error(inv->out, inv->command ? inv->command->name : "error", e);
}

static int parse(struct invocation *inv, int argc, char **argv)
{
	const char *fallback = getenv("PCIETOOL_DEVICE");
	const char *map = getenv("PCIETOOL_MAP");
	int rc;

	inv->ctx.map_file = map && *map ? map : NULL;
	rc = options_parse(argc, argv, inv);
	if (rc < 0 || inv->selected || !fallback || !*fallback || inv->command == list_commands)
		return rc;
	inv->selected = true;
	return selector_set_default(&inv->selector, fallback, &inv->error);
}

int main(int argc, char **argv)
{
	struct invocation inv = {
		.ctx = { .sysroot = "", .log = log_message, .log_data = &inv },
		.json = wants_json(argc, argv),
	};
	struct map_folders folders;
	int rc;

	map_folders_init(&folders);
	if (regmap_set_open(folders.list, &inv.ctx.maps) < 0) {
		fputs("pcietool: out of memory\n", stderr);
		return ERROR_FAILED;
	}
	if (argc > 1 && strcmp(argv[1], "--complete") == 0)
		return complete(&inv.ctx, argv + 2, argc - 2);
	selector_init(&inv.selector);
	rc = parse(&inv, argc, argv);
	if (writer_open(stdout, inv.json, &inv.out) < 0) {
		fputs("pcietool: out of memory\n", stderr);
		return ERROR_FAILED;
	}
	if (rc == 0)
		rc = inv.command->run(&inv);
	if (rc < 0 && inv.error.kind == ERROR_NONE)
		error_errno(&inv.error, rc, "failed");
	if (rc < 0)
		show_error(&inv);
	rc = writer_close(inv.out);
	if (rc < 0) {
		fprintf(stderr, "pcietool: standard output: %s\n", strerror(-rc));
		if (inv.error.kind == ERROR_NONE)
			inv.error.kind = ERROR_FAILED;
	}
	regmap_set_close(inv.ctx.maps);
	free(inv.options);
	free(inv.operands);
	return (int)inv.error.kind;
}
