/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that stay open from one command to the next, with the BARs that were mapped: for whoever runs many
 * commands in one process. While a pool is in the context, device_open() and region_open_bar() give what is kept, and
 * closing only gives it back.
 */
#ifndef PCIETOOL_DEVICE_POOL_H
#define PCIETOOL_DEVICE_POOL_H

#include "core/region/region.h"

struct device_pool;

int device_pool_open(struct device_pool **pool); /* 0 or -ENOMEM */
/*
 * Closes what is kept; nothing of it may be in use. To be called when what is behind it may have changed. VFIO_TOO: also
 * a device that is open over VFIO, whose mappings follow the changes, and which loses its buffers by this.
 */
void device_pool_drop(struct device_pool *pool, bool vfio_too);
/* How often that was: as long as it is the same, kept devices and regions are where they were. */
unsigned long device_pool_drops(const struct device_pool *pool);
/* Accepts NULL. CTX is for what is to be said of a device's end: the one it was used with last may be gone. */
void device_pool_close(struct device_pool *pool, const struct context *ctx);

/* The address that SELECTOR meant the last time; -ENOENT when that was another one, or before the last drop. */
int device_pool_recall(const struct device_pool *pool, const struct selector *selector,
		       struct pci_address *address);
void device_pool_remember(struct device_pool *pool, const struct selector *selector,
			  const struct pci_address *address);

/* --- for backend.c ------------------------------------------------------------------------------------ */

/* A kept region of DEVICE's BAR that was opened in this way, and can be written if WRITE says so; or NULL. */
struct region *device_pool_find_region(const struct device *device, unsigned int bar, bool write);
/* Nothing where the device is not kept. */
void device_pool_keep_region(struct device *device, unsigned int bar, bool write, struct region *region);

#endif
