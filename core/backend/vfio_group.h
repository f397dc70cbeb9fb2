/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IOMMU group that a device shares: VFIO takes all of it or nothing. Linux Documentation/driver-api/vfio.rst */
#ifndef PCIETOOL_VFIO_GROUP_H
#define PCIETOOL_VFIO_GROUP_H

#include <sys/types.h>

#include "core/pci/device.h"

/*
 * Would VFIO open the group: there is one, and no other member has a driver of its own. Otherwise says which
 * member and driver stand in the way.
 */
int vfio_group_check(const struct device *device, struct error *error);

#define VFIO_GROUP_NAME 64

/*
 * The other members that have a driver which VFIO does not suffer: a list of addresses, the caller's to free.
 * Unsupported (exit 6) without an IOMMU.
 */
int vfio_group_companions(const struct device *device, char (**names)[VFIO_GROUP_NAME], size_t *count,
			  struct error *error);

/*
 * Binds those to vfio-pci, all or none: each is refused as driver_plan() refuses. What they had is remembered
 * with the device's name.
 */
int vfio_group_take(struct device *device, struct error *error);
/* Gives all devices back that were taken for this one. The first failure is told, the others are given back all the same. */
int vfio_group_give_back(struct device *device, struct error *error);

/* The group's node, and the device's own where the kernel has one, belong to UID and GID from here on. */
int vfio_group_give_nodes(struct device *device, uid_t uid, gid_t gid, struct error *error);
/* Whose the group's node is. -errno. */
int vfio_group_owner(const struct device *device, uid_t *uid, gid_t *gid);

#endif
