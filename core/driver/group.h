/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The IOMMU group that a device shares, given to VFIO as a whole and given back; its nodes' owner. */
#ifndef PCIETOOL_DRIVER_GROUP_H
#define PCIETOOL_DRIVER_GROUP_H

#include <sys/types.h>

#include "core/driver/driver.h"
#include "core/pci/device.h"

/*
 * For a device whose group comes with its driver, see vfio_group_may_come(): carries PLAN out, as driver_bind() does,
 * and if there is no group then, there is no IOMMU. CHECK is asked about the group that came. On failure of
 * either all is as it was, which otherwise is *BEFORE.
 */
int driver_group_make(struct device *device, const struct driver_plan *plan, const char *module_file,
		      int (*check)(const struct device *device, struct error *error),
		      struct driver_before *before, struct error *error);

/*
 * Binds those of vfio_group_companions() to vfio-pci, all or none: each is refused as driver_plan() refuses. What they had is remembered
 * with the device's name.
 */
int driver_group_take(struct device *device, struct error *error);
/*
 * Gives all devices back that were taken for this one; in a dry run they are only asked whether they may be. The first failure
 * is told, the others are given back all the same.
 */
int driver_group_give_back(struct device *device, bool dry_run, struct error *error);

/* The group's node, and the device's own where the kernel has one, belong to UID and GID from here on; both or none. */
int driver_group_give_nodes(struct device *device, uid_t uid, gid_t gid, struct error *error);
/* Whose the group's node is. -errno. */
int driver_group_owner(const struct device *device, uid_t *uid, gid_t *gid);

#endif
