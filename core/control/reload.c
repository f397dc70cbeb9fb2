// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A reload: a table of steps, those that take the device away and those that bring it back, and what runs them. In a dry
 * run each step only says what it would do.
 */
#include "core/control/reload.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/base/clock.h"
#include "core/control/functions.h"
#include "core/control/hotplug.h"
#include "core/driver/driver.h"
#include "core/fabric/upstream_bridge.h"
#include "core/kernel/sysfs.h"
#include "core/pci/power.h"
#include "core/pci/user_driver.h"

/* PCIe 6.0 section 6.6.1: no request for 100 ms after the link came up */
#define LINK_SETTLE_NS 100000000
/* between two rescans for a device that takes its time */
#define RESCAN_NS 300000000
/* how long the other functions are waited for, once one is there, where they may be gone for good */
#define OTHERS_NS 1000000000u

struct reload {
	struct context ctx; /* the caller's without its pool */
	struct pci_address address; /* of the function that was selected */
	struct upstream_bridge *upstream; /* NULL: on a root bus */
	struct function_state *functions;
	size_t count;
	struct function_difference *differences;
	size_t difference_count;

	const struct reload_options *options;
	const struct reload_calls *calls;
	bool undoing;
	/* clock_ns() when a wait began; 0: it has not. One that was interrupted goes on in the undo for the rest of its time. */
	uint64_t link_start;
	uint64_t appear_start;
	bool skipped; /* by the step that runs */
	char detail[400]; /* of the step that runs */
};

struct step {
	const char *name;
	int (*run)(struct reload *r, struct error *error);
	bool (*needed)(const struct reload *r); /* after a failure before it; NULL: never */
};

/* Adds to what the step tells. */
__attribute__((format(printf, 2, 3))) static void note(struct reload *r, const char *format, ...)
{
	size_t used = strlen(r->detail);
	va_list ap;

	if (used > 0 && used + 2 < sizeof(r->detail))
		used += (size_t)snprintf(r->detail + used, sizeof(r->detail) - used, ", ");
	va_start(ap, format);
	vsnprintf(r->detail + used, sizeof(r->detail) - used, format, ap);
	va_end(ap);
}

/* Is it time to stop? What undoes waits, too, until somebody insists. */
static bool is_stopped(const struct reload *r)
{
	bool (*stopped)(void *data) = r->undoing ? r->calls->insisted : r->calls->stopped;

	return stopped && stopped(r->calls->data);
}

/* How many ns have passed of a wait that began at *START, or begins now. */
static uint64_t waited_since(uint64_t *start)
{
	uint64_t now = clock_ns();

	if (!*start)
		*start = now;
	return now - *start;
}

static void pause_for(long ns)
{
	struct timespec pause = { .tv_nsec = ns };

	nanosleep(&pause, NULL);
}

static int interrupted(struct error *error)
{
	return error_set(error, ERROR_FAILED, "interrupted", "interrupted");
}

static int open_function(struct reload *r, const struct function_state *f, struct device **device,
			 struct error *error)
{
	return device_open(&r->ctx, &f->address, device, error);
}

static void note_driver(struct reload *r, const struct function_state *f, const char *driver)
{
	note(r, "%s %s", f->name, driver[0] ? driver : "none");
}

static int skip(struct reload *r, const char *why)
{
	r->skipped = true;
	note(r, "%s", why);
	return 0;
}

static const char on_root_bus[] = "on a root bus, there is no port above it";

/* --- the port above --------------------------------------------------------------------------------- */

static void note_registers(struct reload *r, bool back)
{
	unsigned int n = 0;

	note(r, "%s", r->upstream->port->name);
	for (unsigned int i = 0; i < UPSTREAM_REGISTERS; i++) {
		const struct upstream_bridge_register *reg = &r->upstream->registers[i];

		if (!reg->offset || reg->before == reg->masked)
			continue;
		n++;
		note(r, "%s 0x%0*x -> 0x%0*x", reg->name, (int)reg->width / 4,
		     back ? reg->masked : reg->before, (int)reg->width / 4, back ? reg->before : reg->masked);
	}
	if (n == 0)
		note(r, "it reports no fatal errors");
	if (r->upstream->is_left && !back)
		note(r, "as a reload that was killed left it");
}

