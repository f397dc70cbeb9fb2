/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Times by percentile, in the steps of HdrHistogram's percentile distribution: five up to the 50th, five more for each half of
 * what is left. Of exact times, so that no bucket rounds them.
 */
#ifndef PCIETOOL_PERCENTILES_H
#define PCIETOOL_PERCENTILES_H

#include <stdint.h>

#include "core/base/text_buffer.h"

struct percentile {
	double level; /* 0 to 1: so large a part of all, at least, is not above VALUE */
	uint64_t value;
	uint64_t count; /* how many are not above it */
};

/* Of COUNT times, at least one, SORTED. The last has level 1. */
void percentiles_each(const uint64_t *sorted, uint64_t count,
		      void (*take)(void *data, const struct percentile *percentile), void *data);

/* All of it as a file .hgrm, which the tools around HdrHistogram read. */
void percentiles_hgrm(const uint64_t *sorted, uint64_t count, struct text_buffer *text);

#endif
