/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the running system depend on a device: a disk that is mounted, an interface that is up. */
#ifndef PCIETOOL_IN_USE_H
#define PCIETOOL_IN_USE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/device.h"

/*
 * True with TEXT saying what ("nvme0n1 is mounted on /home", "the interface eth0 is up"), as far as it can be seen.
 * Looks at everything below the device in sysfs and at what stands on it (partitions, device mapper, RAID).
 */
bool in_use_find(const struct device *device, char *text, size_t size);

#endif