static int mask(struct reload *r, struct error *error)
{
	struct error why;
	int rc = 0;

	if (!r->upstream)
		return skip(r, on_root_bus);
	if (!r->options->dry_run)
		rc = upstream_bridge_mask(r->upstream, &why);
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
	rc = r->options->dry_run ? 0 : upstream_bridge_unmask(r->upstream, error);
	if (rc == 0)
		note_registers(r, true);
	return rc;
}

static int wait_link(struct reload *r, struct error *error)
{
	uint64_t waited = waited_since(&r->link_start);
	bool up = false;
	int rc = 0;

	for (; rc == 0; waited = waited_since(&r->link_start)) {
		rc = upstream_bridge_link_is_up(r->upstream, &up, error);
		if (rc == 0 && up)
			break;
		if (rc == 0 && is_stopped(r))
			rc = interrupted(error);
		if (rc == 0 && waited >= r->options->timeout) {
			rc = error_set(error, ERROR_TIMEOUT, "link-down", "%s: the link did not come up",
				       r->upstream->port->name);
			error_hint(error, "did the device get its image? --timeout gives it more time");
		}
		if (rc == 0)
			device_wait_pause();
	}
	if (rc == 0)
		pause_for(LINK_SETTLE_NS);
	return rc;
}

static int link_up(struct reload *r, struct error *error)
{
	const char *why;
	int rc;

	if (!r->upstream)
		return skip(r, on_root_bus);
	if (!upstream_bridge_has_link(r->upstream, &why))
		return skip(r, why);
	rc = r->options->dry_run ? 0 : wait_link(r, error);
	if (rc == 0)
		note(r, "%s, %s", r->upstream->port->name,
		     r->upstream->reports_link ? "link active" : "training over");
	return rc;
}

/* --- away ------------------------------------------------------------------------------------------- */

typedef int (*function_step)(struct reload *r, struct function_state *f, struct device *device,
			     struct error *error);

static int for_each_function(struct reload *r, function_step one, bool last_first, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < r->count; i++) {
		struct function_state *f = &r->functions[last_first ? r->count - 1 - i : i];
		struct device *device;

		rc = open_function(r, f, &device, error);
		if (rc < 0)
			break;
		rc = one(r, f, device, error);
		device_close(device);
	}
	return rc;
}

static int release_one(struct reload *r, struct function_state *f, struct device *device, struct error *error)
{
	int rc = 0;

	if (r->options->dry_run && device_driver(device, f->binding.driver, sizeof(f->binding.driver)) < 0)
		f->binding.driver[0] = '\0';
	if (!r->options->dry_run) {
		rc = driver_take_noted(device, &f->binding, &f->note, error);
		f->is_taken = rc == 0;
	}
	if (rc == 0)
		note_driver(r, f, f->binding.driver);
	return rc;
}

static int release(struct reload *r, struct error *error)
{
	return for_each_function(r, release_one, false, error);
}

static int save_one(struct reload *r, struct function_state *f, struct device *device, struct error *error)
{
	int rc = r->options->dry_run ? 0 : function_state_read(device, f, error);

	if (f->config_size)
		note(r, "%s %u bytes", f->name, f->config_size);
	else
		note(r, "%s does not answer", f->name);
	return rc;
}

/* Again, as a driver's end may have changed it. */
static int save(struct reload *r, struct error *error)
{
	return for_each_function(r, save_one, false, error);
}

static int take_out_one(struct reload *r, struct function_state *f, struct device *device,
			struct error *error)
{
	int rc = 0;

	if (!r->options->dry_run) {
		rc = hotplug_remove(device, error);
		f->is_removed = rc == 0;
	}
	note(r, "%s", f->name);
	return rc;
}

/* The last first: some functions depend on function 0. */
static int take_out(struct reload *r, struct error *error)
{
	return for_each_function(r, take_out_one, true, error);
}

static int command(struct reload *r, struct error *error)
{
	char text[256] = "";
	int rc = r->calls->command(r->calls->data, text, sizeof(text), error);

	note(r, "%s", text);
	return rc;
}

static bool any_removed(const struct reload *r)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->functions[i].is_removed)
			return true;
	}
	return false;
}

