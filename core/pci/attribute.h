/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of a function's folder in sysfs: ids by address, what is written to it. The device's own are read by
 * device_read_attribute() and its like (device.h), or as facts (fact.h); all else that sysfs has, by sysfs.h.
 */
#ifndef PCIETOOL_PCI_ATTRIBUTE_H
#define PCIETOOL_PCI_ATTRIBUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/pci/device.h"

/*
 * The numbers that sysfs has of each device for everybody, "vendor", "class": from a dump where that is used. 0, or -errno
 * without a record; -ENODATA: a dump does not tell it.
 */
int pci_attribute_read(const struct context *ctx, const struct pci_address *address, const char *attribute,
		       uint64_t *value);

bool attribute_exists(const struct device *device, const char *name);
/* For a file that is missing: is the device still there? ERROR_GONE: the kernel has removed it, with all its files. */
int attribute_check_device(const struct device *device, struct error *error);

/* Writes TEXT to the device's file NAME ("reset", "power/control"). */
int attribute_write(const struct device *device, const char *name, const char *text, struct error *error);

/* For such a write of another file, WHAT, that failed with RC. Returns RC, or ERROR_GONE's where the device is. */
int attribute_explain(const struct device *device, const char *what, int rc, struct error *error);

#endif
