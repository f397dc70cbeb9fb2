// SPDX-License-Identifier: GPL-2.0-or-later
/* Is all well? */
#include "core/survey/check.h"

#include <errno.h>

#include "lib/internal.h"

struct sink {
	int (*found)(void *data, const struct pcietool_finding *finding);
	void *data;
	bool is_ended; /* FOUND said so */
};

static const struct check_finding *finding_of(const struct pcietool_finding *finding)
{
	return (const struct check_finding *)finding;
}

const char *pcietool_finding_severity(const struct pcietool_finding *finding)
{
	return check_severity_name(finding_of(finding)->severity);
}

const char *pcietool_finding_address(const struct pcietool_finding *finding)
{
	return finding_of(finding)->address;
}

const char *pcietool_finding_rule(const struct pcietool_finding *finding)
{
	return finding_of(finding)->rule;
}

const char *pcietool_finding_message(const struct pcietool_finding *finding)
{
	return finding_of(finding)->message;
}

static void pass_finding(void *data, const struct check_finding *f)
{
	struct sink *sink = data;

	if (!sink->is_ended)
		sink->is_ended = sink->found(sink->data, (const struct pcietool_finding *)f) != 0;
}

static void pass_gap(void *data, const struct check_gap *gap)
{
	(void)data;
	(void)gap;
}

int pcietool_check(struct pcietool_context *c, const char *selector,
		   int (*found)(void *data, const struct pcietool_finding *finding), void *data,
		   struct pcietool_error *error)
{
	struct sink to = { .found = found, .data = data };
	const struct check_sink sink = { .data = &to, .finding = pass_finding, .gap = pass_gap };
	struct survey *survey = NULL;
	struct selector s;
	int rc = select_text(selector, &s, RECORD(error));

	if (rc == 0)
		rc = survey_read(&c->ctx, selector ? &s : NULL, &survey, RECORD(error));
	if (rc < 0 || !survey)
		return rc;
	if (selector && survey->selected == 0)
		rc = error_set(RECORD(error), ERROR_SELECT, "no-device", "no device matches");
	else if (check_run(&c->ctx, survey, NULL, NULL, &sink) < 0)
		rc = error_errno(RECORD(error), -ENOMEM, "check");
	survey_free(survey);
	return rc;
}