/* --- back ------------------------------------------------------------------------------------------- */

static int rescan(struct reload *r, struct error *error)
{
	note(r, "bus %04x:%02x", r->address.domain, r->address.bus);
	return r->options->dry_run ? 0
				   : hotplug_rescan_bus(&r->ctx, r->address.domain, r->address.bus, error);
}

static bool is_back(struct reload *r, const struct function_state *f)
{
	struct device *device;
	struct error ignored;
	bool back;

	if (open_function(r, f, &device, &ignored) < 0)
		return false;
	back = device_wait(device, 0, &ignored) == 0;
	device_close(device);
	return back;
}

static size_t count_missing(struct reload *r)
{
	size_t missing = 0;

	for (size_t i = 0; i < r->count; i++) {
		if (!is_back(r, &r->functions[i]))
			missing++;
	}
	return missing;
}

static int not_back(struct reload *r, struct error *error)
{
	const struct function_state *f = &r->functions[0];
	int rc;

	for (size_t i = 0; i < r->count; i++) {
		f = &r->functions[i];
		if (!is_back(r, f))
			break;
	}
	rc = error_set(error, ERROR_TIMEOUT, "device-missing", "%s: it did not come back", f->name);
	error_hint(error, "--timeout gives it more time; 'pcietool rescan' looks for it again");
	return rc;
}

/* It may take its time, and the port's hot-plug driver may be first: after a rescan that one is done too. */
static int appear(struct reload *r, struct error *error)
{
	size_t missing;
	int rc;

	if (r->options->dry_run) {
		note(r, "all functions answer");
		return 0;
	}
	while ((missing = count_missing(r)) > 0) {
		uint64_t waited = waited_since(&r->appear_start);

		if (missing < r->count && r->options->accept_change && waited >= OTHERS_NS)
			break;
		if (waited >= r->options->timeout)
			return not_back(r, error);
		if (is_stopped(r))
			return interrupted(error);
		pause_for(RESCAN_NS);
		rc = hotplug_rescan_bus(&r->ctx, r->address.domain, r->address.bus, error);
		if (rc < 0)
			return rc;
	}
	note(r, "%zu of %zu functions", r->count - missing, r->count);
	return 0;
}

/* --- as before -------------------------------------------------------------------------------------- */

static void add_difference(void *data, const struct function_difference *difference)
{
	struct reload *r = data;
	struct function_difference *grown =
		array_grow(r->differences, r->difference_count, sizeof(*r->differences));

	if (!grown)
		return;
	r->differences = grown;
	r->differences[r->difference_count++] = *difference;
}

static bool was_there(const struct reload *r, const struct device *device)
{
	for (size_t i = 0; i < r->count; i++) {
		if (strcmp(r->functions[i].name, device->name) == 0)
			return true;
	}
	return false;
}

static void find_new_functions(struct reload *r)
{
	struct function_difference d = { .what = "function", .before = "not there", .after = "there" };
	struct functions *functions;
	struct device *device;
	struct error ignored;

	if (device_open(&r->ctx, &r->address, &device, &ignored) < 0)
		return;
	if (functions_open(device, &functions, &ignored) == 0) {
		for (size_t i = 0; i < functions->count; i++) {
			memcpy(d.address, functions->list[i]->name, sizeof(d.address));
			if (!was_there(r, functions->list[i]))
				add_difference(r, &d);
		}
		functions_close(functions);
	}
	device_close(device);
}

static int check_identity(struct reload *r, struct error *error)
{
	const struct function_difference *first;
	int rc;

	if (r->options->dry_run) {
		note(r, "ids, class, sizes of BARs%s", r->options->accept_change ? ", changes accepted" : "");
		return 0;
	}
	for (size_t i = 0; i < r->count; i++)
		function_state_compare(&r->functions[i], &r->ctx, add_difference, r);
	find_new_functions(r);
	if (r->difference_count == 0) {
		note(r, "as before");
		return 0;
	}
	if (r->options->accept_change) {
		note(r, "differences: %zu", r->difference_count);
		return 0;
	}
	first = &r->differences[0];
	rc = error_set(error, ERROR_DIFFERS, "changed", "%s: it is not as before: %s was %s, is %s",
		       first->address, first->what, first->before, first->after);
	error_hint(error, "--accept-change takes it as it is");
	return rc;
}

