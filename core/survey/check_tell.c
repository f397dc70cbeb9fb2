// SPDX-License-Identifier: GPL-2.0-or-later
/* How a rule tells what it found, or that it could not look. */
#include <stdarg.h>
#include <stdio.h>

#include "core/survey/check_internal.h"

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
