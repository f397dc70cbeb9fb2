/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a function is: domain, bus, device, function. */
#ifndef PCIETOOL_ADDRESS_H
#define PCIETOOL_ADDRESS_H

#include <stdint.h>

struct pci_address {
	uint32_t domain;
	uint8_t bus;
	uint8_t device;
	uint8_t function;
};

#define PCI_ADDRESS_SIZE 20 /* "ffffffff:ff:1f.7" and its NUL, rounded up */

void pci_address_format(const struct pci_address *address, char text[PCI_ADDRESS_SIZE]);
/* A name in /sys/bus/pci/devices; -EINVAL when it is none. */
int pci_address_parse(const char *text, struct pci_address *address);
/* <0, 0, >0, by domain, bus, device, function. */
int pci_address_compare(const struct pci_address *a, const struct pci_address *b);

#endif