/* A driver that the kernel bound by itself must not see its device change. */
static int restore_one(struct reload *r, const struct function_state *f, struct error *error)
{
	struct driver_binding now;
	struct device *device;
	unsigned int changed = 0;
	int rc;

	if (!is_back(r, f) || !function_state_is_same(f, &r->ctx))
		return 0;
	rc = open_function(r, f, &device, error);
	if (rc < 0)
		return rc;
	rc = function_state_restore(f, device, true, &changed, error);
	if (rc == 0 && changed > 0)
		rc = driver_take(device, &now, error);
	if (rc == 0 && changed > 0)
		rc = function_state_restore(f, device, false, &changed, error);
	if (rc == 0 && changed > 0)
		note(r, "%s registers %u", f->name, changed);
	device_close(device);
	return rc;
}

static int restore(struct reload *r, struct error *error)
{
	struct error why = { .kind = ERROR_NONE };
	int rc = 0;

	if (r->options->dry_run) {
		note(r, "what differs of config space");
		return 0;
	}
	for (size_t i = 0; rc == 0 && i < r->count; i++) {
		rc = restore_one(r, &r->functions[i], &why);
		/* kernel lockdown: the device works, perhaps slower */
		if (rc == -EPERM) {
			context_log(&r->ctx, LOG_WARN, "%s", why.message);
			note(r, "%s not permitted", r->functions[i].name);
			rc = 0;
		}
		if (rc < 0)
			*error = why;
	}
	if (rc == 0 && !r->detail[0])
		note(r, "nothing differs");
	return rc;
}

static bool bind_needed(const struct reload *r)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->functions[i].is_taken)
			return true;
	}
	return false;
}

static int bind_one(struct reload *r, struct function_state *f, struct error *error)
{
	char now[DRIVER_NAME_SIZE];
	struct device *device;
	int rc;

	if (open_function(r, f, &device, error) < 0) {
		note(r, "%s is not there", f->name);
		return 0;
	}
	/* another device: its own driver, unless it had one that takes anything */
	if (!function_state_is_same(f, &r->ctx) && !f->binding.override[0])
		rc = r->undoing ? 0 : driver_offer(device, error);
	else
		rc = driver_give(device, &f->binding, error);
	if (rc == 0) {
		if (device_driver(device, now, sizeof(now)) < 0)
			now[0] = '\0';
		note_driver(r, f, now);
		f->is_taken = false;
		driver_note_remove(device, &f->note);
	}
	device_close(device);
	return rc;
}

/* All of them, whatever becomes of one. */
static int bind_drivers(struct reload *r, struct error *error)
{
	int first = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct function_state *f = &r->functions[i];
		struct error why = { .kind = ERROR_NONE };
		int rc = 0;

		if (r->options->dry_run)
			note_driver(r, f, f->binding.driver);
		else if (f->is_taken)
			rc = bind_one(r, f, &why);
		if (rc < 0 && first == 0) {
			first = rc;
			*error = why;
		}
	}
	return first;
}

/* In order; ends with one without a name. */
static const struct step steps[] = {
	{ "mask", mask, NULL },
	{ "release", release, NULL },
	{ "save", save, NULL },
	{ "remove", take_out, NULL },
	{ "command", command, NULL },
	{ "link", link_up, any_removed },
	{ "rescan", rescan, any_removed },
	{ "appear", appear, any_removed },
	{ "check", check_identity, NULL },
	{ "restore", restore, any_removed },
	{ "bind", bind_drivers, bind_needed },
	{ "unmask", unmask, unmask_needed },
	{ NULL, NULL, NULL },
};

/* --- looking ---------------------------------------------------------------------------------------- */

static int check_function(struct device *device, struct error *error)
{
	uint64_t count;
	int rc;

	rc = functions_check_session(device, error);
	if (rc == 0)
		rc = functions_check_use(device, error);
	if (rc < 0)
		return rc;
	if (sysfs_read_number(device->ctx, &count, SYSFS_PCI_DEVICES "/%s/sriov_numvfs", device->name) < 0 ||
	    count == 0)
		return 0;
	rc = error_set(error, ERROR_FAILED, "virtual-functions",
		       "%s: it has virtual functions, which go with it", device->name);
	error_hint(error, "first: 'pcietool -s %s sriov numvfs 0'", device->name);
	return rc;
}

