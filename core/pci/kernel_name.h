/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device behind what the kernel calls something: a network interface, a disk, a slot, a path in sysfs. */
#ifndef PCIETOOL_KERNEL_NAME_H
#define PCIETOOL_KERNEL_NAME_H

#include <stdbool.h>

#include "core/base/context.h"
#include "core/base/error.h"
#include "core/pci/address.h"

/*
 * Is TEXT such a name, by its form alone? An absolute path, "slot:N", or a word that begins with a letter, has no ':'
 * and has some character that no hexadecimal number has: "eth0", "nvme0n1". An interface that is called "be0" is
 * taken for a number, as lspci does: its path names it.
 */
bool kernel_name_is_one(const char *text);

/*
 * What NAME belongs to:
 *   slot:N    the device in /sys/bus/pci/slots/N (Documentation/ABI/testing/sysfs-bus-pci); *IS_WHOLE: each function
 *   /dev/X    of a device node, by its numbers; not below a sysroot
 *   /sys/X    the last PCI function in the path, symbolic links followed
 *   X         in any class of /sys/class
 * *IS_WHOLE is false for the others. ERROR_SELECT where there is no such thing, where it is no PCI device's, and where
 * classes have different devices of that name.
 */
int kernel_name_resolve(const struct context *ctx, const char *name, struct pci_address *address,
			bool *is_whole, struct error *error);

#endif
