/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs of bench share. */
#ifndef PCIETOOL_BENCH_H
#define PCIETOOL_BENCH_H

#include "cli/command.h"
#include "cli/plot.h"
#include "core/access/latency.h"

/* --- bench_view.c -------------------------------------------------------------------------------------------- */

/* The object KEY: percentiles, a histogram; LABEL is the text's word for it. */
void bench_write_latency(struct writer *w, const char *key, const char *label, const struct latency *latency);
/* The processor's state now. */
void bench_write_processor(struct writer *w, const struct context *ctx);
/* The same, and CLOCK, the ns that were taken off each time. */
void bench_write_conditions(struct writer *w, const struct context *ctx, uint64_t clock);
/* --count, or FALLBACK; -errno with the record filled when there cannot be so many. */
int bench_count(struct invocation *inv, uint64_t fallback, uint64_t *count);

/* --- bench_files.c ------------------------------------------------------------------------------------------- */

/* COUNT times, at least one. */
struct bench_times {
	const char *name;
	const uint64_t *sorted;
	uint64_t count;
};

/* Can the files of --plot and --hgrm be made? Before anything is timed. */
int bench_check_files(struct invocation *inv);
/* Those that are asked for: a curve for each of N TIMES, the first of them as percentiles. */
int bench_write_files(struct invocation *inv, const char *title, const struct bench_times *times, size_t n);
/* The axes of a picture of times by percentile; and the time that so large a part of COUNT, LEVEL, is not above. */
void bench_plot_percentiles(struct plot *plot, const char *title);
void bench_plot_rates(struct plot *plot, const char *title); /* of bytes a second by the size of a block */
void bench_plot_time(struct plot *plot, double level, uint64_t count, double time);

/* --- the verbs, each in its own file ------------------------------------------------------------------------- */

int bench_irq(struct invocation *inv);
int bench_dma(struct invocation *inv);
int bench_blocks(struct invocation *inv);
int bench_compare(struct invocation *inv);

#endif
