/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The messages that a device interrupts with, as they stand in it: MSI-X' table and pending bits behind a BAR, or
 * MSI's registers; and which of Linux' interrupt numbers each vector is. Only reads.
 */
#ifndef PCIETOOL_MSI_TABLE_H
#define PCIETOOL_MSI_TABLE_H

#include "core/pci/capability.h"

enum msi_kind {
	MSI_KIND_NONE, /* it has neither */
	MSI_KIND_MSI,
	MSI_KIND_MSIX,
};

struct msi_entry {
	struct fact_number address;
	struct fact_number data;
	struct fact_number masked; /* 0 or 1 */
	struct fact_number pending;
	struct fact_number irq; /* reason "none": not allocated */
};

struct msi_table {
	enum msi_kind kind; /* what is on; of two that are off MSI-X */
	struct msi_state msi;
	struct msix_state msix;
	const char *reason; /* why the messages are unknown; NULL: they are known */
	struct error why; /* the same at length, when there is more to say (kind not ERROR_NONE) */
	bool irqs_by_order; /* which vector a number is was not told, but follows from their order */
	unsigned int count; /* vectors */
	struct msi_entry *entries; /* by vector */
};

/*
 * A table that cannot be read has a reason in its place; only a device that does not answer is a failure, and one that
 * has neither (ERROR_UNSUPPORTED), or one that sleeps without any (ERROR_FAILED, "asleep"). What TABLE holds is the caller's (msi_table_free).
 */
int msi_table_read(struct device *device, struct msi_table *table, struct error *error);
void msi_table_free(struct msi_table *table); /* accepts a zeroed one */

#endif
