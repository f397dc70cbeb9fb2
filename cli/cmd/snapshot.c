// SPDX-License-Identifier: GPL-2.0-or-later
/* `snapshot`: what the machine has now, as the baseline of a later `check`. JSON is its only form. */
#include "cli/cmd/snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/device.h"
#include "cli/fields.h"
#include "cli/output.h"
#include "core/survey/baseline.h"
#include "core/fabric/payload.h"
#include "core/survey/survey.h"

static void write_subsystem(struct writer *w, const struct survey_device *d)
{
	struct device_ids ids = d->ids;

	device_ids_check_subsystem(&ids);
	field_id(w, "subsystem_vendor_id", NULL, &ids.subsystem_vendor_id, 4);
	field_id(w, "subsystem_device_id", NULL, &ids.subsystem_device_id, 4);
}

static void write_positive(struct writer *w, const char *key, double value)
{
	if (value > 0)
		writer_real(w, key, NULL, value);
	else
		writer_null(w, key, NULL, "not given by the kernel");
}

static void write_link(struct writer *w, const struct survey *survey, const struct survey_device *d)
{
	struct link link;
	bool has_link = survey_link(survey, d, &link);

	if (!has_link || link.reason) {
		writer_null(w, "link", NULL, has_link ? link.reason : "none of its own");
		return;
	}
	writer_object(w, "link");
	writer_real(w, "speed_gts", NULL, link.speed);
	writer_number(w, "width", NULL, link.width);
	write_positive(w, "max_speed_gts", link.down_state.max_speed);
	write_positive(w, "max_width", link.down_state.max_width);
	write_positive(w, "port_max_speed_gts", link.up_state.max_speed);
	write_positive(w, "port_max_width", link.up_state.max_width);
	writer_end(w);
}

static void write_size(struct writer *w, const char *key, const char *reason, unsigned int size)
{
	if (reason || size > PAYLOAD_SIZE_MAX)
		writer_null(w, key, NULL, reason ? reason : "reserved value");
	else
		writer_number(w, key, NULL, size);
}

static void write_payload(struct writer *w, const struct context *ctx, const struct survey_device *d)
{
	struct payload payload = { .reason = LINK_STATE_SUSPENDED };

	if (!d->is_suspended)
		payload_read_of(ctx, d->node, &payload);
	write_size(w, "mps", payload.reason ? payload.reason : payload.mps_reason, payload.mps);
	write_size(w, "mrrs", payload.reason, payload.mrrs);
}

static void write_bars(struct writer *w, const struct device *device)
{
	struct bar bars[DEVICE_BARS + 1];
	struct error error;
	int rc = device_bars(device, bars, &error);

	if (rc < 0) {
		writer_null(w, "bars", NULL, fact_reason(rc));
		return;
	}
	writer_array(w, "bars");
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		if (bars[i].state != BAR_ASSIGNED && bars[i].state != BAR_UNASSIGNED)
			continue;
		writer_object(w, NULL);
		writer_number(w, "index", NULL, i);
		writer_string(w, "type", NULL, bars[i].io ? "io" : "mem");
		writer_size(w, "size", NULL, bars[i].size);
		writer_end(w);
	}
	writer_end(w);
}

static void write_device(struct writer *w, const struct context *ctx, const struct survey *survey,
			 const struct survey_device *d)
{
	char path[TOPOLOGY_PATH_SIZE];
	struct device *device;
	struct error ignored;

	/* it went away since the list was made */
	if (device_open(ctx, &d->node->address, &device, &ignored) < 0)
		return;
	topology_path(d->node, path);
	writer_object(w, NULL);
	writer_string(w, "path", NULL, path);
	writer_string(w, "address", NULL, d->node->name);
	field_id(w, "vendor_id", NULL, &d->ids.vendor_id, 4);
	field_id(w, "device_id", NULL, &d->ids.device_id, 4);
	field_id(w, "class_id", NULL, &d->ids.class_id, 6);
	write_subsystem(w, d);
	if (d->driver[0])
		writer_string(w, "driver", NULL, d->driver);
	else
		writer_null(w, "driver", NULL, "none");
	write_link(w, survey, d);
	write_payload(w, ctx, d);
	write_bars(w, device);
	writer_end(w);
	device_close(device);
}

void snapshot_document(struct writer *w, const struct context *ctx, const struct survey *survey)
{
	writer_document(w, BASELINE_NAME);
	writer_string(w, "tool_version", NULL, command_version());
	writer_array(w, "devices");
	for (size_t i = 0; i < survey->topology->count; i++) {
		if (survey->devices[i].is_selected)
			write_device(w, ctx, survey, &survey->devices[i]);
	}
	writer_document_end(w);
}

struct taken {
	const struct context *ctx;
	const struct survey *survey;
};

static void write_taken(struct writer *w, const void *data)
{
	const struct taken *taken = data;

	snapshot_document(w, taken->ctx, taken->survey);
}

/* Into memory first: a file is there whole or not at all. */
static int save(struct invocation *inv, const struct survey *survey, struct whole_file *file)
{
	const struct taken taken = { .ctx = &inv->ctx, .survey = survey };
	char *text;
	size_t length;
	int rc;

	rc = writer_to_text(true, write_taken, &taken, &text, &length);
	if (rc == 0)
		rc = inv->lack;
	if (rc < 0)
		rc = error_errno(&inv->error, rc, "snapshot");
	else
		rc = whole_file_put(file, text, length, &inv->error);
	free(text);
	return rc;
}

/* *COUNT: of its devices. */
static int take(struct invocation *inv, struct whole_file *file, size_t *count)
{
	struct survey *survey;
	int rc;

	rc = survey_read(&inv->ctx, inv->selected ? &inv->selector : NULL, &survey, &inv->error);
	if (rc < 0)
		return rc;
	*count = survey->selected;
	if (inv->selected && survey->selected == 0)
		rc = no_match(inv);
	else if (!inv->options.output && inv->json)
		snapshot_document(inv->out, &inv->ctx, survey);
	else
		rc = save(inv, survey, file);
	survey_free(survey);
	return rc;
}

static int run_snapshot(struct invocation *inv)
{
	const char *output = inv->options.output;
	struct whole_file file;
	size_t count;
	int rc;

	rc = whole_file_open(inv, output, &file);
	if (rc < 0)
		return rc;
	rc = take(inv, &file, &count);
	if (rc == 0 && (output || !inv->json))
		rc = whole_file_commit(&file, &inv->error);
	if (rc == 0 && output && !inv->dry_run)
		context_log(&inv->ctx, LOG_NOTE, "%s: what %zu device%s had is in it", output, count,
			    count == 1 ? "" : "s");
	whole_file_abort(&file);
	return rc;
}

const struct command snapshot_commands[] = {
	{
		.name = "snapshot",
		.summary = "Write what the machine has now, for 'check --baseline'",
		.details = "JSON, keyed by where a device is, without serial numbers. As root, or payload "
			   "sizes are left out. A device that sleeps is left asleep.",
		.options = TAKES(OPTION_WHOLE_FILE),
		.all_by_default = true,
		.run = run_snapshot,
	},
	{ 0 },
};
