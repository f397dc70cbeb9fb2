// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/survey/msi_irqs.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/kernel/sysfs.h"

/* pci_msi_domain_calc_hwirq() in Linux' drivers/pci/msi/irqdomain.c: the vector is in the low 11 bits */
#define HWIRQ_VECTOR 0x7ff

static int by_irq(const void *a, const void *b)
{
	const struct msi_irq *one = a;
	const struct msi_irq *other = b;

	return one->irq < other->irq ? -1 : one->irq > other->irq;
}

static void read_irq(const struct device *dev, struct msi_irqs *irqs, struct msi_irq *irq)
{
	uint64_t hwirq;
	char mode[16];

	irq->vector = -1;
	if (sysfs_read_number(dev->ctx, &hwirq, "/sys/kernel/irq/%u/hwirq", irq->irq) == 0)
		irq->vector = (int)(hwirq & HWIRQ_VECTOR);
	if (sysfs_read(dev->ctx, mode, sizeof(mode), SYSFS_PCI_DEVICES "/%s/msi_irqs/%u", dev->name,
		       irq->irq) == 0)
		irqs->is_msix = strcmp(mode, "msix") == 0;
}

int msi_irqs_read(const struct device *dev, struct msi_irqs *irqs)
{
	struct msi_irqs found = { .count = 0 };
	char path[PATH_MAX];
	struct dirent *entry;
	DIR *dir;
	int rc;

	rc = sysfs_path(dev->ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s/msi_irqs", dev->name);
	if (rc < 0)
		return rc;
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		struct msi_irq *list;
		struct msi_irq irq;
		char *end;

		irq.irq = (unsigned int)strtoul(entry->d_name, &end, 10);
		if (end == entry->d_name || *end)
			continue;
		read_irq(dev, &found, &irq);
		list = array_grow(found.list, found.count, sizeof(*list));
		if (!list) {
			closedir(dir);
			msi_irqs_free(&found);
			return -ENOMEM;
		}
		found.list = list;
		list[found.count++] = irq;
	}
	if (dir)
		closedir(dir);
	if (found.count)
		qsort(found.list, found.count, sizeof(*found.list), by_irq);
	*irqs = found;
	return 0;
}

void msi_irqs_free(struct msi_irqs *irqs)
{
	free(irqs->list);
	*irqs = (struct msi_irqs){ .count = 0 };
}

/* Has the entry a message? One that was never written is zero. */
static bool is_programmed(const struct msi_entry *entry)
{
	return entry->address.reason || entry->address.value || entry->data.value;
}

/* Is it told for all of them, once each, and of vectors that have a message? */
static bool is_told(const struct msi_irqs *irqs, const struct msi_table *table)
{
	for (size_t i = 0; i < irqs->count; i++) {
		int vector = irqs->list[i].vector;

		if (vector < 0 || (unsigned int)vector >= table->count ||
		    !is_programmed(&table->entries[vector]))
			return false;
		for (size_t j = 0; j < i; j++) {
			if (irqs->list[j].vector == vector)
				return false;
		}
	}
	return true;
}

void msi_irqs_join(const struct msi_irqs *irqs, struct msi_table *table)
{
	size_t next = 0;

	for (unsigned int i = 0; i < table->count; i++)
		table->entries[i].irq = (struct fact_number){ .reason = "none" };
	if (is_told(irqs, table)) {
		for (size_t i = 0; i < irqs->count; i++)
			table->entries[irqs->list[i].vector].irq =
				(struct fact_number){ .value = irqs->list[i].irq };
		return;
	}
	table->irqs_by_order = true;
	for (unsigned int i = 0; i < table->count && next < irqs->count; i++) {
		if (is_programmed(&table->entries[i]))
			table->entries[i].irq = (struct fact_number){ .value = irqs->list[next++].irq };
	}
}
