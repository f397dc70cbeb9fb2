// SPDX-License-Identifier: GPL-2.0-or-later
/* A survey as samples: a row of the table for each metric. Reads nothing itself. */
#include "core/survey/metrics.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/number.h"
#include "core/base/text_buffer.h"

#define PIECE 65536u

struct family;

/* Where samples of one metric go to. */
struct sink {
	struct text_buffer *text;
	const struct survey *survey;
	const struct family *family;
	const struct metrics_findings *findings; /* NULL: there is no baseline */
	const char *version;
	bool all;
	bool is_titled; /* HELP and TYPE are there */
	unsigned int labels; /* of the sample that is being written */
};

struct family {
	const char *name;
	const char *type;
	const char *help;
	void (*device)(struct sink *sink, const struct survey_device *device); /* for each; or */
	void (*once)(struct sink *sink);
};

/* --- one sample ------------------------------------------------------------------------------ */

static void start(struct sink *s)
{
	if (!s->is_titled)
		text_buffer_format(s->text, "# HELP %s %s\n# TYPE %s %s\n", s->family->name, s->family->help,
				   s->family->name, s->family->type);
	s->is_titled = true;
	s->labels = 0;
	text_buffer_string(s->text, s->family->name);
}

/* How many characters at TEXT stand for themselves. */
static size_t plain_length(const char *text)
{
	size_t n = 0;

	while (text[n] >= ' ' && text[n] <= '~' && text[n] != '\\' && text[n] != '"')
		n++;
	return n;
}

/* Backslash, quote and newline are escaped; other control characters, and what may be no UTF-8, are not let through. */
static void label(struct sink *s, const char *name, const char *value)
{
	if (!value[0])
		return;
	text_buffer_add(s->text, s->labels++ ? "," : "{", 1);
	text_buffer_string(s->text, name);
	text_buffer_add(s->text, "=\"", 2);
	for (const char *c = value; *c; c++) {
		size_t n = plain_length(c);

		text_buffer_add(s->text, c, n);
		c += n;
		if (!*c)
			break;
		if (*c == '\n')
			text_buffer_string(s->text, "\\n");
		else if (*c == '\\' || *c == '"')
			text_buffer_format(s->text, "\\%c", *c);
		else
			text_buffer_add(s->text, "?", 1);
	}
	text_buffer_add(s->text, "\"", 1);
}

static void end_text(struct sink *s, const char *value)
{
	if (s->labels)
		text_buffer_add(s->text, "}", 1);
	text_buffer_add(s->text, " ", 1);
	text_buffer_string(s->text, value);
	text_buffer_add(s->text, "\n", 1);
}

static void end_count(struct sink *s, uint64_t value)
{
	char buffer[NUMBER_DECIMAL_SIZE];

	end_text(s, number_format_decimal(value, buffer));
}

static void end(struct sink *s, double value)
{
	char text[320]; /* of the largest double 309 digits */

	/* as nearly all are, for a tenth of what a format takes; up to here each has a double of its own */
	if (value >= 0 && value < 1e15 && value == (double)(uint64_t)value) {
		end_count(s, (uint64_t)value);
		return;
	}
	snprintf(text, sizeof(text), "%.0f", value);
	end_text(s, text);
}

static void start_device(struct sink *s, const struct survey_device *d)
{
	start(s);
	label(s, "bdf", d->node->name);
}

static void id_label(struct sink *s, const char *name, const struct fact_number *id, int digits)
{
	char text[NUMBER_HEX_SIZE];

	number_format_hex(id->value, digits, text);
	if (!id->reason)
		label(s, name, text);
}

/* --- metrics --------------------------------------------------------------------------------- */

static void device_info(struct sink *s, const struct survey_device *d)
{
	const char *slot = survey_slot(s->survey, d);
	char path[TOPOLOGY_PATH_SIZE];

	topology_path(d->node, path);
	start_device(s, d);
	label(s, "path", path);
	label(s, "slot", slot ? slot : "");
	id_label(s, "vendor_id", &d->ids.vendor_id, 4);
	id_label(s, "device_id", &d->ids.device_id, 4);
	id_label(s, "class_id", &d->ids.class_id, 6);
	label(s, "driver", d->driver);
	label(s, "name", d->name);
	end(s, 1);
}

