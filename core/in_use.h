/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the running system would lose with a device: disks that are mounted, interfaces that are up. */
#ifndef PCIETOOL_IN_USE_H
#define PCIETOOL_IN_USE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/device.h"

/*
 * Looks at everything below the device in sysfs. TEXT gets the first use that is found, such as "the disk
 * nvme0n1p2 is mounted on /home" or "the network interface eth0 is up (it has the default route)"; false, with TEXT
 * empty, when there is none.
 */
bool in_use_find(const struct device *device, char *text, size_t size);

#endif
