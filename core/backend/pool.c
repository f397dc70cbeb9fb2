// SPDX-License-Identifier: GPL-2.0-or-later
/* Devices that stay open, and the hooks of all that are opened. */
#include "core/backend/pool.h"

#include <errno.h>
#include <stdlib.h>

#include "core/backend/path.h"

struct device_pool {
	struct device *devices; /* a list */
	unsigned long drops; /* how often something was dropped */
	bool has_address;
	struct selector selector;
	struct pci_address address;
};

int device_pool_open(struct device_pool **pool)
{
	struct device_pool *p = calloc(1, sizeof(*p));

	if (!p)
		return -ENOMEM;
	*pool = p;
	return 0;
}

static void drop_device(struct device *device)
{
	struct region *region;

	while ((region = device->path->regions)) {
		device->path->regions = region->next;
		region->is_kept = false;
		region_close(region);
	}
	device->path->is_kept = false;
	device_close(device);
}

void device_pool_drop(struct device_pool *pool, bool vfio_too)
{
	struct device **at = &pool->devices;
	struct device *device;

	pool->has_address = false;
	pool->drops++;
	while ((device = *at)) {
		if (device_vfio(device) && !vfio_too) {
			at = &device->path->next;
			continue;
		}
		*at = device->path->next;
		drop_device(device);
	}
}

unsigned long device_pool_drops(const struct device_pool *pool)
{
	return pool->drops;
}

void device_pool_close(struct device_pool *pool, const struct context *ctx)
{
	if (!pool)
		return;
	for (struct device *d = pool->devices; d; d = d->path->next)
		d->ctx = ctx;
	device_pool_drop(pool, true);
	free(pool);
}

static bool is_same(const struct selector *a, const struct selector *b)
{
	return a->has_slot == b->has_slot && a->domain == b->domain && a->bus == b->bus &&
	       a->device == b->device && a->function == b->function && a->has_id == b->has_id &&
	       a->vendor_id == b->vendor_id && a->device_id == b->device_id &&
	       a->class_code == b->class_code && a->class_mask == b->class_mask && a->uio == b->uio;
}

int device_pool_recall(const struct device_pool *pool, const struct selector *selector,
		       struct pci_address *address)
{
	if (!pool->has_address || !is_same(&pool->selector, selector))
		return -ENOENT;
	*address = pool->address;
	return 0;
}

void device_pool_remember(struct device_pool *pool, const struct selector *selector,
			  const struct pci_address *address)
{
	pool->selector = *selector;
	pool->address = *address;
	pool->has_address = true;
}

/* --- regions ----------------------------------------------------------------------------------------- */

struct region *device_pool_find_region(const struct device *device, unsigned int bar, bool write)
{
	if (!device->path || !device->path->is_kept)
		return NULL;
	for (struct region *r = device->path->regions; r; r = r->next) {
		if (r->bar == bar && r->via == device->ctx->via && r->is_wc == device->ctx->wc &&
		    (r->is_writable || !write))
			return r;
	}
	return NULL;
}

void device_pool_keep_region(struct device *device, unsigned int bar, bool write, struct region *region)
{
	if (!device->path || !device->path->is_kept)
		return;
	region->bar = bar;
	region->via = device->ctx->via;
	region->is_wc = device->ctx->wc;
	region->is_writable = write;
	region->is_kept = true;
	region->next = device->path->regions;
	device->path->regions = region;
}

/* --- the hooks ----------------------------------------------------------------------------------------- */

static struct device *find(const struct context *ctx, const struct pci_address *address)
{
	for (struct device *d = ctx->pool ? ctx->pool->devices : NULL; d; d = d->path->next) {
		if (pci_address_compare(&d->address, address) == 0)
			return d;
	}
	return NULL;
}

static int opened(struct device *device)
{
	struct device_pool *pool = device->ctx->pool;
	int rc = device_path_join(device);

	/* what is no PCI device has no address to be found by */
	if (rc < 0 || !pool || !device->config)
		return rc;
	device->path->is_kept = true;
	device->path->next = pool->devices;
	pool->devices = device;
	return 0;
}

static bool closing(struct device *device)
{
	if (!device->path)
		return true;
	if (device->path->is_kept)
		return false;
	device_path_close(device);
	free(device->path);
	return true;
}

const struct device_hooks backend_hooks = {
	.find = find,
	.opened = opened,
	.closing = closing,
};
