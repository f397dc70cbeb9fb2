/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `report` puts together: report.c the archive, report_parts.c what is in it. */
#ifndef PCIETOOL_REPORT_H
#define PCIETOOL_REPORT_H

#include "cli/command.h"
#include "core/pci/ids.h"
#include "core/survey/survey.h"
#include "core/base/text_buffer.h"

struct report {
	struct invocation *inv;
	const struct survey *survey;
	struct names *names;
	bool serials; /* serial numbers are wanted */
	char host[65]; /* this machine's name; empty: not known */
	struct text_buffer notes; /* what is not in the report, and why */
};

/* A file of the report that is rendered. */
struct report_part {
	const char *name;
	bool json;
	bool is_dump; /* numbers only, among which no host's name is looked for */
	void (*write)(struct report *report, struct writer *w);
};

extern const struct report_part report_parts[]; /* ends with one without a name */

void report_note(struct report *report, const char *what, const char *reason);

#endif
