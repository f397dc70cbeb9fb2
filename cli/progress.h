/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How far something is that takes long: one line on standard error, drawn anew, where that is a terminal and -q was not
 * given. Nothing is drawn in the first second.
 */
#ifndef PCIETOOL_PROGRESS_H
#define PCIETOOL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool is_shown;
	bool is_drawn;
	uint64_t start; /* ns, of the monotonic clock */
	uint64_t drawn;
};

/* VERBOSITY as the invocation has it. */
void progress_begin(struct progress *progress, int verbosity);
/* DONE bytes of TOTAL (0: that is not known), with the rate. May be called often: the line is drawn five times a second. */
void progress_bytes(struct progress *progress, uint64_t done, uint64_t total);
/* The line with words of the caller's own, drawn each time. */
void progress_line(struct progress *progress, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Takes it away, before anything else is written. */
void progress_end(struct progress *progress);

#endif
