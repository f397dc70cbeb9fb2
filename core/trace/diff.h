/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two traces side by side, as diff(1) does with lines: by place and value; times, processes, and how often was polled, do not count. */
#ifndef PCIETOOL_TRACE_DIFF_H
#define PCIETOOL_TRACE_DIFF_H

#include "core/trace/file.h"

/*
 * Up to twice as many differences between two places that are the same are the fewest that there can be. It would take too
 * long to find that for more: they are cut there, where most is equal.
 */
#define TRACE_DIFF_COST 2000

/* Called for each step in order; one of A and B is NULL where the other trace has no such step. */
typedef void (*trace_diff_fn)(void *data, const struct trace_step *a, const struct trace_step *b);

/*
 * *IS_APPROXIMATE: some steps that are told to be in one trace only may have been put together with others. -ENOMEM, no record,
 * and nothing told.
 */
int trace_diff(const struct trace_step *a, size_t a_count, const struct trace_step *b, size_t b_count,
	       trace_diff_fn tell, void *data, bool *is_approximate);

#endif
