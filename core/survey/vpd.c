// SPDX-License-Identifier: GPL-2.0-or-later
/* Vital Product Data, decoded. */
#include "core/survey/vpd.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"

/* Resource tags, PCI 3.0 Appendix I.2: large ones have their length in two bytes behind them, small ones in bits 2:0. */
#define TAG_IDENTIFIER 0x82
#define TAG_READ_ONLY 0x90
#define TAG_READ_WRITE 0x91
#define TAG_LARGE 0x80
#define TAG_SMALL_MASK 0x78
#define TAG_END 0x78

#define LARGE_HEADER 3
#define FIELD_HEADER 3

__attribute__((format(printf, 2, 3))) static int bad(struct vpd *vpd, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(vpd->problem, sizeof(vpd->problem), format, ap);
	va_end(ap);
	return 1;
}

/* Section I.3.1.1: the first byte of RV makes the sum of all bytes up to it 0. */
static void check_sum(struct vpd *vpd, size_t end)
{
	uint8_t sum = 0;

	for (size_t i = 0; i <= end; i++)
		sum = (uint8_t)(sum + vpd->data[i]);
	vpd->checksum = sum == 0 ? VPD_CHECKSUM_GOOD : VPD_CHECKSUM_WRONG;
}

static int add_field(struct vpd *vpd, const struct vpd_field *field)
{
	struct vpd_field *grown = array_grow(vpd->fields, vpd->field_count, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	vpd->fields = grown;
	grown[vpd->field_count++] = *field;
	return 0;
}

/* The fields from AT up to END. 0; 1: a problem, noted; -ENOMEM. */
static int take_fields(struct vpd *vpd, size_t at, size_t end, bool is_writable)
{
	int rc = 0;

	while (rc == 0 && at < end) {
		struct vpd_field field = { .is_writable = is_writable };

		if (end - at < FIELD_HEADER)
			return bad(vpd, "at 0x%zx: %zu bytes are left, which is no field", at, end - at);
		if (!isalnum(vpd->data[at]) || !isalnum(vpd->data[at + 1]))
			return bad(vpd, "at 0x%zx: 0x%02x%02x where the keyword of a field should be", at,
				   vpd->data[at], vpd->data[at + 1]);
		memcpy(field.keyword, vpd->data + at, 2);
		field.offset = at + FIELD_HEADER;
		field.length = vpd->data[at + 2];
		if (field.length > end - field.offset)
			return bad(vpd, "at 0x%zx: field %s of %zu bytes, of which %zu are there", at,
				   field.keyword, field.length, end - field.offset);
		at = field.offset + field.length;
		if (strcmp(field.keyword, "RV") == 0 && field.length > 0)
			check_sum(vpd, field.offset);
		else if (strcmp(field.keyword, "RV") != 0 && strcmp(field.keyword, "RW") != 0)
			rc = add_field(vpd, &field);
	}
	return rc;
}

static int take_large(struct vpd *vpd, uint8_t tag, size_t at, size_t length)
{
	if (tag == TAG_READ_ONLY || tag == TAG_READ_WRITE)
		return take_fields(vpd, at, at + length, tag == TAG_READ_WRITE);
	/* of several, the first is the product's name */
	if (tag == TAG_IDENTIFIER && !vpd->has_identifier) {
		vpd->has_identifier = true;
		vpd->identifier = at;
		vpd->identifier_length = length;
	}
	return 0;
}

/* All resources up to the end tag. */
static int take_resources(struct vpd *vpd)
{
	size_t at = 0;

	while (at < vpd->length) {
		uint8_t tag = vpd->data[at];
		size_t header = tag & TAG_LARGE ? LARGE_HEADER : 1;
		size_t length;
		int rc;

		if ((tag & TAG_LARGE) == 0 && (tag & TAG_SMALL_MASK) == TAG_END)
			return 0;
		if (tag != TAG_IDENTIFIER && tag != TAG_READ_ONLY && tag != TAG_READ_WRITE)
			return bad(vpd, "at 0x%zx: 0x%02x, which is no tag of VPD", at, tag);
		if (vpd->length - at < header)
			return bad(vpd, "at 0x%zx: the data ends in the length of tag 0x%02x", at, tag);
		length = (size_t)vpd->data[at + 1] | (size_t)vpd->data[at + 2] << 8;
		if (length > vpd->length - at - header)
			return bad(vpd, "at 0x%zx: tag 0x%02x of %zu bytes, of which %zu are there", at, tag,
				   length, vpd->length - at - header);
		rc = take_large(vpd, tag, at + header, length);
		if (rc)
			return rc;
		at += header + length;
	}
	return bad(vpd, "the data ends at 0x%zx without an end tag", at);
}

int vpd_parse(const uint8_t *data, size_t length, struct vpd *vpd)
{
	*vpd = (struct vpd){ .data = data, .length = length };
	if (take_resources(vpd) < 0) {
		vpd_free(vpd);
		return -ENOMEM;
	}
	return 0;
}

void vpd_free(struct vpd *vpd)
{
	free(vpd->fields);
	vpd->fields = NULL;
	vpd->field_count = 0;
}

const char *vpd_meaning(const char *keyword)
{
	/* PCI 3.0 sections I.3.1.1 and I.3.1.2 */
	static const struct {
		const char keyword[3];
		const char *meaning;
	} meanings[] = {
		{ "PN", "part number" },      { "EC", "engineering change level" },
		{ "FG", "fabric geography" }, { "LC", "location" },
		{ "MN", "manufacturer" },     { "PG", "PCI geography" },
		{ "SN", "serial number" },    { "CP", "extended capability" },
		{ "YA", "asset tag" },
	};

	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (strcmp(meanings[i].keyword, keyword) == 0)
			return meanings[i].meaning;
	}
	return keyword[0] == 'V' ? "vendor's" : keyword[0] == 'Y' ? "system's" : NULL;
}

char *vpd_text(const struct vpd *vpd, size_t offset, size_t length)
{
	const uint8_t *data = vpd->data + offset;
	char *text = malloc(2 * length + 3);
	size_t n = length;
	bool is_text = true;

	if (!text)
		return NULL;
	while (n > 0 && (data[n - 1] == '\0' || data[n - 1] == ' '))
		n--;
	for (size_t i = 0; i < n; i++)
		is_text = is_text && data[i] >= ' ' && data[i] < 0x7f;
	if (is_text) {
		memcpy(text, data, n);
		text[n] = '\0';
		return text;
	}
	memcpy(text, "0x", 3);
	for (size_t i = 0; i < length; i++)
		snprintf(text + 2 + 2 * i, 3, "%02x", data[i]);
	return text;
}
