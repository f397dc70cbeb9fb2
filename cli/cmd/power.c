// SPDX-License-Identifier: GPL-2.0-or-later
/* power: the device's sleep, by the kernel's own switch. */
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/device.h"
#include "core/base/clock.h"
#include "core/base/number.h"
#include "core/pci/power.h"

static void render_text(struct writer *w, const char *key, const char *label, const struct fact_text *fact)
{
	if (fact->reason)
		writer_null(w, key, label, fact->reason);
	else
		writer_string(w, key, label, fact->text);
	writer_line(w);
}

static int run_show(struct invocation *inv)
{
	struct writer *w = inv->out;
	struct device *device = NULL;
	struct power_state s;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	power_state_read(device, &s);
	writer_document(w, inv->command->name);
	writer_string(w, "address", "", device->name);
	writer_line(w);
	render_text(w, "power_state", "  power state     ", &s.state);
	render_text(w, "runtime_status", "  runtime status  ", &s.runtime_status);
	render_text(w, "control", "  control         ", &s.control);
	if (s.d3cold_allowed.reason)
		writer_null(w, "d3cold_allowed", "  D3cold allowed  ", s.d3cold_allowed.reason);
	else
		writer_bool(w, "d3cold_allowed", "  D3cold allowed  ", s.d3cold_allowed.value != 0);
	writer_line(w);
	device_close(device);
	return 0;
}

static void render_set(struct invocation *inv, const struct device *device, const struct fact_text *before,
		       const char *control)
{
	const char *shown = inv->dry_run ? "" : NULL;

	writer_document(inv->out, inv->command->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	writer_string(inv->out, "address", shown, device->name);
	if (before->reason)
		writer_null(inv->out, "previous", inv->dry_run ? ": power/control " : NULL, before->reason);
	else
		writer_string(inv->out, "previous", inv->dry_run ? ": power/control " : NULL, before->text);
	writer_string(inv->out, "control", inv->dry_run ? " -> " : NULL, control);
}

/* It may still wake up, and is kept awake then: what was written stays. */
static void tell_control(const struct fact_text *before, struct error *error)
{
	if (before->reason)
		error_add(error, "power/control stays 'on'");
	else if (strcmp(before->text, "on") != 0)
		error_add(error, "power/control stays 'on', it was '%s'", before->text);
}

/* The verb is what is written. */
static int set(struct invocation *inv, struct device *device, bool on)
{
	const struct option_values *o = &inv->options;
	const char *control = on ? "on" : "auto";
	struct power_state before;
	uint64_t waited = 0;
	int rc = 0;

	power_state_read(device, &before);
	if (inv->dry_run)
		rc = power_control_check(device, &inv->error);
	else
		rc = power_control_set(device, control, &inv->error);
	if (rc == 0 && !inv->dry_run && on) {
		rc = power_wait_on(device, o->timeout, signals_stopped, NULL, &waited, &inv->error);
		if (rc < 0)
			tell_control(&before.control, &inv->error);
	}
	if (rc < 0)
		return rc;
	render_set(inv, device, &before.control, control);
	if (on && !inv->dry_run)
		writer_real(inv->out, "milliseconds", NULL, clock_ms(waited));
	else if (on)
		writer_null(inv->out, "milliseconds", NULL, "dry run");
	return 0;
}

static int run_set(struct invocation *inv, bool on)
{
	struct device *device = NULL;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	/* at a prompt Ctrl-C ends the wait, not the program */
	if (inv->interactive)
		signals_catch();
	rc = set(inv, device, on);
	device_close(device);
	return inv->interactive ? signals_end(inv, false, rc) : rc;
}

static int run_on(struct invocation *inv)
{
	return run_set(inv, true);
}

static int run_auto(struct invocation *inv)
{
	return run_set(inv, false);
}

const struct command power_commands[] = {
	{
		.name = "power show",
		.summary = "Show whether the device sleeps, and may",
		.details = "Does not wake it up.",
		.run = run_show,
	},
	{
		.name = "power on",
		.waits = true,
		.summary = "Keep the device awake, and wait until it is",
		.details =
			"By the kernel's power/control, never by a write to PMCSR. Ends when it is in D0 and "
			"answers.",
		.options = TAKES(OPTION_TIMEOUT_POWER),
		.run = run_on,
	},
	{
		.name = "power auto",
		.summary = "Let the kernel put it to sleep again when it is idle",
		.run = run_auto,
	},
	{ 0 },
};
