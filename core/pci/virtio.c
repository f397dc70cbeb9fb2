// SPDX-License-Identifier: GPL-2.0-or-later
/* struct virtio_pci_cap: Virtual I/O Device 1.2, 4.1.4. */
#include "core/pci/virtio.h"

#include <linux/pci_regs.h>

#include "core/pci/capability.h"

/* Offsets in the capability. */
enum { CFG_TYPE = 3, BAR = 4, OFFSET = 8, LENGTH = 12 };

/* VIRTIO's id; others have vendor-specific capabilities of other forms. */
#define VIRTIO_VENDOR 0x1af4

static int read_place(struct device *device, unsigned int at, struct virtio_place *place, struct error *error)
{
	uint32_t bar = 0;
	int rc = device_config_read(device, at + BAR, 8, &bar, error);

	if (rc == 0)
		rc = device_config_read(device, at + OFFSET, 32, &place->offset, error);
	if (rc == 0)
		rc = device_config_read(device, at + LENGTH, 32, &place->length, error);
	place->bar = bar;
	return rc;
}

/* The first one that is of use counts, and a BAR above 5 is reserved: 4.1.4.1. */
static int find(struct device *device, unsigned int type, struct virtio_place *place, struct error *error)
{
	struct capability_list list;
	int rc = 0;

	capability_list_read(device, false, &list);
	for (unsigned int i = 0; rc == 0 && i < list.count; i++) {
		const unsigned int at = list.entries[i].offset;
		const struct capability_place own = { at, capability_list_end(&list, at) };
		struct virtio_place found = { 0 };
		uint32_t its = 0;

		/* one that is cut off is none */
		if (list.entries[i].id != PCI_CAP_ID_VNDR || !capability_holds(&own, LENGTH, 32))
			continue;
		rc = device_config_read(device, at + CFG_TYPE, 8, &its, error);
		if (rc < 0 || its != type)
			continue;
		rc = read_place(device, at, &found, error);
		if (rc < 0 || found.bar >= DEVICE_BARS)
			continue;
		*place = found;
		return 1;
	}
	return rc;
}

int virtio_place_read(struct device *device, unsigned int type, struct virtio_place *place,
		      struct error *error)
{
	uint32_t vendor = 0;
	int rc = device_vendor(device, &vendor, error);

	if (rc == 0 && vendor == VIRTIO_VENDOR)
		rc = find(device, type, place, error);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	if (device_config_size(device) <= PCI_STD_HEADER_SIZEOF)
		return error_set(
			error, ERROR_DENIED, "denied",
			"%s: where the map's registers are stands in a capability, and reading that needs root",
			device->name);
	rc = error_set(
		error, ERROR_UNSUPPORTED, "no-capability",
		"%s: it has no virtio capability of type %u, which would say where the map's registers are",
		device->name, type);
	error_hint(error, "offsets need no map: 'pcietool -s %s regs dump --hex'", device->name);
	return rc;
}
