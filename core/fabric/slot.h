/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Physical slots, as /sys/bus/pci/slots names them. */
#ifndef PCIETOOL_SLOT_H
#define PCIETOOL_SLOT_H

#include <stddef.h>

#include "core/base/context.h"
#include "core/pci/select.h"

struct slot {
	char name[32];
	struct pci_address address; /* of its device; the function is 0 */
};

struct slot_list {
	struct slot *slots;
	size_t count;
};

/* None where the kernel knows none. 0 or -ENOMEM. */
int slot_list_read(const struct context *ctx, struct slot_list *list);
void slot_list_free(struct slot_list *list);

/* The slot that the device is in, any function of it; NULL: none is known. */
const struct slot *slot_of(const struct slot_list *list, const struct pci_address *address);

#endif
