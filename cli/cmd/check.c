// SPDX-License-Identifier: GPL-2.0-or-later
/* `check`: what is wrong with the machine's PCI, for people, programs and monitoring. */
#include "core/survey/check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/device.h"
#include "cli/options.h"
#include "core/fabric/aer_reporting.h"
#include "core/base/array.h"
#include "core/pci/fact.h"

/* A monitoring plugin's first line is a text message's length at most. */
#define FIRST_LINE 79

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	(void)option;
	(void)arg;
	inv->options.nagios = true;
	inv->is_monitor = true;
	return 0;
}

/* Copies of what was told: counts come first in a monitor's output. */
struct finding {
	struct check_finding f;
	char address[PCI_ADDRESS_SIZE];
	char path[TOPOLOGY_PATH_SIZE];
	char slot[32]; /* empty: none is known */
};

struct gap {
	const char *rule;
	const char *reason;
	char address[PCI_ADDRESS_SIZE];
};

/* The rule without which nothing is known of a device. */
#define RULE_ANSWERS "no-answer"

struct results {
	struct finding *findings;
	size_t finding_count;
	struct gap *gaps;
	size_t gap_count;
	unsigned int counts[CHECK_CRITICAL + 1];
	unsigned int unread; /* devices of which nothing is known */
	bool failed; /* no memory */
};

static void add_finding(void *data, const struct check_finding *f)
{
	struct results *r = data;
	struct finding *list = array_grow(r->findings, r->finding_count, sizeof(*list));
	struct finding *copy;

	if (!list) {
		r->failed = true;
		return;
	}
	r->findings = list;
	copy = &list[r->finding_count++];
	copy->f = *f;
	snprintf(copy->address, sizeof(copy->address), "%s", f->address);
	snprintf(copy->path, sizeof(copy->path), "%s", f->path);
	snprintf(copy->slot, sizeof(copy->slot), "%s", f->slot ? f->slot : "");
	r->counts[f->severity]++;
}

static void add_gap(void *data, const struct check_gap *g)
{
	struct results *r = data;
	struct gap *list = array_grow(r->gaps, r->gap_count, sizeof(*list));
	struct gap *copy;

	if (!list) {
		r->failed = true;
		return;
	}
	r->gaps = list;
	copy = &list[r->gap_count++];
	*copy = (struct gap){ .rule = g->rule, .reason = g->reason };
	snprintf(copy->address, sizeof(copy->address), "%s", g->address);
	r->unread += strcmp(g->rule, RULE_ANSWERS) == 0 && strcmp(g->reason, LINK_STATE_SUSPENDED) != 0;
}

/* By rule and reason; those that are equal stay in order of address. */
static int compare_gaps(const void *x, const void *y)
{
	const struct gap *a = x;
	const struct gap *b = y;
	int order = strcmp(a->rule, b->rule);

	if (order == 0)
		order = strcmp(a->reason, b->reason);
	return order ? order : strcmp(a->address, b->address);
}

static const char *plural(unsigned int n)
{
	return n == 1 ? "" : "s";
}

/* "2 critical, 1 warning" */
static void summarize(const struct results *r, char text[64])
{
	unsigned int critical = r->counts[CHECK_CRITICAL];
	unsigned int warnings = r->counts[CHECK_WARNING];

	if (critical && warnings)
		snprintf(text, 64, "%u critical, %u warning%s", critical, warnings, plural(warnings));
	else if (critical)
		snprintf(text, 64, "%u critical", critical);
	else
		snprintf(text, 64, "%u warning%s", warnings, plural(warnings));
}

/* --- text and JSON --------------------------------------------------------------------------- */

static void write_optional(struct writer *w, const char *key, const char *text)
{
	if (text[0])
		writer_string(w, key, NULL, text);
	else
		writer_null(w, key, NULL, "not of this rule");
}

static void write_finding(struct writer *w, const struct finding *f)
{
	static const enum writer_tone tones[CHECK_SEVERITIES] = {
		[CHECK_INFO] = TONE_PLAIN,
		[CHECK_WARNING] = TONE_WARNING,
		[CHECK_CRITICAL] = TONE_CRITICAL,
	};

	writer_object(w, NULL);
	writer_tone(w, tones[f->f.severity]);
	writer_string(w, "severity", "", check_severity_name(f->f.severity));
	writer_tone(w, TONE_PLAIN);
	writer_string(w, "address", " ", f->address);
	writer_string(w, "path", NULL, f->path);
	writer_string(w, "rule", " ", f->f.rule);
	writer_string(w, "message", ": ", f->f.message);
	if (f->slot[0])
		writer_string(w, "slot", ", slot ", f->slot);
	else
		writer_null(w, "slot", NULL, "none is known");
	write_optional(w, "expected", f->f.expected);
	write_optional(w, "actual", f->f.actual);
	writer_end(w);
	writer_line(w);
}

