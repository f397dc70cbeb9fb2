/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel made of a device: "net" "eth0", "nvme" "nvme0". */
#ifndef PCIETOOL_KERNEL_NAMES_H
#define PCIETOOL_KERNEL_NAMES_H

#include "core/pci/device.h"

struct kernel_name {
	char class_name[16];
	char name[32];
};

#define KERNEL_NAMES_MAX 16

struct kernel_names {
	unsigned int count;
	struct kernel_name names[KERNEL_NAMES_MAX];
};

/* In order of class and name. */
void kernel_names_read(const struct device *device, struct kernel_names *names);

#endif
