// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/pci/capability.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdint.h>

#include "core/pci/fact.h"

/* The dwords that a list has been at: a broken list may loop. */
struct visited {
	uint8_t dword[PCI_CFG_SPACE_EXP_SIZE / 4];
};

static bool visit(struct visited *visited, unsigned int offset)
{
	bool before = visited->dword[offset / 4];

	visited->dword[offset / 4] = 1;
	return !before;
}

/* Whose it is and what: PCIe 6.0 sections 7.9.5 and 7.9.6. */
static void read_vendor(struct device *device, struct capability *c)
{
	bool designated = c->id == PCI_EXT_CAP_ID_DVSEC;

	if (designated) {
		fact_read_config(device, c->offset + PCI_DVSEC_HEADER1, 16, &c->vendor);
		fact_read_config(device, c->offset + PCI_DVSEC_HEADER2, 16, &c->vendor_specific);
	} else if (c->id == PCI_EXT_CAP_ID_VNDR) {
		fact_read_config(device, c->offset + PCI_VNDR_HEADER, 16, &c->vendor_specific);
	}
}

/* One more entry, if the list is sound up to it. */
static bool append(struct capability_list *list, struct visited *visited, unsigned int id,
		   unsigned int offset, unsigned int version)
{
	if (!visit(visited, offset))
		list->problem = "the list runs in a loop";
	else if (list->count == CAPABILITY_MAX)
		list->problem = "the list is too long";
	if (list->problem)
		return false;
	list->entries[list->count++] = (struct capability){
		.id = id,
		.offset = offset,
		.version = version,
		.vendor = { .reason = "none" },
		.vendor_specific = { .reason = "none" },
	};
	return true;
}

/* Where the list starts; 0: there is none. */
static unsigned int first(struct device *device, struct capability_list *list)
{
	struct fact_number status;
	struct fact_number type;
	struct fact_number pointer;
	bool cardbus;

	fact_read_config(device, PCI_STATUS, 16, &status);
	fact_read_config(device, PCI_HEADER_TYPE, 8, &type);
	list->reason = status.reason ? status.reason : type.reason;
	if (list->reason || !(status.value & PCI_STATUS_CAP_LIST))
		return 0;
	cardbus = (type.value & 0x7f) == PCI_HEADER_TYPE_CARDBUS;
	fact_read_config(device, cardbus ? PCI_CB_CAPABILITY_LIST : PCI_CAPABILITY_LIST, 8, &pointer);
	list->reason = pointer.reason;
	return list->reason ? 0 : (unsigned int)pointer.value & 0xfc;
}

static void read_standard(struct device *device, struct capability_list *list, struct visited *visited)
{
	unsigned int offset = first(device, list);
	struct fact_number header;

	while (offset) {
		if (offset < PCI_STD_HEADER_SIZEOF) {
			list->problem = "the list points into the header";
			return;
		}
		fact_read_config(device, offset, 16, &header);
		if (header.reason) {
			if (list->count)
				list->problem = header.reason;
			else
				list->reason = header.reason;
			return;
		}
		if ((header.value & 0xff) == 0xff) {
			list->problem = "the list ends in all ones";
			return;
		}
		if (!append(list, visited, (unsigned int)header.value & 0xff, offset, 0))
			return;
		offset = (unsigned int)header.value >> 8 & 0xfc;
	}
}

static void read_extended(struct device *device, struct capability_list *list, struct visited *visited)
{
	unsigned int offset = PCI_CFG_SPACE_SIZE;
	struct fact_number header;
	int size = device_config_size(device);

	if (size < 0)
		list->reason = fact_reason(size);
	else if (size <= PCI_STD_HEADER_SIZEOF)
		list->reason = device->image ? fact_reason(-ENODATA) : "needs root";
	else if (size <= PCI_CFG_SPACE_SIZE && device_capability(device, PCI_CAP_ID_EXP, 0))
		list->reason =
			device->image ? fact_reason(-ENODATA) : "the kernel shows no extended config space";
	if (list->reason || size <= PCI_CFG_SPACE_SIZE)
		return;
	while (offset) {
		if (offset < PCI_CFG_SPACE_SIZE) {
			list->problem = "the list points below 0x100";
			return;
		}
		fact_read_config(device, offset, 32, &header);
		if (header.reason) {
			list->problem = header.reason;
			return;
		}
		/* no capability at all: a header of zeroes, or nobody there */
		if (offset == PCI_CFG_SPACE_SIZE && (header.value == 0 || header.value == 0xffffffff))
			return;
		if (header.value == 0) {
			list->problem = "the list points to nothing";
			return;
		}
		if ((header.value & 0xffff) == 0xffff) {
			list->problem = "the list ends in all ones";
			return;
		}
		if (!append(list, visited, (unsigned int)header.value & 0xffff, offset,
			    (unsigned int)header.value >> 16 & 0xf))
			return;
		read_vendor(device, &list->entries[list->count - 1]);
		offset = (unsigned int)header.value >> 20 & 0xffc;
	}
}

void capability_list_read(struct device *device, bool extended, struct capability_list *list)
{
	struct visited visited = { .dword = { 0 } };

	list->reason = NULL;
	list->problem = NULL;
	list->count = 0;
	if (extended)
		read_extended(device, list, &visited);
	else
		read_standard(device, list, &visited);
}

unsigned int capability_list_find(const struct capability_list *list, unsigned int id)
{
	for (unsigned int i = 0; i < list->count; i++) {
		if (list->entries[i].id == id)
			return list->entries[i].offset;
	}
	return 0;
}
