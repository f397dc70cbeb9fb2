// SPDX-License-Identifier: GPL-2.0-or-later
/* An address as text. Knows neither devices nor sysfs. */
#include "core/pci/address.h"

#include <errno.h>
#include <stdbool.h>
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

/* DIGITS at most, and END behind them. Not by sscanf(), for the same reason. */
static bool take_hex(const char **text, unsigned int digits, char end, uint32_t *value)
{
	const char *p = *text;
	uint32_t v = 0;

	for (; digits > 0 && *p != end; digits--, p++) {
		if (*p >= '0' && *p <= '9')
			v = v << 4 | (uint32_t)(*p - '0');
		else if (*p >= 'a' && *p <= 'f')
			v = v << 4 | (uint32_t)(*p - 'a' + 10);
		else
			return false;
	}
	if (*p != end)
		return false;
	*text = p + 1;
	*value = v;
	return true;
}

int pci_address_parse(const char *text, struct pci_address *address)
{
	uint32_t domain;
	uint32_t bus;
	uint32_t device;
	uint32_t function;
	char canonical[PCI_ADDRESS_SIZE];
	struct pci_address a;
	const char *rest = text;

	if (!take_hex(&rest, 8, ':', &domain) || !take_hex(&rest, 2, ':', &bus) ||
	    !take_hex(&rest, 2, '.', &device) || !take_hex(&rest, 1, '\0', &function))
		return -EINVAL;
	if (device > 0x1f || function > 7)
		return -EINVAL;
	a = (struct pci_address){ .domain = domain,
				  .bus = (uint8_t)bus,
				  .device = (uint8_t)device,
				  .function = (uint8_t)function };
	/* the kernel's names have one form only */
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
