/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A survey in the text format that Prometheus reads, for node_exporter's textfile collector. What is not known has no
 * sample; there is no value that stands for "unknown".
 */
#ifndef PCIETOOL_METRICS_H
#define PCIETOOL_METRICS_H

#include "core/survey/check.h"

/* Takes a piece of the text; 0, or -errno with ERROR filled. */
typedef int (*metrics_piece_fn)(void *data, const char *text, size_t length, struct error *error);

/* What differs from a baseline, by severity. */
struct metrics_findings {
	unsigned int counts[CHECK_SEVERITIES];
};

/*
 * Of the selected devices, piece by piece: the whole may be many times what a survey is. SURVEY NULL: nothing could be
 * collected, and that is what the text says. ALL: also the types of errors that were never counted. FINDINGS
 * NULL: there is no baseline. VERSION is the program's. What WRITE fails with, or -ENOMEM; nothing is written any more then.
 */
int metrics_write(const struct survey *survey, const struct metrics_findings *findings, bool all,
		  const char *version, metrics_piece_fn write, void *data, struct error *error);

#endif
