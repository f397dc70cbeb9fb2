/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interrupt numbers that the kernel allocated for a device's MSI or MSI-X vectors, from sysfs' msi_irqs. */
#ifndef PCIETOOL_MSI_IRQS_H
#define PCIETOOL_MSI_IRQS_H

#include "core/survey/msi.h"

struct msi_irq {
	unsigned int irq;
	int vector; /* -1: not told */
};

struct msi_irqs {
	bool is_msix;
	size_t count; /* 0: none are allocated */
	struct msi_irq *list; /* rising */
};

/* What IRQS holds is the caller's (msi_irqs_free). -errno without a record. */
int msi_irqs_read(const struct device *device, struct msi_irqs *irqs);
void msi_irqs_free(struct msi_irqs *irqs); /* accepts a zeroed one */

/* Gives each of TABLE's entries its number, or the reason "none". */
void msi_irqs_join(const struct msi_irqs *irqs, struct msi_table *table);

#endif