static int look(struct reload *r, const struct device *device, struct error *error)
{
	struct functions *functions = NULL;
	bool answers = false;
	int rc;

	rc = functions_open(device, &functions, error);
	if (rc < 0)
		return rc;
	r->functions = calloc(functions->count + 1, sizeof(*r->functions));
	r->count = functions->count;
	if (!r->functions)
		rc = error_errno(error, -ENOMEM, "looking at the device");
	for (size_t i = 0; rc == 0 && i < functions->count; i++)
		r->functions[i].note = -1;
	for (size_t i = 0; rc == 0 && i < functions->count; i++)
		rc = check_function(functions->list[i], error);
	for (size_t i = 0; rc == 0 && i < functions->count; i++)
		rc = function_state_read(functions->list[i], &r->functions[i], error);
	for (size_t i = 0; rc == 0 && i < functions->count; i++)
		answers = answers || r->functions[i].config_size > 0;
	functions_close(functions);
	if (rc == 0)
		rc = upstream_bridge_open(&r->ctx, device, answers, &r->upstream, error);
	return rc;
}

int reload_open(const struct device *device, struct reload **reload, struct error *error)
{
	struct reload *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return error_errno(error, -ENOMEM, "looking at the device");
	r->ctx = *device->ctx;
	r->ctx.pool = NULL;
	r->address = device->address;
	rc = look(r, device, error);
	if (rc < 0)
		reload_close(r);
	else
		*reload = r;
	return rc;
}

void reload_close(struct reload *r)
{
	if (!r)
		return;
	upstream_bridge_close(r->upstream);
	/* a device that did not come back may do so later: a rescan finds the note */
	for (size_t i = 0; r->functions && i < r->count; i++) {
		if (r->functions[i].note >= 0)
			close(r->functions[i].note);
	}
	free(r->functions);
	free(r->differences);
	free(r);
}

const char *reload_port(const struct reload *r)
{
	return r->upstream ? r->upstream->port->name : NULL;
}

const struct function_difference *reload_difference(const struct reload *r, size_t i)
{
	return i < r->difference_count ? &r->differences[i] : NULL;
}

/* --- running ---------------------------------------------------------------------------------------- */

static int run_step(struct reload *r, const struct step *step, struct error *error)
{
	struct reload_step told = { .name = step->name, .undo = r->undoing, .detail = r->detail };
	uint64_t start = clock_ns();
	int rc;

	r->detail[0] = '\0';
	r->skipped = false;
	rc = step->run(r, error);
	told.ns = clock_ns() - start;
	if (rc < 0) {
		told.result = RELOAD_FAILED;
		told.detail = error->message;
	} else if (r->skipped) {
		told.result = RELOAD_SKIPPED;
	} else {
		told.result = r->options->dry_run ? RELOAD_PLANNED : RELOAD_DONE;
	}
	r->calls->step(r->calls->data, &told);
	return rc;
}

/* What takes the device away is undone, last things first, by the steps behind that bring it back. */
static void undo(struct reload *r, const struct step *failed)
{
	struct error why;

	r->undoing = true;
	for (const struct step *step = failed + 1; step->name; step++) {
		if (step->needed && step->needed(r) && run_step(r, step, &why) < 0)
			context_log(&r->ctx, LOG_WARN, "%s", why.message);
	}
}

int reload_run(struct reload *r, const struct reload_options *options, const struct reload_calls *calls,
	       struct error *error)
{
	int rc = 0;

	r->options = options;
	r->calls = calls;
	for (const struct step *step = steps; step->name; step++) {
		if (!options->dry_run && is_stopped(r))
			rc = error_set(error, ERROR_FAILED, "interrupted", "interrupted");
		else
			rc = run_step(r, step, error);
		if (rc < 0) {
			/* what was not begun is undone by none; the step before it may be */
			undo(r, strcmp(error->code, "interrupted") == 0 && step > steps ? step - 1 : step);
			break;
		}
	}
	return rc;
}
