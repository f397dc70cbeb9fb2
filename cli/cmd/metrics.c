// SPDX-License-Identifier: GPL-2.0-or-later
/* `metrics`: all devices in Prometheus' text format, for node_exporter's textfile collector. */
#include "core/survey/metrics.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"

static int write_metrics(struct invocation *inv, const struct survey *survey)
{
	const struct option_values *options = &inv->options;
	struct text_buffer text = { 0 };
	int rc = 0;

	metrics_write(survey, options->all, command_version(), &text);
	if (text.failed)
		rc = error_errno(&inv->error, -ENOMEM, "metrics");
	else if (inv->lack)
		rc = error_errno(&inv->error, inv->lack, "metrics");
	else if (!inv->dry_run)
		rc = whole_file_write(options->output, text.bytes, text.length, &inv->error);
	text_buffer_free(&text);
	return rc;
}

static int run_metrics(struct invocation *inv)
{
	struct survey *survey = NULL;
	int rc;

	if (inv->json) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage", "metrics are Prometheus' text, not JSON");
		error_hint(&inv->error, "'pcietool snapshot' and 'pcietool check --json' are JSON");
		return rc;
	}
	rc = survey_read(&inv->ctx, inv->selected ? &inv->selector : NULL, &survey, &inv->error);
	if (rc == 0 && inv->selected && survey->selected == 0) {
		survey_free(survey);
		return error_set(&inv->error, ERROR_SELECT, "no-device", "no device matches");
	}
	if (rc == 0) {
		rc = write_metrics(inv, survey);
	} else {
		/* whoever collects is to see that nothing was */
		struct error first = inv->error;

		write_metrics(inv, NULL);
		inv->error = first;
	}
	survey_free(survey);
	return rc;
}

const struct command metrics_commands[] = {
	{
		.name = "metrics",
		.summary = "Links, error counters, power states for Prometheus",
		.details =
			"Text for node_exporter's textfile collector. Needs no rights and wakes no device.",
		.options = TAKES(OPTION_WHOLE_FILE, OPTION_ALL_METRICS),
		.all_by_default = true,
		.run = run_metrics,
	},
	{ 0 },
};
