/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Linux says of its interrupt numbers: /proc/interrupts, read once, and their folders in /proc/irq. */
#ifndef PCIETOOL_IRQ_COUNTS_H
#define PCIETOOL_IRQ_COUNTS_H

#include <stddef.h>

#include "core/base/context.h"
#include "core/base/fact.h"

struct irq_row {
	unsigned int irq;
	uint64_t *counts; /* one for each CPU of the table */
	char action[64]; /* who handles it: "nvme0q1"; empty: not told */
};

struct irq_counts {
	size_t cpu_count;
	unsigned int *cpus; /* the numbers of those that are online */
	size_t row_count;
	struct irq_row *rows;
};

/* What COUNTS holds is the caller's (irq_counts_free). -errno without a record. */
int irq_counts_read(const struct context *ctx, struct irq_counts *counts);
void irq_counts_free(struct irq_counts *counts); /* accepts a zeroed one */

/* NULL: the kernel lists it not, as nobody handles it. */
const struct irq_row *irq_counts_find(const struct irq_counts *counts, unsigned int irq);
uint64_t irq_row_sum(const struct irq_counts *counts, const struct irq_row *row);

/* The CPUs that get it, and those that may, as lists: "0-3,8". */
void irq_affinity_read(const struct context *ctx, unsigned int irq, struct fact_text *effective,
		       struct fact_text *allowed);

#endif
