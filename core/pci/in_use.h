/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the running system depend on a device: a disk that is mounted, an interface that is up. */
#ifndef PCIETOOL_IN_USE_H
#define PCIETOOL_IN_USE_H

#include <stddef.h>

#include "core/pci/device.h"

/*
 * 1 with WHAT naming it ("nvme0n1 is mounted on /home", "the interface eth0 is up"), 0 when nothing is
 * found, or -errno. Looks at everything below the device in sysfs and at what stands on it (partitions, device
 * mapper, RAID).
 */
int in_use_find(const struct device *device, char *what, size_t size);

#endif
