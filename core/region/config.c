// SPDX-License-Identifier: GPL-2.0-or-later
/* Config space as a region: the same verbs work on it. */
#include <linux/pci_regs.h>

#include "core/region/provider.h"

static int config_read(struct region *region, uint64_t offset, unsigned int width, uint64_t *value,
		       struct error *error)
{
	uint32_t v;
	int rc = device_config_read(region->device, (unsigned int)offset, width, &v, error);

	if (rc == 0)
		*value = v;
	return rc;
}

static int config_write(struct region *region, uint64_t offset, unsigned int width, uint64_t value,
			struct error *error)
{
	return device_config_write(region->device, (unsigned int)offset, width, (uint32_t)value, error);
}

static void config_close(struct region *region)
{
	(void)region; /* the descriptor is the device's */
}

static const struct region_ops config_ops = {
	.read = config_read,
	.write = config_write,
	.close = config_close,
};

int region_open_config(struct device *device, struct region **region, struct error *error)
{
	struct region template = {
		.ops = &config_ops,
		.device = device,
		.name = "config space",
		.size = PCI_CFG_SPACE_EXP_SIZE,
		.max_width = 32,
		.fd = -1,
	};
	int size = device_config_size(device);
	int rc;

	if (size < 0)
		return error_errno(error, size, "%s: opening its config space", device->name);
	/* 64 bytes is what everybody sees; what lies behind is refused when it is read, with the reason */
	if (size > PCI_STD_HEADER_SIZEOF)
		template.size = (uint64_t)size;
	rc = region_new(&template, region, error);
	/* who gets at config space records it, for all who read it */
	if (rc == 0)
		(*region)->trace = NULL;
	return rc;
}
