/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers that sysfs has of each device for everybody: ids, class, revision. From a dump where that is used. */
#ifndef PCIETOOL_PCI_ATTRIBUTE_H
#define PCIETOOL_PCI_ATTRIBUTE_H

#include <stdint.h>

#include "core/base/context.h"
#include "core/pci/address.h"

/* ATTRIBUTE as in the device's folder, "vendor". 0, or -errno without a record; -ENODATA: a dump does not tell it. */
int pci_attribute_read(const struct context *ctx, const struct pci_address *address, const char *attribute,
		       uint64_t *value);

#endif
