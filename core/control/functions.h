/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that a device in a slot has, and who uses them. */
#ifndef PCIETOOL_FUNCTIONS_H
#define PCIETOOL_FUNCTIONS_H

#include "core/pci/device.h"

struct function {
	struct device *device;
};

struct functions {
	struct context ctx; /* the caller's without its pool: these go away with the device */
	struct function *list; /* in order of address, without virtual functions */
	size_t count;
};

/*
 * All of DEVICE's. Behind a PCI Express port that is all on its bus, as an ARI device has function numbers above 7
 * there (PCIe 6.0 section 6.13).
 */
int functions_open(const struct device *device, struct functions **functions, struct error *error);
void functions_close(struct functions *functions); /* accepts NULL */

/* Refuses by name when the system uses DEVICE or a virtual function of it, unless the context has force. */
int functions_check_use(struct device *device, struct error *error);

#endif