/* A rule and why, with all devices of which that is so; the next one. */
static size_t write_gap(struct writer *w, const struct results *r, size_t i, bool show)
{
	const struct gap *first = &r->gaps[i];
	unsigned int count = 0;

	writer_object(w, NULL);
	writer_string(w, "rule", show ? "not checked: " : NULL, first->rule);
	writer_string(w, "reason", show ? ": " : NULL, first->reason);
	writer_array(w, "devices");
	for (; i < r->gap_count; i++, count++) {
		if (strcmp(r->gaps[i].rule, first->rule) != 0 ||
		    strcmp(r->gaps[i].reason, first->reason) != 0)
			break;
		writer_string(w, NULL, NULL, r->gaps[i].address);
	}
	writer_end(w);
	if (show) {
		writer_text(w, " (%u device%s)", count, plural(count));
		writer_line(w);
	}
	writer_end(w);
	return i;
}

static void write_results(struct invocation *inv, const struct results *r, size_t checked)
{
	struct writer *w = inv->out;
	bool show = inv->verbosity > 0;

	writer_document(w, "check");
	writer_array(w, "findings");
	for (size_t i = 0; i < r->finding_count; i++)
		write_finding(w, &r->findings[i]);
	writer_end(w);
	writer_array(w, "not_checked");
	for (size_t i = 0; i < r->gap_count;)
		i = write_gap(w, r, i, show);
	writer_end(w);
	writer_number(w, "checked", show ? "devices checked: " : NULL, checked);
	if (show)
		writer_line(w);
	/* the document ends with the program: with findings, the error belongs into it */
}

/* What somebody can change is said once, without -v too: no finding must not be taken for all being well. */
static void warn_of_gaps(const struct invocation *inv, const struct results *r)
{
	const char *last = "";
	char rules[128] = "";
	bool is_unreported = false;
	bool is_void = false;

	for (size_t i = 0; i < r->gap_count; i++) {
		const struct gap *g = &r->gaps[i];
		size_t used = strlen(rules);

		is_void |= strcmp(g->reason, AER_NOT_HANDLED) == 0;
		is_unreported |= strcmp(g->reason, AER_NOT_REPORTED) == 0;
		if (strcmp(g->reason, fact_reason(-EACCES)) != 0 || strcmp(g->rule, last) == 0)
			continue;
		last = g->rule;
		snprintf(rules + used, sizeof(rules) - used, "%s%s", used ? ", " : "", last);
	}
	if (rules[0])
		context_log(&inv->ctx, LOG_WARN, "not checked, as that needs root: %s", rules);
	if (is_void)
		context_log(
			&inv->ctx, LOG_WARN,
			"not checked: aer: errors that the kernel does not handle; -v says of which devices");
	if (is_unreported)
		context_log(&inv->ctx, LOG_WARN,
			    "not checked: aer: errors that devices do not report; -v says which");
}

/* --- for a monitor --------------------------------------------------------------------------- */

static const char *const monitor_words[] = {
	[MONITOR_OK] = "OK",
	[MONITOR_WARNING] = "WARNING",
	[MONITOR_CRITICAL] = "CRITICAL",
	[MONITOR_UNKNOWN] = "UNKNOWN",
};

/* '|' starts what plugins measured. */
static void write_monitor_line(struct writer *w, char *line)
{
	for (char *c = strchr(line, '|'); c; c = strchr(c, '|'))
		*c = '/';
	writer_text(w, "%s", line);
	writer_line(w);
}

static void write_first_line(struct writer *w, enum monitor_status status, const char *text)
{
	char line[FIRST_LINE + 1];
	int used = snprintf(line, sizeof(line), "PCIE %s - ", monitor_words[status]);

	snprintf(line + used, sizeof(line) - (size_t)used, "%.*s", FIRST_LINE - used, text);
	write_monitor_line(w, line);
}

