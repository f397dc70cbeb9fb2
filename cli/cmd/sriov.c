// SPDX-License-Identifier: GPL-2.0-or-later
/* sriov: physical functions and the virtual ones that their drivers make. */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/fields.h"
#include "cli/device.h"
#include "cli/signals.h"
#include "core/base/number.h"
#include "core/control/sriov.h"

/* --- show ---------------------------------------------------------------------------------------------- */

static void write_vf(struct writer *w, size_t index, const struct sriov_vf *vf)
{
	writer_column(w, FIELDS_COLUMN);
	writer_object(w, NULL);
	writer_number(w, "vf", "VF ", index);
	writer_string(w, "address", " ", vf->name);
	field_text(w, "driver", ", driver ", &vf->driver);
	writer_end(w);
	writer_line(w);
}

static void write_pf(struct writer *w, const struct sriov *s)
{
	field_number(w, "numvfs", " VFs ", &s->numvfs);
	field_number(w, "totalvfs", " of ", &s->totalvfs);
	field_number(w, "device_totalvfs", sriov_is_lowered(s) ? " (the device has " : NULL,
		     &s->device_totalvfs);
	writer_text(w, "%s", sriov_is_lowered(s) ? ", its driver allows less)" : "");
	field_number(w, "offset", ", offset ", &s->offset);
	field_number(w, "stride", ", stride ", &s->stride);
	field_id(w, "vf_device_id", ", device id ", &s->vf_device, 4);
	if (s->autoprobe.reason) {
		writer_null(w, "drivers_autoprobe", NULL, s->autoprobe.reason);
	} else {
		writer_bool(w, "drivers_autoprobe", NULL, s->autoprobe.value);
		writer_text(w, "%s", s->autoprobe.value ? "" : ", not offered to drivers");
	}
	field_number(w, "vf_total_msix", s->vf_total_msix.reason ? NULL : ", MSI-X vectors ",
		     &s->vf_total_msix);
	writer_line(w);
	writer_array(w, "vfs");
	for (size_t i = 0; i < s->count; i++)
		write_vf(w, i, &s->vfs[i]);
	writer_end(w);
}

static int show_one(struct invocation *inv, struct device *device, const void *data)
{
	struct writer *w = inv->out;
	struct sriov s;
	int rc;

	(void)data;
	rc = sriov_read(device, &s, &inv->error);
	if (rc < 0)
		return rc;
	if (!s.is_pf && (!inv->selected || s.pf.reason))
		goto out_free;
	writer_object(w, NULL);
	writer_string(w, "address", "", device->name);
	writer_string(w, "role", NULL, s.is_pf ? "pf" : "vf");
	if (s.is_pf) {
		writer_null(w, "pf", NULL, "it is one");
		write_pf(w, &s);
	} else {
		writer_string(w, "pf", " virtual function of ", s.pf.text);
		writer_line(w);
	}
	writer_end(w);
out_free:
	sriov_free(&s);
	return 0;
}

/* Has one of those that match anything to do with SR-IOV? Before the document is begun. */
static int check_matches(struct invocation *inv)
{
	struct pci_address *list;
	struct device *device;
	struct error ignored;
	bool any = false;
	struct sriov s;
	size_t count;
	int gone = 0;
	int rc;

	rc = matches_list(inv, &list, &count);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count && !any; i++) {
		if (device_open(&inv->ctx, &list[i], &device, &ignored) < 0)
			continue;
		if (sriov_read(device, &s, &ignored) == 0) {
			any = s.is_pf || !s.pf.reason;
			sriov_free(&s);
		}
		if (!any && inv->selected && device_is_silent(device))
			gone = device_gone(device, &inv->error);
		device_close(device);
	}
	free(list);
	if (any || !inv->selected || gone < 0)
		return any ? 0 : gone;
	rc = error_set(&inv->error, ERROR_UNSUPPORTED, "no-sriov",
		       "none of the devices that match has SR-IOV");
	error_hint(&inv->error, "'pcietool sriov show' without -s and -d shows those that have");
	return rc;
}

static int run_show(struct invocation *inv)
{
	int rc;

	/* whoever names a device wants to know; a look at all is no reason to wake any */
	inv->ctx.wake = inv->selected;
	rc = check_matches(inv);
	if (rc < 0)
		return rc;
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "devices");
	rc = matches_show(inv, show_one, NULL);
	writer_end(inv->out);
	return rc;
}

/* --- numvfs -------------------------------------------------------------------------------------------- */

/* VFs are 16 bits in the capability; the device's own total is asked later. */
static int parse_number(const char *text, unsigned int *number, struct error *error)
{
	uint64_t n;
	int rc = number_parse(text, &n, error);

	if (rc < 0)
		return rc;
	if (n > 0xffff)
		return error_set(error, ERROR_USAGE, "too-many",
				 "%s virtual functions are more than any device has", text);
	*number = (unsigned int)n;
	return 0;
}

static void write_number(struct invocation *inv, const struct device *device, const struct sriov_plan *plan)
{
	const char *first = inv->dry_run ? "numvfs " : NULL;

	writer_document(inv->out, inv->command->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	writer_string(inv->out, "address", NULL, device->name);
	writer_number(inv->out, "old_numvfs", first, plan->current);
	writer_bool(inv->out, "through_zero", NULL, plan->through_zero);
	writer_text(inv->out, "%s", inv->dry_run && plan->through_zero ? " -> 0" : "");
	writer_number(inv->out, "numvfs", inv->dry_run ? " -> " : NULL, plan->wanted);
	if (inv->dry_run)
		writer_line(inv->out);
}

/* A signal ends it behind both steps, not between them. */
static int apply(struct invocation *inv, const struct device *device, const struct sriov_plan *plan)
{
	int rc;

	signals_catch();
	rc = sriov_apply(device, plan, &inv->error);
	return signals_end(inv, false, rc);
}

static int run_numvfs(struct invocation *inv)
{
	struct sriov_plan plan;
	struct device *device;
	unsigned int number;
	int rc;

	rc = parse_number(inv->operands[0], &number, &inv->error);
	if (rc == 0)
		rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = sriov_plan(device, number, &plan, &inv->error);
	if (rc == 0 && !inv->dry_run)
		rc = apply(inv, device, &plan);
	if (rc == 0) {
		write_number(inv, device, &plan);
		context_log(&inv->ctx, LOG_INFO, "%s: virtual functions: %u", device->name, plan.wanted);
	}
	device_close(device);
	return rc;
}

const struct command sriov_commands[] = {
	{
		.name = "sriov show",
		.summary = "Show physical functions and their virtual ones",
		.details =
			"Of each device that matches, or all physical functions. Of a virtual function the "
			"physical one. Among all of them, those that sleep are left asleep.",
		.run = run_show,
	},
	{
		.name = "sriov numvfs",
		.operands = "N",
		.summary = "Have the driver make N virtual functions, or 0 to end them",
		.details = "The number is changed only by way of 0, for which --force is needed; so it is to "
			   "end virtual functions that VFIO, the helper or the system uses. Read back.",
		.min_operands = 1,
		.max_operands = 1,
		.reopens = REOPENS_ALL,
		.run = run_numvfs,
	},
	{ 0 },
};
