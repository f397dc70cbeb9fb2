// SPDX-License-Identifier: GPL-2.0-or-later
/* The program: what belongs to the whole process, and its one command line. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd/session.h"
#include "cli/commands.h"
#include "cli/complete.h"
#include "cli/maps.h"
#include "cli/run.h"
#include "cli/streams.h"
#include "core/backend/path.h"
#include "core/mapfile/set.h"

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

/* NULL also for an empty one. */
static const char *environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

int main(int argc, char **argv)
{
	struct invocation inv = {
		.commands = commands,
		.ctx = { .sysroot = "", .hooks = &backend_hooks, .log = run_log, .log_data = &inv },
		.fallback = environment("PCIETOOL_DEVICE"),
		.json = wants_json(argc, argv),
	};
	struct map_folders folders;
	struct arena arena = { 0 };
	int rc = 0;

	streams_wait();
	/* a file's limit (setrlimit(2), RLIMIT_FSIZE) is told as a full disk is */
	signal(SIGXFSZ, SIG_IGN);
	map_folders_init(&folders);
	if (regmap_set_open(folders.list, &inv.ctx.maps) < 0) {
		fputs("pcietool: out of memory\n", stderr);
		return ERROR_FAILED;
	}
	inv.ctx.map_cache = folders.compiled[0] ? folders.compiled : NULL;
	inv.ctx.map_file = environment("PCIETOOL_MAP");
	inv.ctx.session = environment(SESSION_VARIABLE);
	inv.trace_file = environment(TRACE_VARIABLE);
	inv.arena = &arena;
	selector_init(&inv.selector);
	if (argc > 1 && strcmp(argv[1], "--complete") == 0)
		rc = complete(commands, &inv.ctx, false, argv + 2, argc - 2);
	else if (argc > 1 && strcmp(argv[1], "--complete-described") == 0)
		rc = complete(commands, &inv.ctx, true, argv + 2, argc - 2);
	else
		run_line(&inv, argc, argv);
	run_end(&inv);
	arena_free(&arena);
	regmap_set_close(inv.ctx.maps);
	if (inv.is_monitor)
		return inv.error.kind ? MONITOR_UNKNOWN : inv.monitor_status;
	if (inv.error.kind == ERROR_NONE && !rc)
		return inv.exit_status;
	return rc ? rc : (int)inv.error.kind;
}
