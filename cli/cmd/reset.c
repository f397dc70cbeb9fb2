// SPDX-License-Identifier: GPL-2.0-or-later
/* reset: by the ways that the kernel has. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/device.h"
#include "core/base/clock.h"
#include "core/control/reset.h"
#include "core/pci/user_driver.h"

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	struct error *error = &inv->error;

	(void)option;
	for (const char *c = arg; *c; c++) {
		/* the kernel would take several words for several methods */
		if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_') || c - arg > 30)
			return error_set(error, ERROR_USAGE, "bad-option",
					 "--method: '%.40s' is no name of one", arg);
	}
	if (!*arg)
		return error_set(error, ERROR_USAGE, "bad-option", "--method: '' is no name of one");
	inv->options.method = arg;
	return 0;
}

static void render_methods(struct writer *w, const struct reset_methods *m, bool shown)
{
	if (m->reason) {
		writer_null(w, "methods", shown ? "" : NULL, m->reason);
		if (shown)
			writer_line(w);
		return;
	}
	writer_array(w, "methods");
	for (size_t i = 0; i < m->count; i++) {
		writer_string(w, NULL, shown ? "" : NULL, m->list[i]);
		if (shown)
			writer_line(w);
	}
	writer_end(w);
}

static void render(struct invocation *inv, const struct device *device, const struct reset_methods *m,
		   const char *method, uint64_t waited)
{
	const char *by = inv->dry_run ? ": would be reset by " : ": reset by ";
	char first[RESET_TEXT_SIZE + 32];
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "address", "", device->name);
	snprintf(first, sizeof(first), "the first that works of %s", m->reason ? "the kernel's" : m->text);
	if (method)
		writer_string(w, "method", by, method);
	else
		writer_null(w, "method", by, first);
	render_methods(w, m, false);
	if (inv->dry_run) {
		writer_null(w, "milliseconds", NULL, "dry run");
	} else {
		writer_real(w, "milliseconds", ", answers after ", clock_ms(waited));
		writer_text(w, " ms");
	}
	writer_line(w);
}

/* The kernel tells it, but not every driver listens. */
static void warn_of_driver(const struct device *device)
{
	char driver[64];

	if (device_driver(device, driver, sizeof(driver)) == 0 && !user_driver_is_one(driver))
		context_log(device->ctx, LOG_WARN,
			    "%s: the driver %s is bound; if it does not survive the reset, bind it anew",
			    device->name, driver);
}

static int reset_device(struct invocation *inv, struct device *device, const struct reset_methods *m)
{
	const struct option_values *o = &inv->options;
	uint64_t waited = 0;
	int rc;

	rc = reset_check(device, m, o->method, &inv->error);
	if (rc == 0)
		warn_of_driver(device);
	if (rc == 0 && !inv->dry_run) {
		/* the list of methods is put back, also on Ctrl-C */
		signals_catch();
		rc = reset_run(device, m, o->method, &waited, &inv->error);
	}
	if (rc == 0)
		render(inv, device, m, o->method, waited);
	return inv->dry_run ? rc : signals_end(inv, false, rc);
}

/* The list of methods of a reset that was killed is no answer to what there is. */
static int restore_methods(struct invocation *inv, const struct device *device)
{
	bool only_look = inv->dry_run || inv->options.list;
	bool was_left = false;
	int rc = reset_methods_restore(device, only_look, &was_left, &inv->error);

	if (rc == 0 && was_left)
		context_log(&inv->ctx, LOG_WARN,
			    "%s: a reset that was killed left its method alone in the list: %s", device->name,
			    only_look ? "the next reset puts back what was there"
				      : "what was there is put back");
	return rc;
}

static int run_reset(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct reset_methods methods;
	struct device *device = NULL;
	int rc;

	if (o->list && o->method)
		return error_set(&inv->error, ERROR_USAGE, "usage", "--list and --method exclude each other");
	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = restore_methods(inv, device);
	if (rc == 0)
		rc = reset_methods_read(device, &methods, &inv->error);
	if (rc == 0 && o->list) {
		writer_document(inv->out, inv->command->name);
		writer_string(inv->out, "address", NULL, device->name);
		render_methods(inv->out, &methods, true);
	} else if (rc == 0) {
		rc = reset_device(inv, device, &methods);
	}
	device_close(device);
	return rc;
}

const struct command reset_commands[] = {
	{
		.name = "reset",
		.reopens = REOPENS_ALL,
		.waits = true,
		.summary = "Reset the device, and see that it answers",
		.details = "The kernel saves and restores its config space and tells its driver. A disk "
			   "that is mounted or an interface that is up is refused by name, without "
			   "--force. Without --method the kernel takes the first that works.",
		.options = TAKES(OPTION_METHOD, OPTION_LIST),
		.parse = parse,
		.run = run_reset,
	},
	{ 0 },
};
