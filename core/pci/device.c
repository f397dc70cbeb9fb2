// SPDX-License-Identifier: GPL-2.0-or-later
/* A device that is open: its folder, or its place in a dump. */
#include "core/pci/device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"
#include "core/pci/config_space.h"
#include "core/pci/dump.h"

int device_open(const struct context *ctx, const struct pci_address *address, struct device **device,
		struct error *error)
{
	struct device *dev = ctx->hooks ? ctx->hooks->find(ctx, address) : NULL;
	int rc = 0;

	if (dev) {
		/* the context is the command's, and ends with it */
		dev->ctx = ctx;
		*device = dev;
		return 0;
	}
	dev = calloc(1, sizeof(*dev));
	if (!dev)
		return error_errno(error, context_lacks(ctx, -ENOMEM), "opening a device");
	dev->ctx = ctx;
	dev->hooks = ctx->hooks;
	dev->address = *address;
	dev->config_fd = -1;
	pci_address_format(address, dev->name);
	dev->folder = -1;
	dev->image = ctx->dump ? dump_find(ctx->dump, address) : NULL;
	dev->config = dev->image ? &config_ops_dump : &config_ops_sysfs;
	if (!dev->image) {
		rc = sysfs_open(ctx, O_PATH | O_DIRECTORY, SYSFS_PCI_DEVICES "/%s", dev->name);
		dev->folder = rc;
	}
	if (rc < 0) {
		if (rc == -ENOENT || rc == -ENOTDIR) {
			error_set(error, ERROR_SELECT, "no-device", "%s: no such device", dev->name);
			rc = -ENODEV;
		} else {
			error_errno(error, rc, "opening %s", dev->name);
		}
		free(dev);
		return rc;
	}
	rc = dev->hooks ? dev->hooks->opened(dev) : 0;
	if (rc < 0) {
		error_errno(error, context_lacks(ctx, rc), "opening a device");
		device_close(dev);
		return rc;
	}
	*device = dev;
	return 0;
}

void device_close(struct device *dev)
{
	if (!dev || (dev->hooks && !dev->hooks->closing(dev)))
		return;
	if (dev->config_fd >= 0)
		close(dev->config_fd);
	if (dev->folder >= 0)
		close(dev->folder);
	free(dev);
}
