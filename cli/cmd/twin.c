// SPDX-License-Identifier: GPL-2.0-or-later
/* twin: a device made of files, for a guest of QEMU. */
#include "cli/cmd/twin.h"

#include <stdio.h>
#include <string.h>

#include "cli/options.h"
#include "cli/signals.h"

/* "N=..." goes to its place; what is behind it is the core's. */
static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	unsigned int bar = (unsigned int)(arg[0] - '0');

	(void)option;
	if (bar >= DEVICE_BARS || arg[1] != '=')
		return error_set(&inv->error, ERROR_USAGE, "bad-option",
				 "--bar: '%s' is not N=SIZE, with N from 0 to %d", arg, DEVICE_BARS - 1);
	inv->options.twin_bars[bar] = arg + 2;
	return 0;
}

/* -s as an address in a file, where a domain that is not said is 0. */
static bool get_address(const struct invocation *inv, struct pci_address *address)
{
	struct selector s = inv->selector;

	if (s.domain == SELECT_ANY)
		s.domain = 0;
	return inv->selected && selector_address(&s, address);
}

int twin_make_options(struct invocation *inv, struct twin_options *options, struct pci_address *address)
{
	const struct option_values *o = &inv->options;
	int rc = 0;

	*options = (struct twin_options){ .config = o->config,
					  .snapshot = o->snapshot,
					  .model = o->model,
					  .replay = o->replay,
					  .log = o->log };
	if (get_address(inv, address))
		options->address = address;
	for (unsigned int i = 0; rc == 0 && i < DEVICE_BARS; i++) {
		if (o->twin_bars[i])
			rc = twin_bar_parse(o->twin_bars[i], &options->bars[i], &inv->error);
	}
	return rc;
}

static void render_bars(struct writer *w, const struct twin_summary *s)
{
	writer_array(w, "bars");
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		if (!s->bars[i].size)
			continue;
		writer_object(w, NULL);
		writer_number(w, "bar", "  BAR ", i);
		writer_size(w, "size", ": ", s->bars[i].size);
		writer_string(w, "type", " ", s->bars[i].is_io ? "io" : "mem");
		writer_bool(w, "is_64bit", NULL, s->bars[i].is_64bit);
		writer_string(w, "behaves", ", ",
			      s->bars[i].is_replayed ? "recording"
			      : s->bars[i].is_memory ? "memory"
						     : "registers");
		writer_number(w, "registers", s->bars[i].registers ? " of the map: " : NULL,
			      s->bars[i].registers);
		writer_line(w);
		writer_end(w);
	}
	writer_end(w);
}

void twin_render(struct invocation *inv, const struct twin *twin, const char *socket)
{
	struct writer *w = inv->out;
	struct twin_summary s;

	twin_summary(twin, &s);
	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	if (socket)
		writer_string(w, "socket", "", socket);
	writer_id(w, "vendor_id", socket ? ": " : "", s.vendor, 4);
	writer_id(w, "device_id", ":", s.device, 4);
	writer_number(w, "config_size", ", config space ", s.config_size);
	writer_number(w, "intx", ", vectors: INTx ", s.vectors[0]);
	writer_number(w, "msi", ", MSI ", s.vectors[1]);
	writer_number(w, "msix", ", MSI-X ", s.vectors[2]);
	writer_line(w);
	render_bars(w, &s);
	/* whoever waits for it connects now */
	writer_document_end(w);
	fflush(stdout);
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
		.options = TAKES(OPTION_SOCKET, OPTION_TWIN_CONFIG, OPTION_TWIN_BAR, OPTION_TWIN_SNAPSHOT,
				 OPTION_MODEL, OPTION_REPLAY, OPTION_TWIN_LOG),
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
			"QEMU 10.1 or newer, on x86-64; the kernel is this machine's, or --kernel. The guest has this "
			"machine's files, and forgets what is written; the twin is PCIETOOL_DEVICE there. COMMAND's "
			"output and status are those of the run; without one it is a shell. Options of the "
			"twin as for twin serve.",
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_TWIN_CONFIG, OPTION_TWIN_BAR, OPTION_TWIN_SNAPSHOT, OPTION_MODEL,
				 OPTION_REPLAY, OPTION_TWIN_LOG, OPTION_KERNEL, OPTION_INITRD_MODULES),
		.parse = parse,
		.all_by_default = true,
		.waits = true,
		.run = twin_run_run,
	},
	{ 0 },
};
