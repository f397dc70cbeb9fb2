// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/config_names.h"

#include <ctype.h>
#include <linux/pci_regs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/capability_names.h"

/* Header types, PCI Local Bus 3.0 section 6.1: bits of a row's `types` */
enum {
	TYPE0 = 1 << PCI_HEADER_TYPE_NORMAL,
	TYPE1 = 1 << PCI_HEADER_TYPE_BRIDGE,
	TYPE2 = 1 << PCI_HEADER_TYPE_CARDBUS,
	TYPE01 = TYPE0 | TYPE1,
	ANY = TYPE0 | TYPE1 | TYPE2,
};

struct header_register {
	const char *name;
	unsigned char offset;
	unsigned char width;
	unsigned char types;
};

/*
 * PCI Local Bus 3.0 section 6.1 (type 0), PCI-to-PCI Bridge 1.2 section 3.2 (type 1), PC Card standard
 * volume 7 section 4.5 (type 2)
 */
static const struct header_register registers[] = {
	{ "VENDOR_ID", 0x00, 16, ANY },
	{ "DEVICE_ID", 0x02, 16, ANY },
	{ "COMMAND", 0x04, 16, ANY },
	{ "STATUS", 0x06, 16, ANY },
	{ "REVISION", 0x08, 8, ANY },
	{ "CLASS_PROG", 0x09, 8, ANY },
	{ "CLASS_DEVICE", 0x0a, 16, ANY },
	{ "CACHE_LINE_SIZE", 0x0c, 8, ANY },
	{ "LATENCY_TIMER", 0x0d, 8, ANY },
	{ "HEADER_TYPE", 0x0e, 8, ANY },
	{ "BIST", 0x0f, 8, ANY },
	{ "BASE_ADDRESS_0", 0x10, 32, TYPE01 },
	{ "BASE_ADDRESS_1", 0x14, 32, TYPE01 },
	{ "BASE_ADDRESS_2", 0x18, 32, TYPE0 },
	{ "BASE_ADDRESS_3", 0x1c, 32, TYPE0 },
	{ "BASE_ADDRESS_4", 0x20, 32, TYPE0 },
	{ "BASE_ADDRESS_5", 0x24, 32, TYPE0 },
	{ "CARDBUS_CIS", 0x28, 32, TYPE0 },
	{ "SUBSYSTEM_VENDOR_ID", 0x2c, 16, TYPE0 },
	{ "SUBSYSTEM_ID", 0x2e, 16, TYPE0 },
	{ "ROM_ADDRESS", 0x30, 32, TYPE0 },
	{ "CAPABILITIES", 0x34, 8, TYPE01 },
	{ "INTERRUPT_LINE", 0x3c, 8, ANY },
	{ "INTERRUPT_PIN", 0x3d, 8, ANY },
	{ "MIN_GNT", 0x3e, 8, TYPE0 },
	{ "MAX_LAT", 0x3f, 8, TYPE0 },
	{ "PRIMARY_BUS", 0x18, 8, TYPE1 },
	{ "SECONDARY_BUS", 0x19, 8, TYPE1 },
	{ "SUBORDINATE_BUS", 0x1a, 8, TYPE1 },
	{ "SEC_LATENCY_TIMER", 0x1b, 8, TYPE1 },
	{ "IO_BASE", 0x1c, 8, TYPE1 },
	{ "IO_LIMIT", 0x1d, 8, TYPE1 },
	{ "SEC_STATUS", 0x1e, 16, TYPE1 },
	{ "MEMORY_BASE", 0x20, 16, TYPE1 },
	{ "MEMORY_LIMIT", 0x22, 16, TYPE1 },
	{ "PREF_MEMORY_BASE", 0x24, 16, TYPE1 },
	{ "PREF_MEMORY_LIMIT", 0x26, 16, TYPE1 },
	{ "PREF_BASE_UPPER32", 0x28, 32, TYPE1 },
	{ "PREF_LIMIT_UPPER32", 0x2c, 32, TYPE1 },
	{ "IO_BASE_UPPER16", 0x30, 16, TYPE1 },
	{ "IO_LIMIT_UPPER16", 0x32, 16, TYPE1 },
	{ "BRIDGE_ROM_ADDRESS", 0x38, 32, TYPE1 },
	{ "BRIDGE_CONTROL", 0x3e, 16, TYPE1 | TYPE2 },
	{ "CB_CARDBUS_BASE", 0x10, 32, TYPE2 },
	{ "CB_CAPABILITIES", 0x14, 16, TYPE2 },
	{ "CB_SEC_STATUS", 0x16, 16, TYPE2 },
	{ "CB_BUS_NUMBER", 0x18, 8, TYPE2 },
	{ "CB_CARDBUS_NUMBER", 0x19, 8, TYPE2 },
	{ "CB_SUBORDINATE_BUS", 0x1a, 8, TYPE2 },
	{ "CB_CARDBUS_LATENCY", 0x1b, 8, TYPE2 },
	{ "CB_MEMORY_BASE_0", 0x1c, 32, TYPE2 },
	{ "CB_MEMORY_LIMIT_0", 0x20, 32, TYPE2 },
	{ "CB_MEMORY_BASE_1", 0x24, 32, TYPE2 },
	{ "CB_MEMORY_LIMIT_1", 0x28, 32, TYPE2 },
	{ "CB_IO_BASE_0", 0x2c, 16, TYPE2 },
	{ "CB_IO_BASE_0_HI", 0x2e, 16, TYPE2 },
	{ "CB_IO_LIMIT_0", 0x30, 16, TYPE2 },
	{ "CB_IO_LIMIT_0_HI", 0x32, 16, TYPE2 },
	{ "CB_IO_BASE_1", 0x34, 16, TYPE2 },
	{ "CB_IO_BASE_1_HI", 0x36, 16, TYPE2 },
	{ "CB_IO_LIMIT_1", 0x38, 16, TYPE2 },
	{ "CB_IO_LIMIT_1_HI", 0x3a, 16, TYPE2 },
	{ "CB_SUBSYSTEM_VENDOR_ID", 0x40, 16, TYPE2 },
	{ "CB_SUBSYSTEM_ID", 0x42, 16, TYPE2 },
	{ "CB_LEGACY_MODE_BASE", 0x44, 32, TYPE2 },
};

