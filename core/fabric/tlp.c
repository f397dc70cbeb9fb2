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

/* Length is reserved without data: sections 2.2.8, 2.2.9. */
static bool has_length(const struct tlp *t)
{
	return t->kind != TLP_UNKNOWN &&
	       (t->format & FORMAT_DATA || (t->kind != TLP_COMPLETION && t->kind != TLP_MESSAGE));
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
		.logged = 4,
		.has_fields = row != NULL,
	};
	tlp->has_tag = row && tlp->kind != TLP_MESSAGE;
	tlp->has_length = has_length(tlp);
	if (tlp->kind == TLP_COMPLETION)
		decode_completion(words, tlp);
	else if (row)
		decode_request(words, tlp);
}

/* --- flit mode --------------------------------------------------------------------------------------- */

/* Type, section 2.2.1.2 table 2-5: what is not here is reserved. */
struct flit_row {
	unsigned int code;
	unsigned int code_mask;
	unsigned int size; /* dwords of the header without what is optional */
	enum tlp_kind kind;
	const char *type;
};

static const struct flit_row flit_rows[] = {
	{ 0x00, 0xff, 1, TLP_BARE, "no operation" },
	{ 0x01, 0xff, 3, TLP_MEMORY, "locked memory read" },
	{ 0x02, 0xff, 3, TLP_IO, "I/O read" },
	{ 0x03, 0xff, 3, TLP_MEMORY, "memory read" },
	{ 0x04, 0xff, 3, TLP_CONFIG, "config read (type 0)" },
	{ 0x05, 0xff, 3, TLP_CONFIG, "config read (type 1)" },
	{ 0x0a, 0xff, 3, TLP_COMPLETION, "completion without data" },
	{ 0x0b, 0xff, 3, TLP_COMPLETION, "locked completion without data" },
	{ 0x0c, 0xff, 3, TLP_BARE, "unordered I/O write completion" },
	{ 0x0d, 0xff, 3, TLP_BARE, "unordered I/O read completion without data" },
	{ 0x20, 0xff, 4, TLP_MEMORY, "memory read" },
	{ 0x21, 0xff, 4, TLP_MEMORY, "locked memory read" },
	{ 0x22, 0xff, 4, TLP_MEMORY, "unordered I/O read" },
	{ 0x30, 0xf8, 4, TLP_MESSAGE, "message" },
	{ 0x40, 0xff, 3, TLP_MEMORY, "memory write" },
	{ 0x42, 0xff, 3, TLP_IO, "I/O write" },
	{ 0x44, 0xff, 3, TLP_CONFIG, "config write (type 0)" },
	{ 0x45, 0xff, 3, TLP_CONFIG, "config write (type 1)" },
	{ 0x48, 0xff, 3, TLP_BARE, "unordered I/O read completion with data" },
	{ 0x4a, 0xff, 3, TLP_COMPLETION, "completion with data" },
	{ 0x4b, 0xff, 3, TLP_COMPLETION, "locked completion with data" },
	{ 0x4c, 0xff, 3, TLP_ATOMIC, "fetch and add" },
	{ 0x4d, 0xff, 3, TLP_ATOMIC, "unconditional swap" },
	{ 0x4e, 0xff, 3, TLP_ATOMIC, "compare and swap" },
	{ 0x5b, 0xff, 3, TLP_MEMORY, "deferrable memory write" },
	{ 0x60, 0xff, 4, TLP_MEMORY, "memory write" },
	{ 0x61, 0xff, 4, TLP_MEMORY, "unordered I/O write" },
	{ 0x6c, 0xff, 4, TLP_ATOMIC, "fetch and add" },
	{ 0x6d, 0xff, 4, TLP_ATOMIC, "unconditional swap" },
	{ 0x6e, 0xff, 4, TLP_ATOMIC, "compare and swap" },
	{ 0x70, 0xf8, 4, TLP_MESSAGE, "message with data" },
	{ 0x7b, 0xff, 4, TLP_MEMORY, "deferrable memory write" },
};

#define FLIT_64_BITS 0x20 /* Type bit 5 of what has an address */
#define OHC_A 0x1 /* OHC bit 0: the first dword behind the header's own */
#define TRAILER_ECRC 1 /* TS */

/* Posted requests have no tag in flit mode, section 2.2.6.2; an unordered write is completed. */
static bool is_posted(const struct tlp *t)
{
	return t->kind == TLP_MESSAGE || t->code == 0x40 || t->code == 0x60;
}

static const struct flit_row *find_flit(unsigned int code)
{
	for (size_t i = 0; i < sizeof(flit_rows) / sizeof(flit_rows[0]); i++) {
		if ((code & flit_rows[i].code_mask) == flit_rows[i].code)
			return &flit_rows[i];
	}
	return NULL;
}

