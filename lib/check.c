// SPDX-License-Identifier: GPL-2.0-or-later
/* Is all well? */
#include "core/survey/check.h"

#include <errno.h>

#include "lib/internal.h"

struct sink {
	void (*finding)(void *data, const char *severity, const char *address, const char *rule,
			const char *message);
	void *data;
};

static void pass_finding(void *data, const struct check_finding *f)
{
	const struct sink *sink = data;

	sink->finding(sink->data, check_severity_name(f->severity), f->address, f->rule, f->message);
}

static void pass_gap(void *data, const struct check_gap *gap)
{
	(void)data;
	(void)gap;
}

int pcietool_check(struct pcietool_context *c, const char *selector,
		   void (*finding)(void *data, const char *severity, const char *address, const char *rule,
				   const char *message),
		   void *data, struct pcietool_error *error)
{
	struct sink to = { .finding = finding, .data = data };
	const struct check_sink sink = { .data = &to, .finding = pass_finding, .gap = pass_gap };
	struct survey *survey = NULL;
	struct selector s;
	int rc = 0;

	selector_init(&s);
	if (selector)
		rc = selector_set_default(&s, selector, RECORD(error));
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
