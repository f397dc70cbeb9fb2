/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drivers that leave a device to user space: which they are, and whether one of them has a device. */
#ifndef PCIETOOL_USER_DRIVER_H
#define PCIETOOL_USER_DRIVER_H

#include "core/pci/device.h"

#define DRIVER_NAME_SIZE 64

/* The driver and module that a word of --to and --via means: "helper", "vfio", "uio"; any other is a name itself. */
const char *user_driver_name(const char *word);
/* Is DRIVER one of them: pcietool, vfio-pci, uio_pci_generic, pci-stub? */
bool user_driver_is_one(const char *driver);
/* Has the one that WORD means the device? */
bool user_driver_has(const struct device *device, const char *word);

/* After a refusal: what helps where root is missing, or the kernel is locked down; a session, where VFIO has the device. */
void user_driver_hint_denied(const struct device *device, bool lockdown, struct error *error);

#endif
