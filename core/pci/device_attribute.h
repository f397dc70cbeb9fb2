/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel does to a device when one of its files in sysfs is written. */
#ifndef PCIETOOL_ATTRIBUTE_H
#define PCIETOOL_ATTRIBUTE_H

#include <stdbool.h>

#include "core/pci/device.h"

bool attribute_exists(const struct device *device, const char *name);

/* Writes TEXT to the device's file NAME ("reset", "power/control"). */
int attribute_write(const struct device *device, const char *name, const char *text, struct error *error);

/* For such a write of another file, WHAT, that failed with RC. Returns RC. */
int attribute_explain(const struct device *device, const char *what, int rc, struct error *error);

#endif
