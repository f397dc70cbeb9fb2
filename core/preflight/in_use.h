/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does the running system depend on a device: a disk that is mounted, an interface that is up. */
#ifndef PCIETOOL_IN_USE_H
#define PCIETOOL_IN_USE_H

#include <stddef.h>

#include "core/pci/device.h"

/*
 * 1 with WHAT naming it ("the disk nvme0n1 is mounted on /home", "the network interface eth0 is up"), 0 when nothing is
 * found, or -errno when something could not be looked at for want of descriptors, memory or /proc. Looks at everything below
 * the device in sysfs and at what stands on it (partitions, device mapper, RAID).
 */
int in_use_find(const struct device *device, char *what, size_t size);

/*
 * 0 when nothing is seen to use it, else -errno with the record filled (exit 4, "SUBJECT: the disk ..."; HINT says what
 * to do). SUBJECT: what the user is told that it is, "slot 3: the system uses what is in it".
 */
int in_use_check(const struct device *device, const char *subject, const char *hint, struct error *error);

#endif
