/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/bus/pci/devices: the ids of every function in one read, where sysfs has two files for each. It does not tell
 * the domain (Linux, drivers/pci/proc.c, show_device()), and where it is not mounted there is none.
 */
#ifndef PCIETOOL_PROC_DEVICES_H
#define PCIETOOL_PROC_DEVICES_H

#include <stdint.h>

#include "core/base/context.h"

struct proc_device {
	uint8_t bus;
	uint8_t device;
	uint8_t function;
	uint16_t vendor_id;
	uint16_t device_id;
};

/* A negative return ends the walk. */
typedef int (*proc_device_fn)(void *data, const struct proc_device *device);

/* Calls FN for each, in the kernel's order. 0, what FN returned, or -errno without a record: -ENOENT, -ENODATA with a dump. */
int proc_devices_each(const struct context *ctx, proc_device_fn fn, void *data);

#endif