/* Section 2.2.9.2: the status and the lowest address bits are there only where they say something. */
static void decode_flit_completion(const uint32_t *words, struct tlp *t)
{
	t->target = (uint16_t)(words[1] >> 16);
	t->requester = (uint16_t)(words[2] >> 16);
	t->byte_count = words[2] & 0xfff ? words[2] & 0xfff : 4096;
	if (!(words[0] >> 16 & OHC_A))
		t->status = completion_status(0);
	else if (t->logged > t->size)
		t->status = completion_status(words[t->size] & 7);
}

/* Section 2.2.7.2 figures 2-45 to 2-48, section 2.2.8 figure 2-50 */
static void decode_flit_request(const uint32_t *words, struct tlp *t)
{
	t->requester = (uint16_t)(words[1] >> 16);
	if (t->kind == TLP_CONFIG) {
		t->target = (uint16_t)(words[2] >> 16);
		t->config_offset = words[2] & 0xffc;
	} else if (t->kind == TLP_MESSAGE) {
		t->message = words[1] & 0xff;
	} else {
		t->has_address = true;
		t->address =
			t->code & FLIT_64_BITS ? (uint64_t)words[2] << 32 | (words[3] & ~3u) : words[2] & ~3u;
	}
}

void tlp_decode_flit(const uint32_t *words, unsigned int count, struct tlp *tlp)
{
	unsigned int code = words[0] >> 24;
	const struct flit_row *row = find_flit(code);
	unsigned int length = words[0] & 0x3ff;
	unsigned int size = row ? row->size : 1;

	*tlp = (struct tlp){
		.kind = row ? row->kind : TLP_UNKNOWN,
		.type = row ? row->type : "unknown TLP",
		.is_flit = true,
		.format = code >> 5,
		.code = code,
		.size = size,
		.logged = count,
		.has_fields = row && row->kind != TLP_BARE && count >= size,
	};
	if (!tlp->has_fields)
		return;
	tlp->traffic_class = words[0] >> 21 & 7;
	tlp->has_digest = (words[0] >> 13 & 7) == TRAILER_ECRC;
	tlp->length = (length ? length : 1024) * 4;
	tlp->has_length = has_length(tlp);
	/* EP is reserved without data, section 2.7.2.1 */
	tlp->is_poisoned = tlp->format & FORMAT_DATA && words[1] & 1u << 15;
	tlp->has_tag = !is_posted(tlp);
	tlp->tag = tlp->has_tag ? words[1] & 0x3fff : 0;
	if (tlp->kind == TLP_COMPLETION)
		decode_flit_completion(words, tlp);
	else
		decode_flit_request(words, tlp);
}

/* --- for people -------------------------------------------------------------------------------------- */

static void format_id(uint16_t id, char text[16])
{
	snprintf(text, 16, "%02x:%02x.%x", id >> 8, id >> 3 & 0x1f, id & 7);
}

static void format_unknown(const struct tlp *t, char *text, size_t size)
{
	if (t->kind == TLP_UNKNOWN && t->is_flit)
		snprintf(text, size, "%s (type 0x%02x)", t->type, t->code);
	else if (t->kind == TLP_UNKNOWN)
		snprintf(text, size, "%s (format %u, type 0x%02x)", t->type, t->format, t->code);
	else if (t->logged < t->size)
		snprintf(text, size, "%s, %u of %u dwords logged", t->type, t->logged, t->size);
	else
		snprintf(text, size, "%s", t->type);
}

/* What it is about, without what all have. */
static void format_kind(const struct tlp *t, const char *requester, char *text, size_t size)
{
	char target[16];

	format_id(t->target, target);
	switch (t->kind) {
	case TLP_CONFIG:
		snprintf(text, size, "%s of %s, offset 0x%x, requester %s", t->type, target, t->config_offset,
			 requester);
		break;
	case TLP_MESSAGE:
		snprintf(text, size, "%s, code 0x%02x, requester %s", t->type, t->message, requester);
		break;
	case TLP_COMPLETION:
		snprintf(text, size, "%s (%s) of %u bytes from %s for %s", t->type,
			 t->status ? t->status : "status unknown", t->byte_count, target, requester);
		break;
	default:
		snprintf(text, size, "%s of %u bytes %s 0x%llx, requester %s", t->type, t->length,
			 t->format & FORMAT_DATA ? "to" : "from", (unsigned long long)t->address, requester);
	}
}

void tlp_format(const struct tlp *t, char *text, size_t size)
{
	char requester[16];
	char what[120];
	char tag[20] = "";

	format_id(t->requester, requester);
	if (t->has_fields)
		format_kind(t, requester, what, sizeof(what));
	else
		format_unknown(t, what, sizeof(what));
	if (t->has_tag)
		snprintf(tag, sizeof(tag), ", tag 0x%02x", t->tag);
	snprintf(text, size, "%s%s%s%s", what, tag, t->has_fields && t->is_poisoned ? ", poisoned" : "",
		 t->is_flit ? ", flit mode" : "");
}
