/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command of bench wrote with --json, read again: numbers that have a name, in series, and histograms. Of whatever
 * verb, so that two of one verb can be held against each other. Knows no device.
 */
#ifndef PCIETOOL_BENCH_DOCUMENT_H
#define PCIETOOL_BENCH_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/number.h"

#define BENCH_SERIES 2
#define BENCH_POINTS 32
#define BENCH_BINS 64
#define BENCH_SUBJECT 128

struct bench_point {
	char name[SIZE_TEXT]; /* "median", "64K" */
	double x; /* of times: the part of all that is not above it, 0 to 1, or below 0 for the mean; of rates: bytes a block */
	double value;
};

/* Both ends are in it. */
struct bench_bin {
	uint64_t from;
	uint64_t to;
	uint64_t count;
};

struct bench_series {
	const char *name; /* "read", "write", "interrupt", "rate" */
	struct bench_point points[BENCH_POINTS];
	size_t point_count;
	struct bench_bin bins[BENCH_BINS]; /* one behind the other */
	size_t bin_count; /* 0: rates have none */
	uint64_t count; /* what is in them */
};

struct bench_document {
	const char *verb; /* "bench mmio" */
	const char *unit; /* "ns", "bytes/s" */
	bool is_rate; /* more is better */
	char subject[BENCH_SUBJECT]; /* which register, what raises the interrupt; "": it does not say */
	struct bench_series series[BENCH_SERIES];
	size_t series_count;
};

/* PATH, "-" standard input. What is no such document, or makes no sense, is a usage error. */
int bench_document_read(const char *path, struct bench_document *document, struct error *error);

/* SHARES[i]: which part of all of SERIES is in BINS[i], each of its own bins spread evenly over what it spans. */
void bench_series_shares(const struct bench_series *series, const struct bench_bin *bins, size_t count,
			 double *shares);

#endif
