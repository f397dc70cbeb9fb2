/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long the accesses of one register take, each timed by itself: a read's round trip, a write as the processor sees
 * it, and a write with the read behind it that flushes it (PCIe 6.0 section 2.4.1: a read's completion passes no posted
 * write).
 */
#ifndef PCIETOOL_LATENCY_H
#define PCIETOOL_LATENCY_H

#include "core/access/target.h"

#define LATENCY_COUNT_MAX 10000000u
#define LATENCY_BINS 12

/* Times in ns, without what reading the clock takes. */
struct latency {
	uint64_t minimum;
	uint64_t median;
	uint64_t p90; /* percentiles by the nearest rank: a time that was seen */
	uint64_t p99;
	uint64_t p999;
	uint64_t maximum;
	double mean;
	/* From the least time up to the 99th percentile in equal steps, and in the last what took longer. Both ends are in it. */
	struct {
		uint64_t from;
		uint64_t to;
		uint64_t count;
	} bins[LATENCY_BINS];
	unsigned int bin_count;
};

struct latency_config {
	uint64_t count; /* accesses that are timed, up to LATENCY_COUNT_MAX; one more comes first */
	bool writes;
	uint64_t value; /* that is written, of the whole register */
	bool (*stopped)(void *data); /* asked before each; NULL: never */
	void *data;
};

struct latency_result {
	uint64_t count; /* that were timed: fewer when it was stopped */
	uint64_t clock; /* ns that were taken off each */
	struct latency read; /* a read; with WRITES, a write and the read behind it */
	struct latency write; /* only with WRITES */
	uint64_t *reads; /* each time, sorted; NULL without a COUNT */
	uint64_t *writes; /* only with WRITES */
};

/*
 * 0, also when it was stopped; -errno with the record filled when an access was not possible, or for want of memory. *RESULT
 * is to be freed in every case.
 */
int latency_measure(const struct target *target, const struct latency_config *config,
		    struct latency_result *result, struct error *error);

void latency_result_free(struct latency_result *result);

/* The least that two readings of the clock are apart, in ns. */
uint64_t latency_clock(void);

/* Takes CLOCK ns off each of COUNT SAMPLES, at least one, sorts them, and says what there is in them. */
void latency_summarize(uint64_t *samples, uint64_t count, uint64_t clock, struct latency *latency);

#endif