/* Is there a link, and are its speed and width known? */
static bool get_link(struct sink *s, const struct survey_device *d, struct link *link)
{
	return survey_link(s->survey, d, link) && !link->reason;
}

static void link_speed(struct sink *s, const struct survey_device *d)
{
	struct link link;

	if (!get_link(s, d, &link))
		return;
	start_device(s, d);
	end(s, link.speed * 1e9);
}

static void link_speed_expected(struct sink *s, const struct survey_device *d)
{
	struct link link;

	if (!get_link(s, d, &link) || link.expected_speed <= 0)
		return;
	start_device(s, d);
	end(s, link.expected_speed * 1e9);
}

static void link_width(struct sink *s, const struct survey_device *d)
{
	struct link link;

	if (!get_link(s, d, &link))
		return;
	start_device(s, d);
	end(s, link.width);
}

static void link_width_expected(struct sink *s, const struct survey_device *d)
{
	struct link link;

	if (!get_link(s, d, &link) || link.expected_width == 0)
		return;
	start_device(s, d);
	end(s, link.expected_width);
}

static void link_degraded(struct sink *s, const struct survey_device *d)
{
	struct link link;

	if (!get_link(s, d, &link))
		return;
	if (link.expected_speed > 0) {
		start_device(s, d);
		label(s, "reason", "speed");
		end(s, link.speed < link.expected_speed);
	}
	if (link.expected_width > 0) {
		start_device(s, d);
		label(s, "reason", "width");
		end(s, link.width < link.expected_width);
	}
}

static void aer_type(struct sink *s, const struct survey_device *d, enum aer_severity severity,
		     const struct aer_count *type)
{
	char name[AER_NAME_SIZE];

	if (type->count == 0 && !s->all)
		return;
	aer_type_name(type->name, name);
	start_device(s, d);
	label(s, "severity", aer_severity_name(severity));
	label(s, "type", name);
	end_count(s, type->count);
}

/* A 0 that says nothing is no sample. */
static bool has_aer(const struct sink *s, const struct survey_device *d)
{
	return d->aer && !survey_counts_are_void(s->survey, d);
}

static void aer_types(struct sink *s, const struct survey_device *d)
{
	for (int i = 0; has_aer(s, d) && i < AER_SEVERITIES; i++) {
		const struct aer_counts *counts = &d->aer->counts[i];
		bool is_void = counts->reason || survey_count_void(s->survey, d, (enum aer_severity)i);

		for (unsigned int t = 0; !is_void && t < counts->type_count; t++)
			aer_type(s, d, (enum aer_severity)i, &counts->types[t]);
	}
}

static void aer_device(struct sink *s, const struct survey_device *d)
{
	for (int i = 0; has_aer(s, d) && i < AER_SEVERITIES; i++) {
		if (d->aer->counts[i].reason || survey_count_void(s->survey, d, (enum aer_severity)i))
			continue;
		start_device(s, d);
		label(s, "severity", aer_severity_name((enum aer_severity)i));
		end_count(s, d->aer->counts[i].total);
	}
}

/* Why a sample of the others is not there. */
static void aer_reporting(struct sink *s, const struct survey_device *d)
{
	for (int i = 0; d->aer && !d->reporting.reason && i < AER_SEVERITIES; i++) {
		start_device(s, d);
		label(s, "severity", aer_severity_name((enum aer_severity)i));
		end(s, !d->reporting.is_unreported[i]);
	}
}

static void aer_rootport(struct sink *s, const struct survey_device *d)
{
	for (int i = 0; !d->root.reason && has_aer(s, d) && i < AER_SEVERITIES; i++) {
		start_device(s, d);
		label(s, "severity", aer_severity_name((enum aer_severity)i));
		end_count(s, d->root.totals[i]);
	}
}

static void power_state(struct sink *s, const struct survey_device *d)
{
	if (!d->power_state[0])
		return;
	start_device(s, d);
	label(s, "state", d->power_state);
	end(s, 1);
}

