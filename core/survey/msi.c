// SPDX-License-Identifier: GPL-2.0-or-later
/* MSI's registers, or the MSI-X table behind its BAR, joined with the numbers that the kernel allocated. */
#include "core/survey/msi.h"

#include <errno.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernel/sysfs.h"
#include "core/pci/power.h"
#include "core/region/region.h"

/* --- the numbers that the kernel allocated, from sysfs' msi_irqs ---------------------------------------- */

/* pci_msi_domain_calc_hwirq() in Linux' drivers/pci/msi/irqdomain.c: the vector is in the low 11 bits */
#define HWIRQ_VECTOR 0x7ff

struct msi_irq {
	unsigned int irq;
	int vector; /* -1: not told */
};

struct msi_irqs {
	bool is_msix;
	size_t count; /* 0: none are allocated */
	struct msi_irq *list; /* rising */
};

static void msi_irqs_free(struct msi_irqs *irqs)
{
	free(irqs->list);
	*irqs = (struct msi_irqs){ .count = 0 };
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

static int msi_irqs_read(const struct device *dev, struct msi_irqs *irqs)
{
	struct msi_irqs found = { .count = 0 };
	unsigned int *numbers;
	char folder[PATH_MAX];
	int rc;

	snprintf(folder, sizeof(folder), SYSFS_PCI_DEVICES "/%s/msi_irqs", dev->name);
	rc = sysfs_list_numbers(dev->ctx, folder, "", &numbers, &found.count);
	if (rc < 0)
		return rc;
	found.list = calloc(found.count ? found.count : 1, sizeof(*found.list));
	for (size_t i = 0; found.list && i < found.count; i++) {
		found.list[i].irq = numbers[i];
		read_irq(dev, &found, &found.list[i]);
	}
	free(numbers);
	if (!found.list)
		return -ENOMEM;
	*irqs = found;
	return 0;
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

static void msi_irqs_join(const struct msi_irqs *irqs, struct msi_table *table)
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

/* --- MSI-X: PCIe 5.0 section 7.7.2 ------------------------------------------------------------------ */

static const char all_ones[] = "reads all ones";

/* Is it inside of its BAR? */
static int check_place(const struct region *region, const char *what, uint64_t offset, uint64_t length,
		       struct error *error)
{
	if (offset <= region->size && length <= region->size - offset)
		return 0;
	return error_set(error, ERROR_FAILED, "outside-bar", "%s: %s is said to lie outside of %s",
			 region->device->name, what, region->name);
}

/* A table that lies behind a BAR: LENGTH bytes at OFFSET. */
struct msix_view {
	struct context ctx; /* the caller's, to read beside whatever driver is bound: that disturbs nobody */
	struct device *device;
	struct region *region;
};

static void close_view(struct msix_view *v)
{
	region_close(v->region);
	device_close(v->device);
}

static int open_view(const struct device *device, unsigned int bar, const char *what, uint64_t offset,
		     uint64_t length, struct msix_view *v, struct error *error)
{
	int rc;

	*v = (struct msix_view){ .ctx = *device->ctx };
	v->ctx.force = true;
	v->ctx.pool = NULL;
	rc = device_open(&v->ctx, &device->address, &v->device, error);
	if (rc == 0)
		rc = region_open_bar(v->device, bar, false, &v->region, error);
	if (rc == 0)
		rc = check_place(v->region, what, offset, length, error);
	if (rc < 0)
		close_view(v);
	return rc;
}

static void set_entry_unknown(struct msi_entry *entry, const char *reason)
{
	const struct fact_number unknown = { .reason = reason };

	*entry = (struct msi_entry){
		.address = unknown,
		.data = unknown,
		.masked = unknown,
		.pending = unknown,
	};
}

static int read_entry(struct region *region, uint64_t offset, struct msi_entry *entry, struct error *error)
{
	uint64_t words[4];
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < 4; i++)
		rc = region_read(region, offset + (uint64_t)4 * i, 32, &words[i], error);
	if (rc < 0)
		return rc;
	/* bits 1:0 of an address are 0: PCIe 5.0 section 7.7.2.3 */
	if (words[0] == UINT32_MAX && words[2] == UINT32_MAX) {
		set_entry_unknown(entry, all_ones);
		return 0;
	}
	entry->address = (struct fact_number){ .value = words[0] | words[1] << 32 };
	entry->data = (struct fact_number){ .value = words[2] };
	entry->masked = (struct fact_number){ .value = words[3] & PCI_MSIX_ENTRY_CTRL_MASKBIT };
	return 0;
}

static int read_entries(const struct device *device, struct msi_table *t, struct error *error)
{
	struct msix_view v;
	int rc;

	rc = open_view(device, t->msix.table_bar, "the MSI-X table", t->msix.table_offset,
		       (uint64_t)t->count * PCI_MSIX_ENTRY_SIZE, &v, error);
	if (rc < 0)
		return rc;
	for (unsigned int i = 0; rc == 0 && i < t->count; i++)
		rc = read_entry(v.region, t->msix.table_offset + (uint64_t)i * PCI_MSIX_ENTRY_SIZE,
				&t->entries[i], error);
	close_view(&v);
	return rc;
}

/* A bit for each vector, in words of 64 bits that may be read by halves. */
static int read_pending(const struct device *device, struct msi_table *t, struct error *error)
{
	struct msix_view v;
	uint64_t word = 0;
	int rc;

	rc = open_view(device, t->msix.pending_bar, "the MSI-X pending bits", t->msix.pending_offset,
		       (uint64_t)(t->count + 31) / 32 * 4, &v, error);
	if (rc < 0)
		return rc;
	for (unsigned int i = 0; rc == 0 && i < t->count; i++) {
		if (i % 32 == 0)
			rc = region_read(v.region, t->msix.pending_offset + i / 32 * 4, 32, &word, error);
		if (t->entries[i].address.reason != all_ones)
			t->entries[i].pending = (struct fact_number){ .value = word >> i % 32 & 1 };
	}
	close_view(&v);
	return rc;
}

/* --- MSI: PCI Local Bus 3.0 section 6.8.1 ----------------------------------------------------------- */

static void read_msi(struct device *device, struct msi_table *t)
{
	const struct capability_place place = capability_place_read(device, false, PCI_CAP_ID_MSI);
	bool is_64bit = t->msi.is_64bit;
	struct fact_number low;
	struct fact_number high = { .value = 0 };
	struct fact_number data;
	struct fact_number mask = { .reason = "not maskable" };
	struct fact_number pending = mask;

	capability_read(device, &place, PCI_MSI_ADDRESS_LO, 32, &low);
	if (is_64bit)
		capability_read(device, &place, PCI_MSI_ADDRESS_HI, 32, &high);
	capability_read(device, &place, is_64bit ? PCI_MSI_DATA_64 : PCI_MSI_DATA_32, 16, &data);
	if (t->msi.maskable) {
		capability_read(device, &place, is_64bit ? PCI_MSI_MASK_64 : PCI_MSI_MASK_32, 32, &mask);
		capability_read(device, &place, is_64bit ? PCI_MSI_PENDING_64 : PCI_MSI_PENDING_32, 32,
				&pending);
	}
	if (!low.reason)
		low.reason = high.reason;
	t->reason = low.reason ? low.reason : data.reason;
	for (unsigned int i = 0; i < t->count; i++) {
		/* the device puts the vector into the low bits of the data */
		t->entries[i] = (struct msi_entry){
			.address = { low.reason, low.value | high.value << 32 },
			.data = { data.reason, data.value | i },
			.masked = { mask.reason, mask.value >> i & 1 },
			.pending = { pending.reason, pending.value >> i & 1 },
		};
	}
}

/* ---------------------------------------------------------------------------------------------------- */

static void set_unknown(struct msi_table *t, const char *reason)
{
	t->reason = reason;
	for (unsigned int i = 0; i < t->count; i++)
		set_entry_unknown(&t->entries[i], reason);
}

/* Which one, and how many vectors; by what the kernel allocated where config space does not tell. */
static int choose_kind(struct device *device, struct msi_table *t, const struct msi_irqs *irqs,
		       struct error *error)
{
	int rc;

	if (!t->msix.reason && (t->msix.enabled || t->msi.reason || !t->msi.enabled)) {
		t->kind = MSI_KIND_MSIX;
		t->count = t->msix.vectors;
	} else if (!t->msi.reason) {
		t->kind = MSI_KIND_MSI;
		t->count = t->msi.enabled ? t->msi.vectors_enabled : t->msi.vectors;
	} else if (irqs->count) {
		t->kind = irqs->is_msix ? MSI_KIND_MSIX : MSI_KIND_MSI;
		t->count = (unsigned int)irqs->count;
		t->reason = irqs->is_msix ? t->msix.reason : t->msi.reason;
	} else if (t->msi.reason == POWER_SUSPENDED) {
		rc = error_set(error, ERROR_FAILED, "asleep",
			       "%s: the device sleeps, and the kernel has allocated no vectors",
			       device->name);
		error_hint(error, "'pcietool -s %s power on' wakes it", device->name);
		return rc;
	} else if (device_config_size(device) <= PCI_STD_HEADER_SIZEOF) {
		rc = error_set(error, ERROR_DENIED, "not-root",
			       "%s: its capabilities are for root, and the kernel has allocated no vectors",
			       device->name);
		error_hint(error, "run as root");
		return rc;
	} else {
		return error_set(error, ERROR_UNSUPPORTED, "no-msi",
				 "%s: the device has neither MSI nor MSI-X", device->name);
	}
	return 0;
}

/* What cannot be read of it is not a failure, unless the device is gone. */
static int read_msix(struct device *device, struct msi_table *t, struct error *error)
{
	struct error why;
	int rc;

	rc = read_entries(device, t, &why);
	if (rc < 0)
		set_unknown(t, "not readable");
	else
		rc = read_pending(device, t, &why);
	for (unsigned int i = 0; rc < 0 && i < t->count; i++)
		t->entries[i].pending.reason = "not readable";
	if (rc == 0)
		return 0;
	if (why.kind == ERROR_GONE) {
		*error = why;
		return rc;
	}
	t->why = why;
	return 0;
}

static void read_setup(struct device *device, struct msi_table *t)
{
	struct capability_list list = { .reason = NULL };
	struct interrupt_setup setup;

	if (power_is_asleep(device)) {
		t->msi.reason = POWER_SUSPENDED;
		t->msix.reason = POWER_SUSPENDED;
		return;
	}
	capability_list_read(device, false, &list);
	interrupt_setup_read(device, &list, &setup);
	t->msi = setup.msi;
	t->msix = setup.msix;
}

int msi_table_read(struct device *device, struct msi_table *table, struct error *error)
{
	struct msi_table t = { .kind = MSI_KIND_NONE };
	struct msi_irqs irqs = { .count = 0 };
	int rc;

	if (!power_is_asleep(device) && !device_is_present(device))
		return device_gone(device, error);
	read_setup(device, &t);
	rc = msi_irqs_read(device, &irqs);
	if (rc < 0)
		return error_errno(error, rc, "%s: listing its interrupts", device->name);
	rc = choose_kind(device, &t, &irqs, error);
	if (rc < 0)
		goto out_free;
	t.entries = calloc(t.count, sizeof(*t.entries));
	if (!t.entries) {
		rc = error_errno(error, -ENOMEM, "%s: its vectors", device->name);
		goto out_free;
	}
	if (t.reason)
		set_unknown(&t, t.reason);
	else if (t.kind == MSI_KIND_MSIX)
		rc = read_msix(device, &t, error);
	else
		read_msi(device, &t);
	if (rc < 0) {
		free(t.entries);
		goto out_free;
	}
	msi_irqs_join(&irqs, &t);
	*table = t;
out_free:
	msi_irqs_free(&irqs);
	return rc;
}

void msi_table_free(struct msi_table *table)
{
	free(table->entries);
	table->entries = NULL;
	table->count = 0;
}
