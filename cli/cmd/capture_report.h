/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What capture and play show: the progress, the result, the plan of a dry run. */
#ifndef PCIETOOL_CAPTURE_REPORT_H
#define PCIETOOL_CAPTURE_REPORT_H

#include "cli/command.h"
#include "core/capture/capture.h"

/* A line on standard error that replaces the one before. */
void capture_show_progress(const struct capture_result *result);
void capture_clear_progress(void);

/* To standard output, or to standard error where the data went to that. */
void capture_show_result(struct invocation *inv, const struct capture_config *config,
			 const struct capture_result *result);

int capture_show_plan(struct invocation *inv, const struct capture_config *config, struct device *device);

#endif
