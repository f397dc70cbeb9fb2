/* SPDX-License-Identifier: GPL-2.0-or-later */
/* dma capture|play --plot-rate: how fast it was, and when. */
#ifndef PCIETOOL_CAPTURE_RATE_H
#define PCIETOOL_CAPTURE_RATE_H

#include "cli/course.h"
#include "cli/writer.h"

/* To be zeroed. */
struct capture_rate {
	struct course course; /* bytes a second, between two looks */
	uint64_t bytes; /* at the last one */
	uint64_t time;
};

/* BYTES there are TIME ns after the start. */
void capture_rate_add(struct capture_rate *rate, uint64_t bytes, uint64_t time);

/* Text. */
void capture_rate_draw(struct writer *w, const struct capture_rate *rate);

#endif
