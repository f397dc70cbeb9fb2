/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a watch counted in each minute of the last hour: a line that stands on a terminal below what it tells, and is
 * told at the end.
 */
#ifndef PCIETOOL_LAST_HOUR_H
#define PCIETOOL_LAST_HOUR_H

#include "cli/progress.h"
#include "cli/writer.h"
#include "core/base/minutes.h"

struct last_hour {
	struct minutes minutes;
	struct progress progress;
	uint64_t drawn; /* ns */
};

/* VERBOSITY as the invocation has it. */
void last_hour_begin(struct last_hour *hour, int verbosity);
/* COUNT more; to be called with 0, too, at each look, as the line is drawn then. */
void last_hour_add(struct last_hour *hour, uint64_t count);
/* Takes the line away: something is told. */
void last_hour_hide(struct last_hour *hour);
/* "per_minute", the oldest first; text: a line, where there was more than one minute. */
void last_hour_write(struct writer *w, const struct last_hour *hour);

#endif
