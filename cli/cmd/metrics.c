// SPDX-License-Identifier: GPL-2.0-or-later
/* `metrics`: all devices in Prometheus' text format, for node_exporter's textfile collector. */
#include "core/survey/metrics.h"

#include <errno.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"

static int write_piece(void *file, const char *text, size_t length, struct error *error)
{
	return whole_file_put(file, text, length, error);
}

static int write_nothing(void *unused, const char *text, size_t length, struct error *error)
{
	(void)unused;
	(void)text;
	(void)length;
	(void)error;
	return 0;
}

static int write_metrics(struct invocation *inv, const struct survey *survey)
{
	const struct option_values *o = &inv->options;
	struct whole_file file;
	int rc;

	if (inv->lack)
		return error_errno(&inv->error, inv->lack, "metrics");
	if (inv->dry_run)
		return metrics_write(survey, o->all, command_version(), write_nothing, NULL, &inv->error);
	rc = whole_file_open(o->output, &file, &inv->error);
	if (rc < 0)
		return rc;
	rc = metrics_write(survey, o->all, command_version(), write_piece, &file, &inv->error);
	if (rc < 0) {
		whole_file_abort(&file);
		return rc;
	}
	return whole_file_commit(&file, &inv->error);
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
