// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/survey/privacy.h"

#include <ctype.h>
#include <linux/pci_regs.h>
#include <string.h>

#define PAIRS_MIN 6

/* Device Serial Number, PCIe 6.0 section 7.9.3: the 8 bytes behind the header */
#define DSN_NUMBER 4
#define DSN_SIZE 8

static bool is_hex(const char *text, size_t i, size_t length)
{
	return i < length && isxdigit((unsigned char)text[i]);
}

/* How many bytes from I on are pairs with the same separator between them. */
static size_t pairs_at(const char *text, size_t i, size_t length, unsigned int *pairs)
{
	size_t start = i;
	char separator = '\0';

	*pairs = 0;
	while (is_hex(text, i, length) && is_hex(text, i + 1, length)) {
		++*pairs;
		i += 2;
		if (!separator && i < length && (text[i] == ':' || text[i] == '-'))
			separator = text[i];
		if (!separator || i >= length || text[i] != separator || !is_hex(text, i + 1, length))
			break;
		i++;
	}
	/* a longer number is none of pairs */
	if (is_hex(text, i, length))
		*pairs = 0;
	return i - start;
}

void privacy_mask_text(char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned int pairs;
		size_t n;

		if (!is_hex(text, i, length) || (i > 0 && isalnum((unsigned char)text[i - 1])))
			continue;
		n = pairs_at(text, i, length, &pairs);
		for (size_t k = i; pairs >= PAIRS_MIN && k < i + n; k++) {
			if (is_hex(text, k, length))
				text[k] = 'x';
		}
		if (pairs >= PAIRS_MIN)
			i += n - 1;
	}
}

bool privacy_is_serial(const char *line)
{
	return strcasestr(line, "serial number") || strcasestr(line, "serialnumber") ||
	       strcasestr(line, "serial no") || strcasestr(line, "serial:") || strcasestr(line, " s/n");
}

static void clear(struct config_space *space, unsigned int offset, unsigned int size)
{
	for (unsigned int i = 0; i < size && offset + i < space->size; i++)
		space->bytes[offset + i] = 0;
}

void privacy_mask_config(struct config_space *space)
{
	unsigned int offset = config_space_get(space, PCI_CAPABILITY_LIST, 8) & 0xfc;

	/* as many as there is room for: a broken list may loop */
	for (int left = 48; left > 0 && offset >= PCI_STD_HEADER_SIZEOF; left--) {
		uint32_t header = config_space_get(space, offset, 16);

		if ((header & 0xff) == PCI_CAP_ID_VPD)
			clear(space, offset + PCI_VPD_DATA, 4);
		offset = header >> 8 & 0xfc;
	}
	offset = PCI_CFG_SPACE_SIZE;
	for (int left = 480; left > 0 && offset >= PCI_CFG_SPACE_SIZE; left--) {
		uint32_t header = config_space_get(space, offset, 32);

		if (header == 0xffffffff)
			return;
		if ((header & 0xffff) == PCI_EXT_CAP_ID_DSN)
			clear(space, offset + DSN_NUMBER, DSN_SIZE);
		offset = header >> 20 & 0xffc;
	}
}