#define REGISTERS (sizeof(registers) / sizeof(registers[0]))

const char *config_name_at(size_t i)
{
	const struct capability_name *row;

	if (i < REGISTERS)
		return registers[i].name;
	i -= REGISTERS;
	for (int extended = 0; extended <= 1; extended++) {
		for (size_t n = 0; (row = capability_name_at(extended, n)) != NULL; n++) {
			if (i-- == 0)
				return row->word;
		}
	}
	return NULL;
}

/* --- what was probably meant ------------------------------------------------------------------- */

#define WORD_MAX 32

/* Levenshtein's distance of two words, of which neither is longer than WORD_MAX - 1. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[WORD_MAX];
	unsigned int columns = (unsigned int)strlen(b);

	for (unsigned int j = 0; j <= columns; j++)
		row[j] = j;
	for (unsigned int i = 0; a[i]; i++) {
		unsigned int diagonal = row[0];

		row[0] = i + 1;
		for (unsigned int j = 0; j < columns; j++) {
			unsigned int change = diagonal + (toupper((unsigned char)a[i]) != b[j]);

			diagonal = row[j + 1];
			row[j + 1]++;
			if (row[j] + 1 < row[j + 1])
				row[j + 1] = row[j] + 1;
			if (change < row[j + 1])
				row[j + 1] = change;
		}
	}
	return row[columns];
}

static bool is_near(const char *name, const char *candidate)
{
	size_t n = strlen(name);

	if (n >= WORD_MAX || strlen(candidate) >= WORD_MAX)
		return false;
	return distance(name, candidate) <= (n < 6 ? 1 : 2) ||
	       (n >= 3 && strcasestr(candidate, name) != NULL);
}

static int unknown_name(const char *name, struct error *error)
{
	char near[160] = "";
	size_t used = 0;
	const char *candidate;
	int rc;

	rc = error_set(error, ERROR_USAGE, "unknown-register",
		       "'%.64s': config space has no register of that name", name);
	for (size_t i = 0; (candidate = config_name_at(i)) != NULL && used < sizeof(near) - WORD_MAX; i++) {
		if (is_near(name, candidate))
			used += (size_t)snprintf(near + used, sizeof(near) - used, "%s%s", used ? ", " : "",
						 candidate);
	}
	if (used)
		error_hint(error, "did you mean %s?", near);
	else
		error_hint(error, "setpci's names are known, such as COMMAND, CAP_EXP, ECAP_AER; "
				  "or give an offset");
	return rc;
}

/* --- registers of the header ------------------------------------------------------------------- */

static int resolve_header(struct device *device, const struct header_register *reg, unsigned int *offset,
			  unsigned int *width, struct error *error)
{
	uint32_t type;
	int rc;

	if (reg->types != ANY) {
		rc = device_config_read(device, PCI_HEADER_TYPE, 8, &type, error);
		if (rc < 0)
			return rc;
		/* nobody at home: not a header of a strange type */
		if (type == 0xff && !device_is_present(device))
			return device_gone(device, error);
		type &= 0x7f; /* bit 7: multi-function */
		if (type > PCI_HEADER_TYPE_CARDBUS || !(reg->types & 1U << type)) {
			rc = error_set(error, ERROR_UNSUPPORTED, "no-register",
				       "%s: a device with header type %u has no register %s", device->name,
				       type, reg->name);
			if (type <= PCI_HEADER_TYPE_CARDBUS)
				error_hint(error, "header type %u is %s", type,
					   type == 0   ? "an endpoint"
					   : type == 1 ? "a PCI bridge"
						       : "a CardBus bridge");
			return rc;
		}
	}
	*offset = reg->offset;
	*width = reg->width;
	return 0;
}

