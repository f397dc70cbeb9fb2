/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A survey in the text format that Prometheus reads, for node_exporter's textfile collector. What is not known has no
 * sample; there is no value that stands for "unknown".
 */
#ifndef PCIETOOL_METRICS_H
#define PCIETOOL_METRICS_H

#include "core/survey/survey.h"
#include "core/base/text_buffer.h"

/*
 * Of the selected devices. SURVEY NULL: nothing could be collected, and that is what the text says. ALL: also the types
 * of errors that were never counted. VERSION is the program's.
 */
void metrics_write(const struct survey *survey, bool all, const char *version, struct text_buffer *text);

#endif
