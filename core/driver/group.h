/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IOMMU group that a device shares, given to VFIO as a whole and given back; its nodes' owner. */
#ifndef PCIETOOL_DRIVER_GROUP_H
#define PCIETOOL_DRIVER_GROUP_H

#include <sys/types.h>

#include "core/pci/device.h"

/*
 * Binds those of vfio_group_companions() to vfio-pci, all or none: each is refused as driver_plan() refuses. What they had is remembered
 * with the device's name.
 */
int driver_group_take(struct device *device, struct error *error);
/* Gives all devices back that were taken for this one. The first failure is told, the others are given back all the same. */
int driver_group_give_back(struct device *device, struct error *error);

/* The group's node, and the device's own where the kernel has one, belong to UID and GID from here on. */
int driver_group_give_nodes(struct device *device, uid_t uid, gid_t gid, struct error *error);
/* Whose the group's node is. -errno. */
int driver_group_owner(const struct device *device, uid_t *uid, gid_t *gid);

#endif
