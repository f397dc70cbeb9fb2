/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address ranges of one function as the kernel lists them in the sysfs file "resource": BARs, ROM, the BARs of
 * all its virtual functions, and a bridge's windows. For everybody, without a look at the device.
 */
#ifndef PCIETOOL_RESOURCE_H
#define PCIETOOL_RESOURCE_H

#include "core/pci/device.h"

/* More than a kernel has (17; PCI_NUM_RESOURCES in Linux' include/linux/pci.h) */
#define RESOURCE_LINES 24

enum resource_kind {
	RESOURCE_BAR,
	RESOURCE_ROM,
	RESOURCE_VF_BAR, /* those of all virtual functions together */
	RESOURCE_WINDOW,
};

/* A window's index. PCI-to-PCI Bridge 1.2 section 3.2.5 */
enum {
	WINDOW_IO,
	WINDOW_MEMORY,
	WINDOW_PREFETCHABLE,
	WINDOWS,
};

struct resource {
	enum resource_kind kind;
	unsigned int index; /* of the BAR, the window */
	bool assigned; /* a window that is not is off */
	bool has_no_room; /* a BAR that the kernel found no room for (no_room.h); size 0: it is not known */
	uint64_t start;
	uint64_t size; /* bytes */
	bool io;
	bool is_64bit;
	bool prefetchable;
};

struct resource_list {
	bool is_bridge; /* PCI-to-PCI; its three windows are in the list then, on or off */
	unsigned int count;
	struct resource items[RESOURCE_LINES];
};

/* What is there: BARs without an address too, what is not implemented not. */
int resource_list_read(const struct device *device, struct resource_list *list, struct error *error);

/* "bar", "rom", "vf-bar", "window" */
const char *resource_kind_name(enum resource_kind kind);
/* "io", "memory", "prefetchable" */
const char *resource_window_name(unsigned int window);

/* One past its end: 0 for one that ends with the address space. */
static inline uint64_t resource_end(const struct resource *resource)
{
	return resource->start + resource->size;
}

#endif
