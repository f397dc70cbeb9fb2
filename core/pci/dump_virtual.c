// SPDX-License-Identifier: GPL-2.0-or-later
/* SR-IOV in the bytes of a dump. Sections are of PCIe 6.0. */
#include "core/pci/dump_virtual.h"

#include <linux/pci_regs.h>

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

/* Sections 9.3.3.7 to 9.3.3.11, with the addresses of 9.2.1.2 */
static void connect_of(struct dump *dump, const struct dump_device *physical, unsigned int sriov)
{
	unsigned int count = get16(physical, sriov + PCI_SRIOV_NUM_VF);
	unsigned int stride = get16(physical, sriov + PCI_SRIOV_VF_STRIDE);
	unsigned int id = routing_id(&physical->address) + get16(physical, sriov + PCI_SRIOV_VF_OFFSET);

	for (unsigned int i = 0; i < count && id <= UINT16_MAX; i++, id += stride) {
		const struct pci_address address = {
			.domain = physical->address.domain,
			.bus = (uint8_t)(id >> 8),
			.device = id >> 3 & 31,
			.function = id & 7,
		};
		const struct dump_device *found = dump_find(dump, &address);

		if (found && dump_device_is_virtual(found)) {
			struct dump_device *d = &dump->devices[found - dump->devices];

			d->physical = physical;
			d->virtual_id = (uint16_t)get16(physical, sriov + PCI_SRIOV_VF_DID);
		}
		/* all of one address: there is but one */
		if (stride == 0)
			break;
	}
}

void dump_virtual_connect(struct dump *dump)
{
	for (size_t i = 0; i < dump->count; i++) {
		unsigned int sriov = find_sriov(&dump->devices[i]);

		if (sriov && dump_device_answered(&dump->devices[i]))
			connect_of(dump, &dump->devices[i], sriov);
	}
}
