// SPDX-License-Identifier: GPL-2.0-or-later
/* A device by the number of its UIO device: the PCI device behind it, or what is no PCI device. */
#include "core/backend/uio.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/backend/path.h"

int uio_open_device(const struct context *ctx, unsigned int number, struct device **device,
		    struct error *error)
{
	struct uio_device uio;
	struct device *dev;
	int rc;

	rc = uio_read(ctx, number, &uio, error);
	if (rc < 0)
		return rc;
	if (uio.is_pci) {
		rc = device_open(ctx, &uio.address, device, error);
		if (rc == 0)
			(*device)->path->uio = (int)number;
		return rc;
	}
	rc = uio_open_folder(ctx, number, error);
	if (rc < 0)
		return rc;
	dev = calloc(1, sizeof(*dev));
	if (!dev) {
		close(rc);
		return error_errno(error, -ENOMEM, "uio%u", number);
	}
	*dev = (struct device){ .ctx = ctx, .hooks = &backend_hooks, .folder = rc, .config_fd = -1 };
	snprintf(dev->name, sizeof(dev->name), "uio%u", number);
	rc = dev->hooks->opened(dev);
	if (rc < 0) {
		device_close(dev);
		return error_errno(error, rc, "uio%u", number);
	}
	dev->path->uio = (int)number;
	*device = dev;
	return 0;
}
