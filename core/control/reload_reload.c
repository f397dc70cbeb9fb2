// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/control/reload_reload.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/driver/driver.h"
#include "core/control/reload.h"
#include "core/kernel/sysfs.h"

/* --- looking ---------------------------------------------------------------------------------------- */

static int check_function(struct device *device, struct error *error)
{
	uint64_t count;
	int rc;

	rc = driver_check_session(device, error);
	if (rc == 0)
		rc = functions_check_use(device, error);
	if (rc < 0)
		return rc;
	if (sysfs_read_number(device->ctx, &count, SYSFS_PCI_DEVICES "/%s/sriov_numvfs", device->name) < 0 ||
	    count == 0)
		return 0;
	rc = error_set(error, ERROR_FAILED, "virtual-functions",
		       "%s: it has virtual functions, which go with it", device->name);
	error_hint(error, "first: 'echo 0 > /sys/bus/pci/devices/%s/sriov_numvfs'", device->name);
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
		rc = check_function(functions->list[i].device, error);
	for (size_t i = 0; rc == 0 && i < functions->count; i++)
		rc = function_state_read(functions->list[i].device, &r->functions[i], error);
	for (size_t i = 0; rc == 0 && i < functions->count; i++)
		answers = answers || r->functions[i].config_size > 0;
	functions_close(functions);
	if (rc == 0)
		rc = upstream_open(&r->ctx, device, answers, &r->upstream, error);
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
	upstream_close(r->upstream);
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

void reload_note(struct reload *r, const char *format, ...)
{
	size_t used = strlen(r->detail);
	va_list ap;

	if (used > 0 && used + 2 < sizeof(r->detail))
		used += (size_t)snprintf(r->detail + used, sizeof(r->detail) - used, ", ");
	va_start(ap, format);
	vsnprintf(r->detail + used, sizeof(r->detail) - used, format, ap);
	va_end(ap);
}

bool reload_is_stopped(const struct reload *r)
{
	return !r->undoing && r->calls->stopped && r->calls->stopped(r->calls->data);
}

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
	for (const struct step *step = reload_steps; step->name; step++) {
		if (!options->dry_run && reload_is_stopped(r))
			rc = error_set(error, ERROR_FAILED, "interrupted", "interrupted");
		else
			rc = run_step(r, step, error);
		if (rc < 0) {
			/* what was not begun is undone by none; the step before it may be */
			undo(r, strcmp(error->code, "interrupted") == 0 && step > reload_steps ? step - 1
											       : step);
			break;
		}
	}
	return rc;
}
