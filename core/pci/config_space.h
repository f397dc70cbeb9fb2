/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A copy of a device's config space: what may be read of it. */
#ifndef PCIETOOL_CONFIG_SPACE_H
#define PCIETOOL_CONFIG_SPACE_H

#include <linux/pci_regs.h>

#include "core/pci/device.h"

struct config_space {
	unsigned int size; /* bytes */
	uint8_t bytes[PCI_CFG_SPACE_EXP_SIZE];
};

/* Dword by dword. */
int config_space_read(struct device *device, struct config_space *space, struct error *error);

/* WIDTH bits (8, 16, 32) at OFFSET; zero behind its end. */
uint32_t config_space_get(const struct config_space *space, unsigned int offset, unsigned int width);

#endif