static void write_monitor(struct invocation *inv, const struct results *r, size_t checked)
{
	const struct finding *worst = NULL;
	char counts[64];
	char text[512];

	inv->monitor_status = r->counts[CHECK_CRITICAL]	 ? MONITOR_CRITICAL
			      : r->counts[CHECK_WARNING] ? MONITOR_WARNING
			      : r->unread		 ? MONITOR_UNKNOWN
							 : MONITOR_OK;
	for (size_t i = 0; r->findings && i < r->finding_count; i++) {
		if (!worst || r->findings[i].f.severity > worst->f.severity)
			worst = &r->findings[i];
	}
	if (inv->monitor_status == MONITOR_UNKNOWN) {
		snprintf(text, sizeof(text), "%u of %zu devices could not be read", r->unread, checked);
	} else if (inv->monitor_status == MONITOR_OK || !worst) {
		snprintf(text, sizeof(text), "%zu devices checked", checked);
	} else {
		summarize(r, counts);
		snprintf(text, sizeof(text), "%s: %s %s", counts, worst->address, worst->f.rule);
	}
	write_first_line(inv->out, inv->monitor_status, text);
	for (size_t i = 0; r->findings && i < r->finding_count; i++) {
		const struct finding *f = &r->findings[i];

		snprintf(text, sizeof(text), "%s %s %s: %s%s%s", check_severity_name(f->f.severity),
			 f->address, f->f.rule, f->f.message, f->slot[0] ? ", slot " : "", f->slot);
		write_monitor_line(inv->out, text);
	}
}

/* --- the command ----------------------------------------------------------------------------- */

static int show(struct invocation *inv, struct results *r, size_t checked)
{
	const struct option_values *options = &inv->options;
	char counts[64];

	if (r->gap_count)
		qsort(r->gaps, r->gap_count, sizeof(*r->gaps), compare_gaps);
	if (options->nagios) {
		write_monitor(inv, r, checked);
		return 0;
	}
	write_results(inv, r, checked);
	if (inv->verbosity == 0 && !inv->json)
		warn_of_gaps(inv, r);
	if (r->counts[CHECK_WARNING] + r->counts[CHECK_CRITICAL] == 0) {
		/* silence would not tell that anything was looked at */
		if (inv->verbosity == 0 && !inv->json)
			context_log(&inv->ctx, LOG_NOTE, "checked: %zu device%s, no %s", checked,
				    plural((unsigned int)checked), r->finding_count ? "warning" : "finding");
		return 0;
	}
	summarize(r, counts);
	return error_set(&inv->error, ERROR_DIFFERS, "findings", "%s", counts);
}

static int check_all(struct invocation *inv, const struct survey *survey, const struct baseline *baseline)
{
	const struct selector *selector = inv->selected ? &inv->selector : NULL;
	struct results r = { 0 };
	const struct check_sink sink = { .data = &r, .finding = add_finding, .gap = add_gap };
	int rc;

	rc = check_run(&inv->ctx, survey, baseline, selector, &sink);
	if (rc < 0 || r.failed)
		rc = error_errno(&inv->error, rc < 0 ? rc : -ENOMEM, "checking");
	else if (selector && survey->selected == 0 && r.finding_count == 0)
		rc = no_match(inv);
	else
		rc = show(inv, &r, survey->selected);
	free(r.findings);
	free(r.gaps);
	return rc;
}

static int run_check(struct invocation *inv)
{
	const struct option_values *options = &inv->options;
	struct baseline *baseline = NULL;
	struct survey *survey = NULL;
	int rc = 0;

	if (options->nagios && inv->json)
		return error_set(&inv->error, ERROR_USAGE, "usage", "--nagios is text, not JSON");
	if (options->baseline)
		rc = baseline_read(options->baseline, &baseline, &inv->error);
	if (rc == 0)
		rc = survey_read(&inv->ctx, inv->selected ? &inv->selector : NULL, &survey, &inv->error);
	if (rc == 0)
		rc = check_all(inv, survey, baseline);
	if (rc < 0 && options->nagios)
		write_first_line(inv->out, MONITOR_UNKNOWN, inv->error.message);
	survey_free(survey);
	baseline_free(baseline);
	return rc;
}

const struct command check_commands[] = {
	{
		.name = "check",
		.summary = "Find links, errors, BARs, devices that are not as they should be",
		.details = "Status 8 with a finding that is a warning or worse; with --nagios 0, 1, 2, 3 for "
			   "OK, WARNING, CRITICAL, UNKNOWN. Sleeping devices are left asleep; -v says what "
			   "was not checked. As root, or payload sizes are not.",
		.options = TAKES(OPTION_BASELINE, OPTION_NAGIOS),
		.parse = parse,
		.all_by_default = true,
		.pages = true,
		.run = run_check,
	},
	{ 0 },
};
