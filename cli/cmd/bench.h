/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs of bench share: bench_view.c, but for the verbs. */
#ifndef PCIETOOL_BENCH_H
#define PCIETOOL_BENCH_H

#include "cli/command.h"
#include "core/access/latency.h"

/* The object KEY: percentiles, a histogram; LABEL is the text's word for it. */
void bench_write_latency(struct writer *w, const char *key, const char *label, const struct latency *latency);
/* The processor's state now. */
void bench_write_processor(struct writer *w, const struct context *ctx);
/* The same, and CLOCK, the ns that were taken off each time. */
void bench_write_conditions(struct writer *w, const struct context *ctx, uint64_t clock);
/* --count, or FALLBACK; -errno with the record filled when there cannot be so many. */
int bench_count(struct invocation *inv, uint64_t fallback, uint64_t *count);

int bench_irq(struct invocation *inv); /* cli/cmd/bench_irq.c */
int bench_dma(struct invocation *inv); /* cli/cmd/bench_dma.c */

#endif
