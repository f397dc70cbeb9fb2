// SPDX-License-Identifier: GPL-2.0-or-later
/* setpci's names: registers of the header by the table, capabilities by their own list. Reads no more than it needs. */
#include "core/config/setpci_names.h"

#include <ctype.h>
#include <linux/pci_regs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/name_table.h"
#include "core/pci/capability.h"
#include "core/config/table.h"

/* A register of one of HEADERS (enum config_headers) by its name, in upper or lower case; NULL: none. */
static const struct config_register *header_register(const char *name, size_t length, unsigned int headers)
{
	for (const struct config_register *reg = config_header.registers; reg->name; reg++) {
		if ((!reg->headers || reg->headers & headers) && strlen(reg->name) == length &&
		    strncasecmp(reg->name, name, length) == 0)
			return reg;
	}
	return NULL;
}

const char *config_name_at(size_t i)
{
	const struct capability_name *row;

	for (const struct config_register *reg = config_header.registers; reg->name; reg++) {
		/* a register that two headers have differently stands in two rows, but one name is enough */
		if (header_register(reg->name, strlen(reg->name), ~0u) == reg && i-- == 0)
			return reg->name;
	}
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

static bool is_near(const char *name, const char *candidate)
{
	size_t n = strlen(name);
	unsigned int limit = n < 6 ? 1 : 2;

	if (n >= WORD_MAX || strlen(candidate) >= WORD_MAX)
		return false;
	return name_distance(name, candidate, limit) <= limit ||
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

static int no_register(const struct device *device, const char *name, unsigned int type, struct error *error)
{
	static const char *const kinds[] = { "an endpoint", "a PCI bridge", "a CardBus bridge" };
	int rc;

	rc = error_set(error, ERROR_UNSUPPORTED, "no-register",
		       "%s: a device with header type %u has no register %s", device->name, type, name);
	if (type <= PCI_HEADER_TYPE_CARDBUS)
		error_hint(error, "header type %u is %s", type, kinds[type]);
	return rc;
}

static int resolve_header(struct device *device, const struct config_register *any, unsigned int *offset,
			  unsigned int *width, struct error *error)
{
	const struct config_register *reg = any;
	uint32_t type;
	int rc;

	if (any->headers) {
		rc = device_config_read(device, PCI_HEADER_TYPE, 8, &type, error);
		if (rc < 0)
			return rc;
		/* nobody at home: not a header of a strange type */
		if (type == 0xff && !device_is_present(device))
			return device_gone(device, error);
		type &= 0x7f; /* bit 7: multi-function */
		reg = type <= PCI_HEADER_TYPE_CARDBUS
			      ? header_register(any->name, strlen(any->name), 1u << type)
			      : NULL;
		if (!reg)
			return no_register(device, any->name, type, error);
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
	if (device->image && size < (ref->extended ? PCI_CFG_SPACE_EXP_SIZE : PCI_CFG_SPACE_SIZE)) {
		rc = error_set(error, ERROR_UNSUPPORTED, "not-in-dump",
			       "%s: %s: the dump has %d bytes of its config space", device->name, name, size);
		error_hint(error, "'lspci -xxxx', as root, writes all of it");
		return rc;
	}
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
	const struct config_register *reg;
	int rc;

	if (parse_word(name, length, &ref)) {
		if (!at || parse_instance(at + 1, &ref.instance))
			return resolve_capability(device, name, &ref, offset, width, error);
		rc = error_set(error, ERROR_USAGE, "bad-operand", "'%.64s': a decimal number must follow '@'",
			       name);
		error_hint(error, "@1 is the second capability of that id");
		return rc;
	}
	reg = header_register(name, length, ~0u);
	if (reg && !at)
		return resolve_header(device, reg, offset, width, error);
	if (reg)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "'%.64s': only capabilities can be numbered with '@'", name);
	return unknown_name(name, error);
}
