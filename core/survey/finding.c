// SPDX-License-Identifier: GPL-2.0-or-later
/* What is told of a device, and what more than one file of rules reads of it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/survey/check_internal.h"

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

	if (payload->reason || payload->possible)
		return payload;
	if (d->link.reason == LINK_STATE_NOT_EXPRESS) {
		payload->reason = LINK_STATE_NOT_EXPRESS;
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

int check_read_bars(const struct check_item *item, struct bar bars[DEVICE_BARS])
{
	struct bar all[DEVICE_BARS + 1];
	struct device *device;
	struct error ignored;
	int rc;

	rc = device_open(item->check->ctx, &item->device->node->address, &device, &ignored);
	if (rc < 0)
		return rc;
	rc = device_bars(device, all, &ignored);
	device_close(device);
	if (rc < 0)
		return rc;
	memcpy(bars, all, DEVICE_BARS * sizeof(*bars));
	return item->device->node->is_bridge ? 2 : DEVICE_BARS;
}