static void suspended(struct sink *s, const struct survey_device *d)
{
	if (!d->has_sleep)
		return;
	start_device(s, d);
	end(s, d->is_suspended);
}

static void baseline_findings(struct sink *s)
{
	for (int i = 0; s->findings && i < CHECK_SEVERITIES; i++) {
		start(s);
		label(s, "severity", check_severity_name((enum check_severity)i));
		end(s, s->findings->counts[i]);
	}
}

static void build_info(struct sink *s)
{
	start(s);
	label(s, "version", s->version);
	end(s, 1);
}

static void collect_success(struct sink *s)
{
	start(s);
	end(s, s->survey != NULL);
}

static void devices(struct sink *s)
{
	if (!s->survey)
		return;
	start(s);
	end(s, (double)s->survey->selected);
}

static const struct family families[] = {
	{ "pcie_device_info", "gauge", "A PCI function: where it is, what it is, its driver and kernel name.",
	  .device = device_info },
	{ "pcie_link_speed_transfers_per_second", "gauge",
	  "Transfers per second and lane of the link above the function.", .device = link_speed },
	{ "pcie_link_speed_expected_transfers_per_second", "gauge",
	  "Transfers per second and lane that both ends of the link can do.", .device = link_speed_expected },
	{ "pcie_link_width_lanes", "gauge", "Lanes of the link above the function.", .device = link_width },
	{ "pcie_link_width_expected_lanes", "gauge", "Lanes that both ends of the link have.",
	  .device = link_width_expected },
	{ "pcie_link_degraded", "gauge", "Whether the link is slower, or narrower, than both its ends can.",
	  .device = link_degraded },
	{ "pcie_aer_errors_total", "counter", "Errors that the function reported, by type.",
	  .device = aer_types },
	{ "pcie_aer_device_errors_total", "counter",
	  "Error messages that the function sent, by severity; not the sum of the types.",
	  .device = aer_device },
	{ "pcie_aer_rootport_errors_total", "counter",
	  "Error messages that the root port received from all below it, or the event collector.",
	  .device = aer_rootport },
	{ "pcie_aer_reporting_enabled", "gauge",
	  "Whether the function reports errors of the severity; a 0 of those that it does not is no sample.",
	  .device = aer_reporting },
	{ "pcie_power_state", "gauge", "The power state of the function.", .device = power_state },
	{ "pcie_device_suspended", "gauge", "Whether the function sleeps (runtime power management).",
	  .device = suspended },
	{ "pcie_devices", "gauge", "PCI functions that were looked at.", .once = devices },
	{ "pcie_baseline_findings", "gauge", "What differs from the baseline, by severity.",
	  .once = baseline_findings },
	{ "pcie_tool_build_info", "gauge", "The program that wrote this.", .once = build_info },
	{ "pcie_tool_collect_success", "gauge", "Whether the devices could be listed.",
	  .once = collect_success },
};

/* What there is of the text, out. */
static int flush(struct text_buffer *text, metrics_piece_fn write, void *data, struct error *error)
{
	int rc;

	if (text->failed)
		return error_errno(error, -ENOMEM, "metrics");
	rc = text->length ? write(data, text->bytes, text->length, error) : 0;
	text->length = 0;
	return rc;
}

int metrics_write(const struct survey *survey, const struct metrics_findings *findings, bool all,
		  const char *version, metrics_piece_fn write, void *data, struct error *error)
{
	struct text_buffer text = { 0 };
	struct sink s = {
		.text = &text, .survey = survey, .findings = findings, .version = version, .all = all
	};
	int rc = 0;

	for (size_t f = 0; rc == 0 && f < sizeof(families) / sizeof(families[0]); f++) {
		s.family = &families[f];
		s.is_titled = false;
		if (s.family->once)
			s.family->once(&s);
		for (size_t i = 0; rc == 0 && survey && s.family->device && i < survey->topology->count;
		     i++) {
			if (survey->devices[i].is_selected)
				s.family->device(&s, &survey->devices[i]);
			if (text.length >= PIECE || text.failed)
				rc = flush(&text, write, data, error);
		}
	}
	if (rc == 0)
		rc = flush(&text, write, data, error);
	text_buffer_free(&text);
	return rc;
}
