// SPDX-License-Identifier: GPL-2.0-or-later
/* The devices of a dump among each other: by their address, and which virtual ones are whose. Sections are of PCIe 6.0. */
#include "core/pci/dump_devices.h"

#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>

static int by_address(const void *a, const void *b)
{
	return pci_address_compare(&((const struct dump_device *)a)->address,
				   &((const struct dump_device *)b)->address);
}

const struct dump_device *dump_find(const struct dump *dump, const struct pci_address *address)
{
	const struct dump_device key = { .address = *address };

	return bsearch(&key, dump->devices, dump->count, sizeof(*dump->devices), by_address);
}

bool dump_device_answered(const struct dump_device *d)
{
	for (size_t i = 0; i < d->size && i < PCI_STD_HEADER_SIZEOF; i++) {
		if (d->bytes[i] != 0xff)
			return true;
	}
	return d->size < PCI_STD_HEADER_SIZEOF;
}

bool dump_device_is_virtual(const struct dump_device *d)
{
	static const uint8_t no_ids[4] = { 0xff, 0xff, 0xff, 0xff };

	return d->size >= PCI_STD_HEADER_SIZEOF && memcmp(d->bytes, no_ids, sizeof(no_ids)) == 0 &&
	       dump_device_answered(d);
}

/* --- virtual functions -------------------------------------------------------------------------------- */

static unsigned int get16(const struct dump_device *d, unsigned int offset)
{
	return d->bytes[offset] | (unsigned int)d->bytes[offset + 1] << 8;
}

/* Where SR-IOV is, with all of it in the dump; 0: it has none. Section 7.6.3; a list goes down or ends, lest it loop. */
static unsigned int find_sriov(const struct dump_device *d)
{
	unsigned int offset = PCI_CFG_SPACE_SIZE;
	unsigned int steps = (PCI_CFG_SPACE_EXP_SIZE - PCI_CFG_SPACE_SIZE) / 4;

	while (steps-- > 0 && offset >= PCI_CFG_SPACE_SIZE && offset + PCI_EXT_CAP_SRIOV_SIZEOF <= d->size) {
		if (get16(d, offset) == PCI_EXT_CAP_ID_SRIOV)
			return offset;
		offset = get16(d, offset + 2) >> 4 & 0xffc;
	}
	return 0;
}

static unsigned int routing_id(const struct pci_address *address)
{
	return (unsigned int)address->bus << 8 | (unsigned int)address->device << 3 | address->function;
}

/*
 * Sections 9.3.3.7 to 9.3.3.11, with the addresses of 9.2.1.2. By the devices that there are, and not by the numbers of the
 * file, which may be anything.
 */
static void connect_of(struct dump *dump, const struct dump_device *physical, unsigned int sriov)
{
	unsigned int count = get16(physical, sriov + PCI_SRIOV_NUM_VF);
	unsigned int stride = get16(physical, sriov + PCI_SRIOV_VF_STRIDE);
	unsigned int first = routing_id(&physical->address) + get16(physical, sriov + PCI_SRIOV_VF_OFFSET);

	for (size_t i = 0; i < dump->count; i++) {
		struct dump_device *d = &dump->devices[i];
		unsigned int id = routing_id(&d->address);
		unsigned int beyond = id - first;
		bool is_one =
			stride ? beyond % stride == 0 && beyond / stride < count : beyond == 0 && count > 0;

		if (d->address.domain != physical->address.domain || id < first || !is_one ||
		    !dump_device_is_virtual(d))
			continue;
		d->physical = physical;
		d->virtual_id = (uint16_t)get16(physical, sriov + PCI_SRIOV_VF_DID);
	}
}

void dump_arrange(struct dump *dump)
{
	qsort(dump->devices, dump->count, sizeof(*dump->devices), by_address);
	for (size_t i = 0; i < dump->count; i++) {
		unsigned int sriov = find_sriov(&dump->devices[i]);

		if (sriov && dump_device_answered(&dump->devices[i]))
			connect_of(dump, &dump->devices[i], sriov);
	}
}
