// SPDX-License-Identifier: GPL-2.0-or-later
/* Which way leads to a BAR: the back end, its preflight, what the pool has. */
#include "core/backend/backend.h"

#include <errno.h>

#include "core/backend/path.h"
#include "core/backend/pool.h"
#include "core/backend/vfio_internal.h"
#include "core/base/sigbus.h"
#include "core/preflight/preflight.h"
#include "core/region/provider.h"

static int vfio_backend_open(struct device *device, const struct bar *bar, bool write, struct region **region,
			     struct error *error)
{
	int rc;

	if (!device->ctx->wc)
		return vfio_open_bar(device, device_vfio_fd(device), bar->index, write, region, error);
	rc = error_set(error, ERROR_UNSUPPORTED, "no-write-combining",
		       "%s: VFIO maps nothing write-combining", device->name);
	error_hint(error, "leave --wc out");
	return rc;
}

static const struct backend backend_vfio = {
	.name = "vfio",
	.open_bar = vfio_backend_open,
};

static const struct backend *const backends[] = {
	[BACKEND_SYSFS] = &backend_sysfs,
	[BACKEND_DEVMEM] = &backend_devmem,
	[BACKEND_VFIO] = &backend_vfio,
	[BACKEND_UIO] = &backend_uio,
};

/* *BAR is what is to be opened: looked at first where it is a PCI device's. */
static int prepare(struct device *device, const struct backend *backend, unsigned int index, struct bar *bar,
		   struct error *error)
{
	int rc = 0;

	if (backend == &backend_uio) {
		*bar = (struct bar){ .index = index };
		return device_path_uio(device, error);
	}
	/* first, as it turns decoding on */
	if (backend == &backend_vfio)
		rc = device_path_vfio(device, error);
	if (rc == 0)
		rc = device_bar(device, index, bar, error);
	return rc < 0 ? rc : preflight_bar(device, bar, error);
}

int region_open_bar(struct device *device, unsigned int index, bool write, struct region **region,
		    struct error *error)
{
	struct region *kept = device_pool_find_region(device, index, write);
	const struct backend *backend;
	struct bar bar;
	int rc;

	if (kept) {
		*region = kept;
		return 0;
	}
	backend = backends[device_path_registers(device)];
	rc = prepare(device, backend, index, &bar, error);
	if (rc < 0)
		return rc;
	rc = sigbus_init();
	if (rc < 0)
		return error_errno(error, rc, "%s", device->name);
	rc = backend->open_bar(device, &bar, write, region, error);
	if (rc < 0)
		return rc;
	context_log(device->ctx, LOG_INFO, "%s: %s over %s", device->name, (*region)->name, backend->name);
	device_pool_keep_region(device, index, write, *region);
	return 0;
}
