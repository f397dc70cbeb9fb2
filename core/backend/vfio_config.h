/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Regions of a VFIO device: where each lies in the device's file; config space, which is one. */
#ifndef PCIETOOL_VFIO_REGION_H
#define PCIETOOL_VFIO_REGION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/pci/config_space.h"

struct vfio_region {
	uint64_t size; /* 0: the device has none of it */
	uint64_t file_offset;
	bool is_mappable; /* all of it */
};

/* INDEX: VFIO_PCI_BAR0_REGION_INDEX and so on. 0 or -errno. */
int vfio_region_info(int device_fd, unsigned int index, struct vfio_region *region);

/* Config space as VFIO shows it, for a device whose path has VFIO. */
extern const struct config_ops config_ops_vfio;

#endif