/* --- capabilities ------------------------------------------------------------------------------ */

struct capability_ref {
	bool extended;
	unsigned int id;
	unsigned int instance;
};

/* "CAP05", "ECAP0001": an id in hex, as setpci has them. */
static bool parse_numeric(const char *name, size_t length, struct capability_ref *ref)
{
	char digits[8];
	char *end;

	ref->extended = strncasecmp(name, "ECAP", 4) == 0;
	if (!ref->extended && strncasecmp(name, "CAP", 3) != 0)
		return false;
	name += ref->extended ? 4 : 3;
	length -= ref->extended ? 4 : 3;
	if (length == 0 || length > (ref->extended ? 4 : 2))
		return false;
	memcpy(digits, name, length);
	digits[length] = '\0';
	if (!isxdigit((unsigned char)digits[0]))
		return false;
	ref->id = (unsigned int)strtoul(digits, &end, 16);
	return *end == '\0';
}

static bool parse_word(const char *name, size_t length, struct capability_ref *ref)
{
	const struct capability_name *row;

	for (int extended = 0; extended <= 1; extended++) {
		for (size_t i = 0; (row = capability_name_at(extended, i)) != NULL; i++) {
			if (strlen(row->word) == length && strncasecmp(row->word, name, length) == 0) {
				ref->extended = extended;
				ref->id = row->id;
				return true;
			}
		}
	}
	return length >= 4 && parse_numeric(name, length, ref);
}

/* What follows '@': a small decimal number. */
static bool parse_instance(const char *text, unsigned int *instance)
{
	size_t n = strlen(text);

	if (n == 0 || n > 3 || strspn(text, "0123456789") != n || (n > 1 && text[0] == '0'))
		return false;
	*instance = (unsigned int)strtoul(text, NULL, 10);
	return true;
}

/* The capability was not found: there is none, or it cannot be seen. */
static int no_capability(struct device *device, const char *name, const struct capability_ref *ref,
			 struct error *error)
{
	char title[64];
	int size = device_config_size(device);
	int rc;

	if (size < 0)
		return error_errno(error, size, "%s: config space", device->name);
	if (!device_is_present(device))
		return device_gone(device, error);
	if (size <= PCI_STD_HEADER_SIZEOF) {
		rc = error_set(error, ERROR_DENIED, "denied", "%s: %s: only root may see capabilities",
			       device->name, name);
		error_hint(error, "run it as root");
		return rc;
	}
	capability_name_format(ref->extended, ref->id, title, sizeof(title));
	if (ref->instance > 0)
		return error_set(error, ERROR_UNSUPPORTED, "no-capability",
				 "%s: the device has no %s (%s) number %u", device->name, name, title,
				 ref->instance);
	rc = error_set(error, ERROR_UNSUPPORTED, "no-capability", "%s: the device has no capability %s (%s)",
		       device->name, name, title);
	if (ref->extended && size < PCI_CFG_SPACE_EXP_SIZE)
		error_hint(error,
			   "the kernel shows %d bytes of its config space, extended capabilities "
			   "start at 0x100",
			   size);
	else
		error_hint(error, "'pcietool -s %s info' lists those it has", device->name);
	return rc;
}

static int resolve_capability(struct device *device, const char *name, const struct capability_ref *ref,
			      unsigned int *offset, unsigned int *width, struct error *error)
{
	unsigned int found;

	found = ref->extended ? device_extended_capability(device, ref->id, ref->instance)
			      : device_capability(device, ref->id, ref->instance);
	if (!found)
		return no_capability(device, name, ref, error);
	*offset = found;
	*width = 0;
	return 0;
}

int config_name_resolve(struct device *device, const char *name, unsigned int *offset, unsigned int *width,
			struct error *error)
{
	const char *at = strchr(name, '@');
	size_t length = at ? (size_t)(at - name) : strlen(name);
	struct capability_ref ref = { .instance = 0 };
	int rc;

	if (parse_word(name, length, &ref)) {
		if (!at || parse_instance(at + 1, &ref.instance))
			return resolve_capability(device, name, &ref, offset, width, error);
		rc = error_set(error, ERROR_USAGE, "bad-operand", "'%.64s': a decimal number must follow '@'",
			       name);
		error_hint(error, "@1 is the second capability of that id");
		return rc;
	}
	for (size_t i = 0; i < REGISTERS; i++) {
		if (strlen(registers[i].name) != length || strncasecmp(registers[i].name, name, length) != 0)
			continue;
		if (!at)
			return resolve_header(device, &registers[i], offset, width, error);
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "'%.64s': only capabilities can be numbered with '@'", name);
	}
	return unknown_name(name, error);
}
