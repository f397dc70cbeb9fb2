// SPDX-License-Identifier: GPL-2.0-or-later
/* reload: a new image for the device, around a command that loads it. */
#include <stdio.h>
#include <string.h>

#include "cli/child.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/device.h"
#include "core/base/clock.h"
#include "core/backend/pool.h"
#include "core/base/number.h"
#include "core/control/reload.h"

/* --- what is shown ---------------------------------------------------------------------------------- */

static void render_step(void *data, const struct reload_step *step)
{
	static const char *const results[] = { "done", "failed", "skipped", "planned" };
	struct invocation *inv = data;
	struct writer *w = inv->out;

	writer_object(w, NULL);
	writer_string(w, "step", step->undo ? "undo " : "", step->name);
	writer_bool(w, "undo", NULL, step->undo);
	writer_column(w, 13);
	writer_string(w, "result", "", results[step->result]);
	if (inv->dry_run) {
		writer_null(w, "milliseconds", NULL, "dry run");
	} else {
		writer_column(w, 21);
		writer_real(w, "milliseconds", "", clock_ms(step->ns));
		writer_text(w, " ms");
	}
	writer_column(w, inv->dry_run ? 21 : 34);
	writer_string(w, "detail", " ", step->detail);
	writer_line(w);
	writer_end(w);
	/* somebody watches, and the command's own output comes in between */
	writer_flush(w);
}

static void render_differences(struct writer *w, const struct reload *reload)
{
	const struct function_difference *d;

	writer_array(w, "differences");
	for (size_t i = 0; (d = reload_difference(reload, i)); i++) {
		writer_object(w, NULL);
		writer_string(w, "address", "differs: ", d->address);
		writer_string(w, "what", " ", d->what);
		writer_string(w, "before", ": ", d->before);
		writer_string(w, "after", " -> ", d->after);
		writer_line(w);
		writer_end(w);
	}
	writer_end(w);
}

/* --- running ---------------------------------------------------------------------------------------- */

static int run_command(void *data, char *text, size_t size, struct error *error)
{
	struct invocation *inv = data;

	if (!inv->dry_run)
		return child_run(inv->operands, inv->json, signals_stopped, NULL, text, size, error);
	for (unsigned int i = 0; i < inv->operand_count && strlen(text) + 1 < size; i++)
		snprintf(text + strlen(text), size - strlen(text), "%s%s", i ? " " : "", inv->operands[i]);
	return 0;
}

static int reload_device(struct invocation *inv, struct reload *reload, const char *address)
{
	const struct option_values *o = &inv->options;
	const struct reload_options options = {
		.timeout = o->timeout,
		.accept_change = o->accept_change,
		.dry_run = inv->dry_run,
	};
	const struct reload_calls calls = {
		.step = render_step,
		.command = run_command,
		.stopped = signals_stopped,
		.insisted = signals_insisted,
		.data = inv,
	};
	int rc;

	writer_document(inv->out, inv->command->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	writer_string(inv->out, "address", NULL, address);
	if (reload_port(reload))
		writer_string(inv->out, "port", NULL, reload_port(reload));
	else
		writer_null(inv->out, "port", NULL, "on a root bus");
	writer_array(inv->out, "steps");
	if (!inv->dry_run)
		signals_catch();
	rc = reload_run(reload, &options, &calls, &inv->error);
	writer_end(inv->out);
	render_differences(inv->out, reload);
	return inv->dry_run ? rc : signals_end(inv, false, rc);
}

static int run_reload(struct invocation *inv)
{
	char address[PCI_ADDRESS_SIZE];
	struct reload *reload = NULL;
	struct device *device = NULL;
	int rc;

	rc = child_check(inv->operands[0], &inv->error);
	if (rc < 0)
		return rc;
	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	memcpy(address, device->name, sizeof(address));
	rc = reload_open(device, &reload, &inv->error);
	/* from here on it is another device at that address */
	device_close(device);
	if (inv->ctx.pool)
		device_pool_drop(inv->ctx.pool, true);
	if (rc == 0)
		rc = reload_device(inv, reload, address);
	reload_close(reload);
	return rc;
}

const struct command reload_commands[] = {
	{
		.name = "reload",
		.reopens = REOPENS_ALL,
		.waits = true,
		.operands = "-- COMMAND [ARG...]",
		.summary = "Give the device a new image by COMMAND, and set it up as before",
		.details = "The port above reports no fatal errors meanwhile, so that the machine does not "
			   "reboot. Drivers are released, all functions removed, COMMAND runs, the link is "
			   "waited for, the bus rescanned, what came back is compared with what there was, "
			   "config space and drivers are as before. All of it is undone when something "
			   "fails, also on Ctrl-C. With --json the output of COMMAND goes to standard "
			   "error.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_TIMEOUT_RELOAD, OPTION_ACCEPT_CHANGE),
		.run = run_reload,
	},
	{ 0 },
};
