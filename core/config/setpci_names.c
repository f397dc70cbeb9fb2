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
#include "core/base/number.h"
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

/* --- what a write does not change -------------------------------------------------------------- */

static uint32_t field_bits(const struct config_field *field)
{
	return (uint32_t)(width_max(field->bits) << field->lsb);
}

static uint32_t read_only_bits(const struct config_register *reg)
{
	uint32_t all = (uint32_t)width_max(reg->width);
	uint32_t read_only = 0;
	uint32_t written = 0;

	if (!reg->fields)
		return config_access_is_read_only(reg->access) ? all : 0;
	for (const struct config_field *field = reg->fields; field->name; field++)
		*(config_access_is_read_only(field->access) ? &read_only : &written) |= field_bits(field);
	return written ? read_only & ~written : all;
}

uint32_t config_name_read_only(const char *name, unsigned int offset, unsigned int width)
{
	for (const struct config_register *reg = config_header.registers; reg->name; reg++) {
		if (reg->offset == offset && reg->width == width && strcasecmp(reg->name, name) == 0)
			return read_only_bits(reg);
	}
	return 0;
}

/* --- as setpci has them ------------------------------------------------------------------------- */

struct span {
	const char *start;
	size_t length;
};

static bool is_word_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static struct span take(const char **cursor)
{
	struct span s = { .start = *cursor };

	while (is_word_char(**cursor))
		(*cursor)++;
	s.length = (size_t)(*cursor - s.start);
	return s;
}

static bool is_setpci_name(const struct span *s)
{
	struct capability_ref ref = { .instance = 0 };

	return s->length > 0 &&
	       (parse_word(s->start, s->length, &ref) || header_register(s->start, s->length, ~0u));
}

/* A number that setpci has in hex; with 0x in front, as it may be there too. */
static bool is_hex_number(const struct span *s)
{
	size_t prefix =
		s->length > 2 && s->start[0] == '0' && (s->start[1] == 'x' || s->start[1] == 'X') ? 2 : 0;

	for (size_t i = prefix; i < s->length; i++) {
		if (!isxdigit((unsigned char)s->start[i]))
			return false;
	}
	return s->length > prefix;
}

static void append_hex(char *text, size_t size, const char *before, const struct span *s)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s0x%llx", before, strtoull(s->start, NULL, 16));
}

/* NAME+OFFSET.w@N=VALUE:MASK, from the dot on; TEXT holds what is to be typed for NAME, here NAME@N+OFFSET. */
static int answer_setpci(const char *operand, const char *cursor, const char *offset, char *text, size_t size,
			 struct error *error)
{
	char letter = (char)tolower((unsigned char)cursor[1]);
	struct span instance = { .length = 0 };
	char width[8];
	size_t used;
	int rc;

	cursor += 2;
	if (*cursor == '@') {
		cursor++;
		instance = take(&cursor);
	}
	used = strlen(text);
	if (instance.length)
		snprintf(text + used, size - used, "@%.*s", (int)instance.length, instance.start);
	snprintf(width, sizeof(width), "/%s", letter == 'b' ? "8" : letter == 'w' ? "16" : "32");
	used = strlen(text);
	snprintf(text + used, size - used, "%s%s", offset, width);
	for (const char *before = *cursor == '=' ? "=" : ""; *before; before = *cursor == ':' ? ":" : "") {
		struct span number;

		cursor++;
		number = take(&cursor);
		if (!is_hex_number(&number))
			break;
		append_hex(text, size, before, &number);
	}
	rc = error_set(error, ERROR_USAGE, "setpci-form", "'%.100s': that is setpci's way to give a width",
		       operand);
	if (*cursor)
		error_hint(error,
			   "here a width is /8, /16 or /32, one value an operand, hexadecimal with 0x");
	else
		error_hint(error, "its numbers are hexadecimal; here: %s", text);
	return rc;
}

/* setpci would read the number otherwise than it is read here. */
static int check_decimal(const char *operand, const struct span *number, struct error *error)
{
	size_t n = number->length;
	int rc;

	if (n < 2 || number->start[0] == '0' || strspn(number->start, "0123456789") < n)
		return 0;
	rc = error_set(error, ERROR_USAGE, "bad-number",
		       "'%.100s': %.*s beside one of setpci's names can be read in two ways", operand, (int)n,
		       number->start);
	error_hint(error, "write 0x%llx as setpci reads it, or 0x%llx for the decimal %.*s",
		   strtoull(number->start, NULL, 16), strtoull(number->start, NULL, 10), (int)n,
		   number->start);
	return rc;
}

int config_name_check_form(const char *operand, struct error *error)
{
	const char *cursor = operand;
	struct span name = take(&cursor);
	struct span offset = { .length = 0 };
	bool is_name = is_setpci_name(&name);
	char text[160] = "";
	char plus[32] = "";
	int rc = 0;

	if (!is_name && !is_hex_number(&name))
		return 0;
	if (is_name)
		snprintf(text, sizeof(text), "%.*s", (int)(name.length < 64 ? name.length : 64), name.start);
	else
		append_hex(text, sizeof(text), "", &name);
	if (is_name && *cursor == '@') {
		struct span instance;

		cursor++;
		instance = take(&cursor);
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "@%.*s", (int)instance.length,
			 instance.start);
	}
	if (is_name && *cursor == '+') {
		cursor++;
		offset = take(&cursor);
		if (is_hex_number(&offset))
			append_hex(plus, sizeof(plus), "+", &offset);
	}
	if (cursor[0] == '.' && cursor[1] && strchr("bwlBWL", cursor[1]) && !is_word_char(cursor[2]))
		return answer_setpci(operand, cursor, plus, text, sizeof(text), error);
	if (!is_name)
		return 0;
	rc = check_decimal(operand, &offset, error);
	cursor = rc == 0 ? strchr(operand, '=') : NULL;
	while (rc == 0 && cursor && *cursor && !memchr(operand, '.', (size_t)(cursor - operand))) {
		struct span number;

		cursor++;
		number = take(&cursor);
		rc = check_decimal(operand, &number, error);
		if (*cursor != ':')
			break;
	}
	return rc;
}
