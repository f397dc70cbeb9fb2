// SPDX-License-Identifier: GPL-2.0-or-later
/* An address as text. Knows neither devices nor sysfs. */
#include "core/pci/address.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static char *add_hex(char *to, uint32_t value, unsigned int digits, char end)
{
	while (digits-- > 0)
		*to++ = "0123456789abcdef"[value >> 4 * digits & 0xf];
	*to++ = end;
	return to;
}

/* Not by snprintf(): a large machine has thousands, each many times, and this is a thirtieth of it. */
void pci_address_format(const struct pci_address *a, char text[PCI_ADDRESS_SIZE])
{
	unsigned int digits = 4;

	while (digits < 8 && a->domain >> 4 * digits)
		digits++;
	text = add_hex(text, a->domain, digits, ':');
	text = add_hex(text, a->bus, 2, ':');
	text = add_hex(text, a->device & 0x1f, 2, '.');
	add_hex(text, a->function & 7, 1, '\0');
}

int pci_address_parse(const char *text, struct pci_address *address)
{
	unsigned int domain;
	unsigned int bus;
	unsigned int device;
	unsigned int function;
	char canonical[PCI_ADDRESS_SIZE];
	struct pci_address a;
	int end = 0;

	if (sscanf(text, "%8x:%2x:%2x.%1x%n", &domain, &bus, &device, &function, &end) != 4 || text[end])
		return -EINVAL;
	if (device > 0x1f || function > 7)
		return -EINVAL;
	a = (struct pci_address){ .domain = domain,
				  .bus = (uint8_t)bus,
				  .device = (uint8_t)device,
				  .function = (uint8_t)function };
	/* sscanf takes signs and spaces too; the kernel's names have one form only */
	pci_address_format(&a, canonical);
	if (strcmp(canonical, text) != 0)
		return -EINVAL;
	*address = a;
	return 0;
}

int pci_address_compare(const struct pci_address *x, const struct pci_address *y)
{
	uint64_t kx =
		(uint64_t)x->domain << 16 | (uint64_t)x->bus << 8 | (uint64_t)x->device << 3 | x->function;
	uint64_t ky =
		(uint64_t)y->domain << 16 | (uint64_t)y->bus << 8 | (uint64_t)y->device << 3 | y->function;

	return (kx > ky) - (kx < ky);
}
