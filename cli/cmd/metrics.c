// SPDX-License-Identifier: GPL-2.0-or-later
/* `metrics`: all devices in Prometheus' text format, for node_exporter's textfile collector. */
#include "core/survey/metrics.h"

#include <errno.h>

#include "cli/command.h"
#include "cli/device.h"
#include "cli/options.h"
#include "cli/output.h"

static int write_piece(void *file, const char *text, size_t length, struct error *error)
{
	return whole_file_put(file, text, length, error);
}

static void count_finding(void *data, const struct check_finding *finding)
{
	struct metrics_findings *findings = data;

	findings->counts[finding->severity]++;
}

static void ignore_gap(void *unused, const struct check_gap *gap)
{
	(void)unused;
	(void)gap;
}

/* FINDINGS NULL: there is no baseline, or no survey to compare with it. */
static int write_metrics(struct invocation *inv, const struct survey *survey,
			 const struct metrics_findings *findings, struct whole_file *file)
{
	const struct option_values *o = &inv->options;
	int rc;

	if (inv->lack)
		return error_errno(&inv->error, inv->lack, "metrics");
	rc = metrics_write(survey, findings, o->all, command_version(), write_piece, file, &inv->error);
	return rc < 0 ? rc : whole_file_commit(file, &inv->error);
}

static int write_compared(struct invocation *inv, const struct survey *survey,
			  const struct baseline *baseline, struct whole_file *file)
{
	struct metrics_findings findings = { 0 };
	const struct check_sink sink = { .data = &findings, .finding = count_finding, .gap = ignore_gap };
	int rc = check_compare(&inv->ctx, survey, baseline, inv->selected ? &inv->selector : NULL, &sink);

	if (rc < 0)
		return error_errno(&inv->error, rc, "comparing with the baseline");
	return write_metrics(inv, survey, &findings, file);
}

static int collect(struct invocation *inv, const struct baseline *baseline, struct whole_file *file)
{
	struct survey *survey = NULL;
	int rc;

	rc = survey_read(&inv->ctx, inv->selected ? &inv->selector : NULL, &survey, &inv->error);
	if (rc == 0 && inv->selected && survey->selected == 0) {
		rc = no_match(inv);
	} else if (rc == 0 && baseline) {
		rc = write_compared(inv, survey, baseline, file);
	} else if (rc == 0) {
		rc = write_metrics(inv, survey, NULL, file);
	} else {
		/* whoever collects is to see that nothing was */
		struct error first = inv->error;

		write_metrics(inv, NULL, NULL, file);
		inv->error = first;
	}
	survey_free(survey);
	return rc;
}

static int run_metrics(struct invocation *inv)
{
	struct baseline *baseline = NULL;
	struct whole_file file;
	int rc = 0;

	if (inv->json) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "metrics are Prometheus' text, not JSON");
		error_hint(&inv->error, "'pcietool snapshot' and 'pcietool check --json' are JSON");
		return rc;
	}
	/* one that is broken is told, and no file is replaced: what is old is told by its age */
	if (inv->options.baseline)
		rc = baseline_read(inv->options.baseline, &baseline, &inv->error);
	if (rc == 0)
		rc = whole_file_open(inv, inv->options.output, &file);
	if (rc == 0) {
		rc = collect(inv, baseline, &file);
		whole_file_abort(&file);
	}
	baseline_free(baseline);
	return rc;
}

const struct command metrics_commands[] = {
	{
		.name = "metrics",
		.summary = "Links, error counters, power states for Prometheus",
		.details =
			"Text for node_exporter's textfile collector. Needs no rights and wakes no device. "
			"With --baseline the number of differences too, as 'check --baseline' tells them.",
		.options = TAKES(OPTION_WHOLE_FILE, OPTION_ALL_METRICS, OPTION_BASELINE),
		.all_by_default = true,
		.run = run_metrics,
	},
	{ 0 },
};
