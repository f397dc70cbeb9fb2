// SPDX-License-Identifier: GPL-2.0-or-later
/* twin: a device made of files, for a guest of QEMU. */
#include "cli/cmd/twin.h"

#include "cli/options.h"
#include "cli/signals.h"

/* "N=..." goes to its place; what is behind it is the core's. */
static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	struct option_values *o = &inv->options;
	unsigned int bar;
	const char *size;
	int rc;

	if (option == OPTION_TWIN && o->twin_count == TWINS_MAX)
		return error_set(&inv->error, ERROR_USAGE, "bad-option", "there may be %d of --twin",
				 TWINS_MAX);
	if (option == OPTION_TWIN) {
		o->twins[o->twin_count++] = arg;
		return 0;
	}
	rc = twin_bar_number(arg, &bar, &size, &inv->error);
	if (rc == 0)
		o->twin_bars[bar] = size;
	return rc;
}

static int run_serve(struct invocation *inv)
{
	struct twin_options options;
	struct pci_address address;
	struct twin *twin = NULL;
	int rc = twin_make_options(inv, &options, &address);

	options.socket = inv->options.socket;
	if (rc == 0 && !options.socket)
		rc = error_set(&inv->error, ERROR_USAGE, "no-socket", "--socket is needed");
	if (inv->dry_run)
		options.log = NULL;
	if (rc == 0)
		rc = twin_open(&inv->ctx, &options, &twin, &inv->error);
	if (rc == 0 && !inv->dry_run)
		rc = twin_listen(twin, &inv->error);
	if (rc < 0) {
		twin_close(twin);
		return rc;
	}
	/* before anybody is told that it is there */
	signals_catch();
	twin_render(inv, twin, options.socket);
	if (!inv->dry_run)
		rc = twin_serve(twin, -1, signals_stopped, NULL, &inv->error);
	twin_close(twin);
	return signals_end(inv, true, rc);
}

const struct command twin_commands[] = {
	{
		.name = "twin serve",
		.summary = "Be a device made of files, for a guest of QEMU",
		.details =
			"Speaks vfio-user at a socket; QEMU 10.1 or newer shows the guest a device. Its config "
			"space is a file's, registers behave as a map says, BARs without one are memory; --model is "
			"for the rest. With --replay registers answer as a trace has it, and exit 8 says that "
			"something else came. Ends on SIGTERM and Ctrl-C, exit 0.",
		.options = TAKES(OPTION_SOCKET, OPTION_TWIN_CONFIG, OPTION_TWIN_BAR, OPTION_TWIN_ROM,
				 OPTION_TWIN_SNAPSHOT, OPTION_MODEL, OPTION_REPLAY, OPTION_TWIN_LOG),
		.parse = parse,
		.all_by_default = true,
		.waits = true,
		.run = run_serve,
	},
	{
		.name = "twin run",
		.operands = "[-- COMMAND [ARG...]]",
		.summary = "Boot a machine with the twin in it, and run COMMAND there",
		.details =
			"QEMU 10.1 or newer, on x86-64 and arm64; the kernel is this machine's, or --kernel. The guest has this "
			"machine's files, and forgets what is written; the twin is PCIETOOL_DEVICE there. COMMAND's "
			"output and status are those of the run; without one it is a shell. Options of the "
			"twin as for twin serve; each --twin FILE has those of one more, paths from its folder.",
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_TWIN_CONFIG, OPTION_TWIN_BAR, OPTION_TWIN_ROM, OPTION_TWIN_SNAPSHOT,
				 OPTION_MODEL, OPTION_REPLAY, OPTION_TWIN_LOG, OPTION_TWIN, OPTION_KERNEL,
				 OPTION_INITRD_MODULES),
		.parse = parse,
		.all_by_default = true,
		.waits = true,
		.run = twin_run_run,
	},
	{ 0 },
};
