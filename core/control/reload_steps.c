// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps of a reload that bring the device back, and what they share with the others. */
#include <string.h>
#include <time.h>

#include "core/pci/answer.h"
#include "core/base/array.h"
#include "core/base/clock.h"
#include "core/control/hotplug.h"
#include "core/control/reload.h"
#include "core/pci/user_driver.h"

/* between two rescans for a device that takes its time */
#define RESCAN_NS 300000000
/* how long the other functions are waited for, once one is there, where they may be gone for good */
#define OTHERS_NS 1000000000u

void reload_pause(long ns)
{
	struct timespec pause = { .tv_nsec = ns };

	nanosleep(&pause, NULL);
}

int reload_interrupted(struct error *error)
{
	return error_set(error, ERROR_FAILED, "interrupted", "interrupted");
}

int reload_function_open(struct reload *r, const struct function_state *f, struct device **device,
			 struct error *error)
{
	return device_open(&r->ctx, &f->address, device, error);
}

void reload_note_driver(struct reload *r, const struct function_state *f, const char *driver)
{
	reload_note(r, "%s %s", f->name, driver[0] ? driver : "none");
}

bool reload_any_removed(const struct reload *r)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->functions[i].is_removed)
			return true;
	}
	return false;
}

/* --- back ------------------------------------------------------------------------------------------- */

int reload_rescan(struct reload *r, struct error *error)
{
	reload_note(r, "bus %04x:%02x", r->address.domain, r->address.bus);
	return r->options->dry_run ? 0
				   : hotplug_rescan_bus(&r->ctx, r->address.domain, r->address.bus, error);
}

static bool is_back(struct reload *r, const struct function_state *f)
{
	struct device *device;
	struct error ignored;
	bool back;

	if (reload_function_open(r, f, &device, &ignored) < 0)
		return false;
	back = answer_wait(device, 0, &ignored) == 0;
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
int reload_appear(struct reload *r, struct error *error)
{
	uint64_t start = clock_ns();
	size_t missing;
	int rc;

	if (r->options->dry_run) {
		reload_note(r, "all functions answer");
		return 0;
	}
	while ((missing = count_missing(r)) > 0) {
		uint64_t waited = clock_ns() - start;

		if (missing < r->count && r->options->accept_change && waited >= OTHERS_NS)
			break;
		if (waited >= r->options->timeout)
			return not_back(r, error);
		if (reload_is_stopped(r))
			return reload_interrupted(error);
		reload_pause(RESCAN_NS);
		rc = hotplug_rescan_bus(&r->ctx, r->address.domain, r->address.bus, error);
		if (rc < 0)
			return rc;
	}
	reload_note(r, "%zu of %zu functions", r->count - missing, r->count);
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
			memcpy(d.address, functions->list[i].device->name, sizeof(d.address));
			if (!was_there(r, functions->list[i].device))
				add_difference(r, &d);
		}
		functions_close(functions);
	}
	device_close(device);
}

int reload_check(struct reload *r, struct error *error)
{
	const struct function_difference *first;
	int rc;

	if (r->options->dry_run) {
		reload_note(r, "ids, class, sizes of BARs%s",
			    r->options->accept_change ? ", changes accepted" : "");
		return 0;
	}
	for (size_t i = 0; i < r->count; i++)
		function_state_compare(&r->functions[i], &r->ctx, add_difference, r);
	find_new_functions(r);
	if (r->difference_count == 0) {
		reload_note(r, "as before");
		return 0;
	}
	if (r->options->accept_change) {
		reload_note(r, "differences: %zu", r->difference_count);
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
	rc = reload_function_open(r, f, &device, error);
	if (rc < 0)
		return rc;
	rc = function_state_restore(f, device, true, &changed, error);
	if (rc == 0 && changed > 0)
		rc = driver_take(device, &now, error);
	if (rc == 0 && changed > 0)
		rc = function_state_restore(f, device, false, &changed, error);
	if (rc == 0 && changed > 0)
		reload_note(r, "%s registers %u", f->name, changed);
	device_close(device);
	return rc;
}

int reload_restore(struct reload *r, struct error *error)
{
	struct error why = { .kind = ERROR_NONE };
	int rc = 0;

	if (r->options->dry_run) {
		reload_note(r, "what differs of config space");
		return 0;
	}
	for (size_t i = 0; rc == 0 && i < r->count; i++) {
		rc = restore_one(r, &r->functions[i], &why);
		/* kernel lockdown: the device works, perhaps slower */
		if (rc == -EPERM) {
			context_log(&r->ctx, LOG_WARN, "%s", why.message);
			reload_note(r, "%s not permitted", r->functions[i].name);
			rc = 0;
		}
		if (rc < 0)
			*error = why;
	}
	if (rc == 0 && !r->detail[0])
		reload_note(r, "nothing differs");
	return rc;
}

bool reload_bind_needed(const struct reload *r)
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

	if (reload_function_open(r, f, &device, error) < 0) {
		reload_note(r, "%s is not there", f->name);
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
		reload_note_driver(r, f, now);
		f->is_taken = false;
	}
	device_close(device);
	return rc;
}

/* All of them, whatever becomes of one. */
int reload_bind(struct reload *r, struct error *error)
{
	int first = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct function_state *f = &r->functions[i];
		struct error why = { .kind = ERROR_NONE };
		int rc = 0;

		if (r->options->dry_run)
			reload_note_driver(r, f, f->binding.driver);
		else if (f->is_taken)
			rc = bind_one(r, f, &why);
		if (rc < 0 && first == 0) {
			first = rc;
			*error = why;
		}
	}
	return first;
}
