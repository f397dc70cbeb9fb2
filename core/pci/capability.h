/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The capabilities of a device, as its two linked lists in config space have them. */
#ifndef PCIETOOL_CAPABILITY_H
#define PCIETOOL_CAPABILITY_H

#include <stdbool.h>

#include "core/pci/device.h"
#include "core/pci/fact.h"

/* The first list has 192 bytes to live in; of the second nobody has seen half as many. */
#define CAPABILITY_MAX 128

struct capability {
	unsigned int id;
	unsigned int offset;
	unsigned int version; /* extended ones; 0 otherwise */
	struct fact_number vendor; /* of a DVSEC; reason "none" otherwise */
	struct fact_number
		vendor_specific; /* the id that the vendor gave a DVSEC or VSEC; reason "none" otherwise */
};

struct capability_list {
	const char *reason; /* why the list is unknown; NULL: known */
	const char *problem; /* why it ends early (a loop, ...); NULL: sound */
	unsigned int count;
	struct capability entries[CAPABILITY_MAX];
};

/* PCI Local Bus 3.0 section 6.7; extended: PCIe 5.0 section 7.6.3. Stops where a list is broken. */
void capability_list_read(struct device *device, bool extended, struct capability_list *list);

/* Offset of the first capability ID in the list; 0: none. */
unsigned int capability_list_find(const struct capability_list *list, unsigned int id);

#endif
