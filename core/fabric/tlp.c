// SPDX-License-Identifier: GPL-2.0-or-later
/* The header of a transaction layer packet, as AER logs it. Knows no device. */
#include "core/fabric/tlp.h"

#include <stdio.h>

/* Fmt, section 2.2.1.1 */
#define FORMAT_DATA 0x2 /* bit 1: with data */
#define FORMAT_4DW 0x1 /* bit 0: a header of four dwords */
#define FORMAT_PREFIX 0x4

/* Type, section 2.2.1.1 table 2-3 */
struct row {
	unsigned int code;
	unsigned int code_mask;
	unsigned int data; /* 0: without, 1: with data, 2: either */
	enum tlp_kind kind;
	const char *type;
};

static const struct row rows[] = {
	{ 0x00, 0x1f, 0, TLP_MEMORY, "memory read" },
	{ 0x01, 0x1f, 0, TLP_MEMORY, "locked memory read" },
	{ 0x00, 0x1f, 1, TLP_MEMORY, "memory write" },
	{ 0x1b, 0x1f, 1, TLP_MEMORY, "deferrable memory write" },
	{ 0x02, 0x1f, 0, TLP_IO, "I/O read" },
	{ 0x02, 0x1f, 1, TLP_IO, "I/O write" },
	{ 0x04, 0x1f, 0, TLP_CONFIG, "config read (type 0)" },
	{ 0x04, 0x1f, 1, TLP_CONFIG, "config write (type 0)" },
	{ 0x05, 0x1f, 0, TLP_CONFIG, "config read (type 1)" },
	{ 0x05, 0x1f, 1, TLP_CONFIG, "config write (type 1)" },
	{ 0x10, 0x18, 0, TLP_MESSAGE, "message" },
	{ 0x10, 0x18, 1, TLP_MESSAGE, "message with data" },
	{ 0x0a, 0x1f, 0, TLP_COMPLETION, "completion without data" },
	{ 0x0a, 0x1f, 1, TLP_COMPLETION, "completion with data" },
	{ 0x0b, 0x1f, 0, TLP_COMPLETION, "locked completion without data" },
	{ 0x0b, 0x1f, 1, TLP_COMPLETION, "locked completion with data" },
	{ 0x0c, 0x1f, 1, TLP_ATOMIC, "fetch and add" },
	{ 0x0d, 0x1f, 1, TLP_ATOMIC, "unconditional swap" },
	{ 0x0e, 0x1f, 1, TLP_ATOMIC, "compare and swap" },
};

static const struct row *find(unsigned int format, unsigned int code)
{
	unsigned int data = (format & FORMAT_DATA) != 0;

	if (format & FORMAT_PREFIX)
		return NULL;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if ((code & rows[i].code_mask) == rows[i].code && rows[i].data == data)
			return &rows[i];
	}
	return NULL;
}

/* Section 2.2.9.1 */
static const char *completion_status(unsigned int code)
{
	static const char *const names[] = { "SC", "UR",       "CRS",	   "reserved",
					     "CA", "reserved", "reserved", "reserved" };

	return names[code];
}

/* Sections 2.2.4.1, 2.2.7: the dwords from the second on. */
static void decode_request(const uint32_t words[4], struct tlp *t)
{
	bool is_long = t->format & FORMAT_4DW;

	t->requester = (uint16_t)(words[1] >> 16);
	t->tag |= words[1] >> 8 & 0xff;
	t->last_enables = words[1] >> 4 & 0xf;
	t->first_enables = words[1] & 0xf;
	if (t->kind == TLP_CONFIG) {
		t->target = (uint16_t)(words[2] >> 16);
		t->config_offset = words[2] & 0xffc;
	} else if (t->kind == TLP_MESSAGE) {
		t->message = words[1] & 0xff;
	} else {
		t->has_address = true;
		t->address = is_long ? (uint64_t)words[2] << 32 | (words[3] & ~3u) : words[2] & ~3u;
	}
}

static void decode_completion(const uint32_t words[4], struct tlp *t)
{
	t->target = (uint16_t)(words[1] >> 16);
	t->status = completion_status(words[1] >> 13 & 7);
	t->byte_count = words[1] & 0xfff ? words[1] & 0xfff : 4096;
	t->requester = (uint16_t)(words[2] >> 16);
	t->tag |= words[2] >> 8 & 0xff;
}

void tlp_decode(const uint32_t words[4], struct tlp *tlp)
{
	unsigned int format = words[0] >> 29;
	unsigned int code = words[0] >> 24 & 0x1f;
	const struct row *row = find(format, code);
	unsigned int length = words[0] & 0x3ff;

	*tlp = (struct tlp){
		.kind = row ? row->kind : TLP_UNKNOWN,
		.type = row ? row->type : "unknown TLP",
		.format = format,
		.code = code,
		.traffic_class = words[0] >> 20 & 7,
		.has_digest = words[0] & 1u << 15,
		.is_poisoned = words[0] & 1u << 14,
		.length = (length ? length : 1024) * 4,
		/* tag bits 9 and 8 of 10-bit tags, section 2.2.6.2 */
		.tag = (words[0] >> 23 & 1) << 9 | (words[0] >> 19 & 1) << 8,
	};
	if (tlp->kind == TLP_COMPLETION)
		decode_completion(words, tlp);
	else if (row)
		decode_request(words, tlp);
}

static void format_id(uint16_t id, char text[16])
{
	snprintf(text, 16, "%02x:%02x.%x", id >> 8, id >> 3 & 0x1f, id & 7);
}

void tlp_format(const struct tlp *t, char *text, size_t size)
{
	const char *poisoned = t->is_poisoned ? ", poisoned" : "";
	char requester[16];
	char target[16];

	format_id(t->requester, requester);
	format_id(t->target, target);
	switch (t->kind) {
	case TLP_CONFIG:
		snprintf(text, size, "%s of %s, offset 0x%x, requester %s, tag 0x%02x%s", t->type, target,
			 t->config_offset, requester, t->tag, poisoned);
		break;
	case TLP_MESSAGE:
		snprintf(text, size, "%s, code 0x%02x, requester %s%s", t->type, t->message, requester,
			 poisoned);
		break;
	case TLP_COMPLETION:
		snprintf(text, size, "%s (%s) of %u bytes from %s for %s, tag 0x%02x%s", t->type, t->status,
			 t->byte_count, target, requester, t->tag, poisoned);
		break;
	case TLP_UNKNOWN:
		snprintf(text, size, "%s (format %u, type 0x%02x)", t->type, t->format, t->code);
		break;
	default:
		snprintf(text, size, "%s of %u bytes %s 0x%llx, requester %s, tag 0x%02x%s", t->type,
			 t->length, t->format & FORMAT_DATA ? "to" : "from", (unsigned long long)t->address,
			 requester, t->tag, poisoned);
	}
}
