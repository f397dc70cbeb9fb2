// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/survey/check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/survey/check_internal.h"
#include "core/pci/config_regs.h"

static const char NOT_READ[] = "";

const char *check_severity_name(enum check_severity severity)
{
	static const char *const names[] = {
		[CHECK_INFO] = "info",
		[CHECK_WARNING] = "warning",
		[CHECK_CRITICAL] = "critical",
	};

	return names[severity];
}

void check_tell(struct check_item *item, enum check_severity severity, const char *rule, const char *expected,
		const char *actual, const char *format, ...)
{
	struct check_finding finding = {
		.severity = severity,
		.address = item->device->node->name,
		.path = item->path,
		.slot = item->slot,
		.rule = rule,
	};
	va_list ap;

	va_start(ap, format);
	vsnprintf(finding.message, sizeof(finding.message), format, ap);
	va_end(ap);
	snprintf(finding.expected, sizeof(finding.expected), "%.63s", expected ? expected : "");
	snprintf(finding.actual, sizeof(finding.actual), "%.63s", actual ? actual : "");
	item->check->sink->finding(item->check->sink->data, &finding);
}

void check_tell_gap(struct check_item *item, const char *rule, const char *reason)
{
	const struct check_gap gap = {
		.address = item->device->node->name,
		.path = item->path,
		.rule = rule,
		.reason = reason,
	};

	item->check->sink->gap(item->check->sink->data, &gap);
}

const struct payload *check_payload(struct check *check, const struct survey_device *d)
{
	struct payload *payload = &check->payloads[d - check->survey->devices];
	struct device *device;
	struct error ignored;

	if (payload->reason != NOT_READ)
		return payload;
	if (d->link.reason == LINK_STATE_NOT_EXPRESS) {
		payload->reason = PAYLOAD_NOT_EXPRESS;
	} else if (d->is_suspended) {
		payload->reason = LINK_STATE_SUSPENDED;
	} else if (device_open(check->ctx, &d->node->address, &device, &ignored) < 0) {
		payload->reason = "the device is gone";
	} else {
		payload_read(device, payload);
		device_close(device);
	}
	return payload;
}

/* Nothing is known of a device whose config space may not be read. */
static void look_whether_gone(struct check_item *item)
{
	struct error error;
	uint32_t vendor;

	if (!item->open || device_is_present(item->open))
		return;
	if (device_config_read(item->open, CONFIG_VENDOR_ID, 16, &vendor, &error) < 0 &&
	    error.kind != ERROR_GONE)
		check_tell_gap(item, "no-answer", "config space cannot be read");
	else
		item->is_gone = true;
}

static void check_device(struct check *check, const struct survey_device *d)
{
	struct check_item item = { .check = check, .device = d, .slot = survey_slot(check->survey, d) };
	struct error ignored;

	topology_path(d->node, item.path);
	if (!d->is_suspended && device_open(check->ctx, &d->node->address, &item.open, &ignored) < 0)
		item.open = NULL;
	look_whether_gone(&item);
	check_rules(&item);
	if (check->baseline)
		check_baseline(&item);
	device_close(item.open);
}

int check_run(const struct context *ctx, const struct survey *survey, const struct baseline *baseline,
	      const struct selector *selector, const struct check_sink *sink)
{
	size_t count = survey->topology->count;
	struct check check = {
		.ctx = ctx,
		.survey = survey,
		.baseline = baseline,
		.sink = sink,
		.payloads = calloc(count + 1, sizeof(struct payload)),
	};

	if (!check.payloads)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		check.payloads[i].reason = NOT_READ;
	for (size_t i = 0; i < count; i++) {
		if (survey->devices[i].is_selected)
			check_device(&check, &survey->devices[i]);
	}
	if (baseline)
		check_absent(&check, selector);
	free(check.payloads);
	return 0;
}
