/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PCIETOOL_CLOCK_H
#define PCIETOOL_CLOCK_H

#include <stdint.h>
#include <time.h>

/* ns since some point in the past; never goes back. */
static inline uint64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* NS after START; UINT64_MAX, never, where that is beyond the end of time. */
static inline uint64_t clock_after(uint64_t start, uint64_t ns)
{
	return ns < UINT64_MAX - start ? start + ns : UINT64_MAX;
}

/* In ms, to the microsecond. */
static inline double clock_ms(uint64_t ns)
{
	uint64_t us = ns / 1000;

	return (double)us / 1000;
}

#endif
