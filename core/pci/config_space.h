/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ways to a device's config space (for those who make them), and a copy of it: what may be read of it. */
#ifndef PCIETOOL_CONFIG_SPACE_H
#define PCIETOOL_CONFIG_SPACE_H

#include <linux/pci_regs.h>

#include "core/pci/device.h"

/* Functions return 0 or -errno without a record; -EIO past the end. */
struct config_ops {
	int (*read)(struct device *device, unsigned int offset, unsigned int width, uint32_t *value);
	/* NULL: it cannot be written. */
	int (*write)(struct device *device, unsigned int offset, unsigned int width, uint32_t value);
	int (*size)(struct device *device); /* bytes; -errno */
	bool is_virtual; /* some of it is not the device's but what a virtual machine is to see */
};

/* For those who make an access: puts it into the context's trace, if there is one. Returns RC, its 0 or -errno. */
int config_traced(const struct device *device, bool write, uint64_t offset, unsigned int width,
		  uint32_t value, int rc);

extern const struct config_ops config_ops_sysfs;
extern const struct config_ops config_ops_dump; /* device->image */

/* WIDTH bits at OFFSET of a file, in the order of the bus, which is little-endian. */
int config_pread(int fd, uint64_t offset, unsigned int width, uint32_t *value);
int config_pwrite(int fd, uint64_t offset, unsigned int width, uint32_t value);

struct config_space {
	unsigned int size; /* bytes */
	uint8_t bytes[PCI_CFG_SPACE_EXP_SIZE];
};

/* Dword by dword. */
int config_space_read(struct device *device, struct config_space *space, struct error *error);

/* WIDTH bits (8, 16, 32) at OFFSET; zero behind its end. */
uint32_t config_space_get(const struct config_space *space, unsigned int offset, unsigned int width);

#endif
