// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of the steps, and those that take the device away; in a dry run each only says what it would do. */
#include "core/control/reload.h"

#include <stdio.h>
#include <string.h>

#include "core/pci/answer.h"
#include "core/base/clock.h"
#include "core/control/hotplug.h"

/* PCIe 6.0 section 6.6.1: no request for 100 ms after the link came up */
#define LINK_SETTLE_NS 100000000

static int skip(struct reload *r, const char *why)
{
	r->skipped = true;
	reload_note(r, "%s", why);
	return 0;
}

static const char on_root_bus[] = "on a root bus, there is no port above it";

/* --- the port above --------------------------------------------------------------------------------- */

static void note_registers(struct reload *r, bool back)
{
	unsigned int n = 0;

	reload_note(r, "%s", r->upstream->port->name);
	for (unsigned int i = 0; i < UPSTREAM_REGISTERS; i++) {
		const struct upstream_register *reg = &r->upstream->registers[i];

		if (!reg->offset || reg->before == reg->masked)
			continue;
		n++;
		reload_note(r, "%s 0x%0*x -> 0x%0*x", reg->name, (int)reg->width / 4,
			    back ? reg->masked : reg->before, (int)reg->width / 4,
			    back ? reg->before : reg->masked);
	}
	if (n == 0)
		reload_note(r, "it reports no fatal errors");
}

static int mask(struct reload *r, struct error *error)
{
	struct error why;
	int rc = 0;

	if (!r->upstream)
		return skip(r, on_root_bus);
	if (!r->options->dry_run)
		rc = upstream_mask(r->upstream, &why);
	if (rc == -EPERM && r->ctx.force) {
		context_log(&r->ctx, LOG_WARN, "%s: going on, errors are not masked", why.message);
		return skip(r, "not permitted");
	}
	if (rc < 0) {
		*error = why;
		return rc;
	}
	note_registers(r, false);
	return 0;
}

static bool unmask_needed(const struct reload *r)
{
	return r->upstream && r->upstream->is_masked;
}

static int unmask(struct reload *r, struct error *error)
{
	int rc;

	if (!r->upstream)
		return skip(r, on_root_bus);
	if (!r->options->dry_run && !r->upstream->is_masked)
		return skip(r, "not masked");
	rc = r->options->dry_run ? 0 : upstream_unmask(r->upstream, error);
	if (rc == 0)
		note_registers(r, true);
	return rc;
}

static int wait_link(struct reload *r, struct error *error)
{
	uint64_t start = clock_ns();
	bool up = false;
	int rc = 0;

	while (rc == 0) {
		rc = upstream_link_is_up(r->upstream, &up, error);
		if (rc == 0 && up)
			break;
		if (rc == 0 && reload_is_stopped(r))
			rc = reload_interrupted(error);
		if (rc == 0 && clock_ns() - start >= r->options->timeout) {
			rc = error_set(error, ERROR_TIMEOUT, "link-down", "%s: the link did not come up",
				       r->upstream->port->name);
			error_hint(error, "did the device get its image? --timeout gives it more time");
		}
		if (rc == 0)
			answer_pause();
	}
	if (rc == 0)
		reload_pause(LINK_SETTLE_NS);
	return rc;
}

static int link_up(struct reload *r, struct error *error)
{
	int rc;

	if (!r->upstream)
		return skip(r, on_root_bus);
	if (!r->upstream->express)
		return skip(r, "the bridge above is not PCI Express");
	rc = r->options->dry_run ? 0 : wait_link(r, error);
	if (rc == 0)
		reload_note(r, "%s, %s", r->upstream->port->name,
			    r->upstream->reports_link ? "link active" : "training over");
	return rc;
}

/* --- away ------------------------------------------------------------------------------------------- */

static int release(struct reload *r, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < r->count; i++) {
		struct function_state *f = &r->functions[i];
		struct device *device;

		rc = reload_function_open(r, f, &device, error);
		if (rc < 0)
			break;
		if (r->options->dry_run &&
		    device_driver(device, f->binding.driver, sizeof(f->binding.driver)) < 0)
			f->binding.driver[0] = '\0';
		if (!r->options->dry_run) {
			rc = driver_take(device, &f->binding, error);
			f->is_taken = rc == 0;
		}
		if (rc == 0)
			reload_note_driver(r, f, f->binding.driver);
		device_close(device);
	}
	return rc;
}

/* Again, as a driver's end may have changed it. */
static int save(struct reload *r, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < r->count; i++) {
		struct function_state *f = &r->functions[i];
		struct device *device;

		rc = reload_function_open(r, f, &device, error);
		if (rc < 0)
			break;
		rc = r->options->dry_run ? 0 : function_state_read(device, f, error);
		if (f->config_size)
			reload_note(r, "%s %u bytes", f->name, f->config_size);
		else
			reload_note(r, "%s does not answer", f->name);
		device_close(device);
	}
	return rc;
}

static int take_out(struct reload *r, struct error *error)
{
	int rc = 0;

	/* the last first: some functions depend on function 0 */
	for (size_t i = r->count; rc == 0 && i-- > 0;) {
		struct function_state *f = &r->functions[i];
		struct device *device;

		rc = reload_function_open(r, f, &device, error);
		if (rc < 0)
			break;
		if (!r->options->dry_run) {
			rc = hotplug_remove(device, error);
			f->is_removed = rc == 0;
		}
		reload_note(r, "%s", f->name);
		device_close(device);
	}
	return rc;
}

static int command(struct reload *r, struct error *error)
{
	char text[256] = "";
	int rc = r->calls->command(r->calls->data, text, sizeof(text), error);

	reload_note(r, "%s", text);
	return rc;
}

const struct step reload_steps[] = {
	{ "mask", mask, NULL },
	{ "release", release, NULL },
	{ "save", save, NULL },
	{ "remove", take_out, NULL },
	{ "command", command, NULL },
	{ "link", link_up, reload_any_removed },
	{ "rescan", reload_rescan, reload_any_removed },
	{ "appear", reload_appear, reload_any_removed },
	{ "check", reload_check, NULL },
	{ "restore", reload_restore, reload_any_removed },
	{ "bind", reload_bind, reload_bind_needed },
	{ "unmask", unmask, unmask_needed },
	{ NULL, NULL, NULL },
};
