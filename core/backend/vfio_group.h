/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IOMMU group that a device shares: VFIO takes all of it or nothing. Linux Documentation/driver-api/vfio.rst */
#ifndef PCIETOOL_VFIO_GROUP_H
#define PCIETOOL_VFIO_GROUP_H

#include "core/pci/device.h"

/*
 * Would VFIO open the group: there is one, and no other member has a driver of its own. Otherwise says which
 * member and driver stand in the way.
 */
int vfio_group_check(const struct device *device, struct error *error);

/*
 * DEVICE has no group yet, and may get one: before Linux 6.15 (commit bcb81ac6ae3c) an IOMMU that devicetree or ACPI's
 * IORT describes gives a function its group when a driver is probed for it. Those of x86 give them all at boot.
 */
bool vfio_group_may_come(const struct device *device);

#define VFIO_GROUP_NAME 64

/*
 * The other members that have a driver which VFIO does not suffer: a list of addresses, the caller's to free.
 * Unsupported (exit 6) without an IOMMU.
 */
int vfio_group_companions(const struct device *device, char (**names)[VFIO_GROUP_NAME], size_t *count,
			  struct error *error);

#endif
