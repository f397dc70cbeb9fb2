// SPDX-License-Identifier: GPL-2.0-or-later
/* Whose a device is: what the kernel says, and config space only where it says nothing. */
#include <linux/pci_regs.h>

#include "core/pci/device.h"

int device_vendor(struct device *dev, uint32_t *vendor, struct error *error)
{
	uint64_t value;

	if (device_read_number(dev, "vendor", &value) < 0)
		return device_config_read(dev, PCI_VENDOR_ID, 16, vendor, error);
	*vendor = (uint32_t)value;
	return 0;
}
