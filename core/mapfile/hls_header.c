// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is read is the comment that AMD's UG1399, "S_AXILITE Control Register Map", shows:
 *
 *	// control                              the interface, a block here
 *	// 0x00 : Control signals
 *	//        bit 0  - ap_start (Read/Write/COH)
 *	// 0x10 : Data signal of a
 *	//        bit 31~0 - a[31:0] (Read/Write)
 *	// 0x40 ~
 *	// 0x7f : Memory 'm' (32 * 16b)
 *	//        Word n : bit [15: 0] - m[2n]
 *	//                 bit [31:16] - m[2n+1]
 *
 * A bit that clears itself (SC), or when the kernel takes it (COH), is set by a 1 and left alone by a 0.
 */
#include "core/mapfile/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/regmap/store.h"

#define LEGEND "COR = Clear on Read, TOW = Toggle on Write"
#define LINE_MAX_SIZE 512
#define WHOLE_NAME_SIZE (2ul * REGMAP_NAME_SIZE)
/* Of a memory whose elements, or words, get a name each. */
#define MEMORY_WORDS_MAX 4096

/* A register: one address, or, for an argument of more than 32 bits, those behind each other. */
struct hls_register {
	bool is_open;
	size_t place;
	uint64_t offset;
	uint64_t words;
	char name[REGMAP_NAME_SIZE];
	char how[64]; /* in parentheses behind its name: "Read/Write" */
	char text[LINE_MAX_SIZE]; /* what it is, for the description */
};

struct hls_field {
	size_t place;
	char name[REGMAP_NAME_SIZE];
	char how[64];
	unsigned int lsb;
	unsigned int msb;
	uint64_t word; /* of the register */
};

struct hls_memory {
	bool is_open;
	size_t place;
	uint64_t begin;
	uint64_t end; /* its last byte */
	char name[REGMAP_NAME_SIZE];
	unsigned long long count; /* of its elements; 0: not known */
	unsigned int bits; /* of each */
	/* what the line "Word" says; 0: there is none */
	unsigned int per_word; /* elements */
	unsigned int words_each; /* of an element */
};

struct reader {
	struct text_map *map;
	char block[REGMAP_NAME_SIZE]; /* "": none was named yet */
	bool has_block; /* it has its row */
	struct hls_register reg;
	struct hls_field *fields;
	size_t field_count;
	struct hls_memory memory;
	uint64_t begin; /* where the memory begins that is named in the next line */
	bool in_memory;
};

bool hls_header_is_one(const char *text, size_t length)
{
	return memmem(text, length, LEGEND, strlen(LEGEND)) != NULL;
}

/* --- rows ------------------------------------------------------------------------------------------- */

static int put_row(const struct reader *r, size_t place, const char *const *columns, unsigned int count)
{
	struct text_row row = { .place = place, .line = "" };

	for (; row.count < count && columns[row.count]; row.count++)
		row.columns[row.count].text = columns[row.count];
	if (row.count)
		row.line = row.columns[row.count - 1].text; /* a description has offset 0 in it */
	return text_row_take(r->map, &row);
}

static bool says(const char *how, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = strstr(how, word); at; at = strstr(at + 1, word)) {
		if ((at == how || at[-1] == '/' || at[-1] == ' ') && (!at[n] || at[n] == '/' || at[n] == ' '))
			return true;
	}
	return false;
}

static const char *access_word(const char *how)
{
	bool reads = says(how, "Read");
	bool writes = says(how, "Write") || says(how, "TOW");

	return reads ? (writes ? "rw" : "ro") : writes ? "wo" : "";
}

/* KEY=VALUE columns that HOW stands for; the number of them. */
static unsigned int effects(const char *how, const char **columns)
{
	unsigned int count = 0;

	if (says(how, "COR"))
		columns[count++] = "read=clear";
	if (says(how, "TOW"))
		columns[count++] = "write=w1t";
	else if (says(how, "SC") || says(how, "COH"))
		columns[count++] = "write=w1s";
	return count;
}

/* With its block in front; one that is too long is refused by the row. */
static void register_name(const struct reader *r, const char *name, char text[WHOLE_NAME_SIZE])
{
	snprintf(text, WHOLE_NAME_SIZE, "%s%s%s", r->block, r->block[0] ? "." : "", name);
}

static int put_block(struct reader *r, size_t place)
{
	const char *const columns[] = { "block", r->block, "0", NULL };

	if (!r->block[0] || r->has_block)
		return 0;
	r->has_block = true;
	return put_row(r, place, columns, 3);
}

static int put_field(const struct reader *r, const char *reg, const struct hls_field *field)
{
	const char *columns[9] = { "field", reg, field->name };
	unsigned int count = 5;
	char bits[32];

	snprintf(bits, sizeof(bits), "%u:%u", field->msb, field->lsb);
	columns[3] = bits;
	columns[4] = access_word(field->how);
	count += effects(field->how, columns + count);
	return put_row(r, field->place, columns, count);
}

/* What can be done with the register: what its fields say, where it does not. */
static void register_how(const struct reader *r, char *how, size_t size)
{
	bool reads = says(r->reg.how, "Read");
	bool writes = says(r->reg.how, "Write");
	bool toggles = says(r->reg.how, "TOW");

	for (size_t i = 0; i < r->field_count; i++) {
		reads |= says(r->fields[i].how, "Read");
		writes |= access_word(r->fields[i].how)[0] && says(r->fields[i].how, "Write");
		toggles |= says(r->fields[i].how, "TOW");
	}
	snprintf(how, size, "%s%s%s", reads ? "Read" : "", writes || toggles ? "/Write" : "",
		 says(r->reg.how, "TOW") ? "/TOW" : "");
}

/* An argument is one field that has all of its value: "a[31:0]" of a. */
static bool is_argument(const struct reader *r)
{
	for (size_t i = 0; i < r->field_count; i++) {
		if (strcmp(r->fields[i].name, r->reg.name) != 0)
			return false;
	}
	return r->field_count > 0;
}

static int put_register(struct reader *r)
{
	struct hls_register *reg = &r->reg;
	const char *columns[12] = { "register" };
	bool is_argument_only = is_argument(r);
	/* of one word only what it uses; of several each is whole */
	unsigned int used = is_argument_only && reg->words == 1 ? r->fields[0].msb + 1 : 32;
	unsigned int count = 5;
	char name[WHOLE_NAME_SIZE];
	char offset[24];
	char bits[24];
	char words[24];
	char how[64];
	char text[LINE_MAX_SIZE + 2];
	int rc;

	register_how(r, how, sizeof(how));
	register_name(r, reg->name, name);
	snprintf(offset, sizeof(offset), "0x%llx", (unsigned long long)reg->offset);
	snprintf(bits, sizeof(bits), "%llu",
		 (unsigned long long)(reg->words > 1 ? 32 * reg->words
				      : used	     ? used
						     : 32));
	snprintf(words, sizeof(words), "words=%llu", (unsigned long long)reg->words);
	snprintf(text, sizeof(text), "\"%s\"", reg->text);
	columns[1] = name;
	columns[2] = offset;
	columns[3] = bits;
	columns[4] = access_word(how);
	count += effects(how, columns + count);
	columns[count++] = "width=32";
	if (reg->words > 1) {
		columns[count++] = words;
		columns[count++] = "order=low";
	}
	columns[count++] = text;
	rc = put_block(r, reg->place);
	if (rc == 0)
		rc = put_row(r, reg->place, columns, count);
	for (size_t i = 0; rc == 0 && !is_argument_only && i < r->field_count; i++)
		rc = put_field(r, name, &r->fields[i]);
	return rc;
}

/* --- memories --------------------------------------------------------------------------------------- */

/* Bits from one element to the next, where each is what one access, or two of 32 bits, can reach; 0: words are all there is. */
static unsigned int element_distance(const struct hls_memory *m)
{
	unsigned int bits = m->bits;

	if (m->per_word > 1)
		bits = m->words_each == 1 ? 32 / m->per_word : 0;
	else if (m->per_word == 1)
		bits = 32 * m->words_each;
	if ((bits != 8 && bits != 16 && bits != 32 && bits != 64) || m->bits < 1 || m->bits > bits ||
	    m->count < 1 || m->count > (m->end - m->begin + 1) * 8 / bits)
		return 0;
	return bits;
}

/* Register INDEX of a memory, SUFFIX behind its name. */
static int put_indexed(const struct reader *r, const char *suffix, uint64_t index, uint64_t address,
		       const char *bits, const char *const *more)
{
	const struct hls_memory *m = &r->memory;
	char element[REGMAP_NAME_SIZE];
	char whole[WHOLE_NAME_SIZE];
	char offset[24];
	const char *columns[12] = { "register", whole, offset, bits, "rw" };
	unsigned int count = 5;

	snprintf(element, sizeof(element), "%.90s%s[%" PRIu64 "]", m->name, suffix, index);
	register_name(r, element, whole);
	snprintf(offset, sizeof(offset), "0x%" PRIx64, address);
	while (*more)
		columns[count++] = *more++;
	return put_row(r, m->place, columns, count);
}

static int put_elements(const struct reader *r, unsigned int distance)
{
	const struct hls_memory *m = &r->memory;
	char bits[16];
	char width[24];
	char text[64];
	const char *more[5] = { width, NULL };
	int rc = 0;

	snprintf(bits, sizeof(bits), "%u", distance > 32 ? distance : m->bits);
	snprintf(width, sizeof(width), "width=%u", distance > 32 ? 32 : distance);
	snprintf(text, sizeof(text), "\"Bits %u:0; the others are reserved\"", m->bits - 1);
	if (distance > 32) {
		more[1] = "words=2";
		more[2] = "order=low";
		more[3] = m->bits < distance ? text : NULL;
	}
	for (uint64_t i = 0; rc == 0 && i < m->count; i++)
		rc = put_indexed(r, "", i, m->begin + i * distance / 8, bits, more);
	return rc;
}

static int put_words(const struct reader *r, uint64_t words)
{
	const struct hls_memory *m = &r->memory;
	char text[LINE_MAX_SIZE];
	const char *const more[] = { text, NULL };
	int rc = 0;

	regmap_note(
		r->map->map, m->place,
		"the memory '%.60s' has names for its words only: an element is in several, or where it is is not known",
		m->name);
	snprintf(text, sizeof(text), "\"A word of %.90s (%llu * %ub)\"", m->name, m->count, m->bits);
	if (!m->count)
		snprintf(text, sizeof(text), "\"A word of %.90s\"", m->name);
	for (uint64_t i = 0; rc == 0 && i < words; i++)
		rc = put_indexed(r, "_word", i, m->begin + 4 * i, "32", more);
	return rc;
}

static int put_memory(struct reader *r)
{
	const struct hls_memory *m = &r->memory;
	unsigned int distance = element_distance(m);
	uint64_t words = (m->end - m->begin) / 4 + 1;
	int rc = put_block(r, m->place);

	if (rc)
		return rc;
	if (words > MEMORY_WORDS_MAX) {
		regmap_note(r->map->map, m->place,
			    "the memory '%.60s', 0x%" PRIx64 " to 0x%" PRIx64
			    ", has more than %d words: it has no names",
			    m->name, m->begin, m->end, MEMORY_WORDS_MAX);
		return 0;
	}
	return distance ? put_elements(r, distance) : put_words(r, words);
}

/* What was read last, now that all of it is. */
static int close_item(struct reader *r)
{
	int rc = r->reg.is_open ? put_register(r) : 0;

	if (rc == 0 && r->memory.is_open)
		rc = put_memory(r);
	r->reg.is_open = false;
	r->memory.is_open = false;
	r->field_count = 0;
	return rc;
}

/* --- lines ------------------------------------------------------------------------------------------ */

/* TEXT as a name: what is none in it becomes '_'. */
static void make_name(const char *text, size_t length, char name[REGMAP_NAME_SIZE])
{
	size_t n = 0;

	for (size_t i = 0; i < length && n < 90; i++)
		name[n++] = isalnum((unsigned char)text[i]) ? text[i] : '_';
	name[n] = '\0';
}

/* What is in the last parentheses goes to HOW; the length of what is before them. */
static size_t split_how(const char *text, char how[64])
{
	const char *open = strrchr(text, '(');
	const char *close = open ? strchr(open, ')') : NULL;
	bool is_how = close && !close[1] && (strstr(open, "Read") || strstr(open, "Write"));
	size_t n = is_how ? (size_t)(open - text) : strlen(text);

	snprintf(how, 64, "%.*s", is_how ? (int)(close - open - 1) : 0, is_how ? open + 1 : "");
	while (n && text[n - 1] == ' ')
		n--;
	return n;
}

/* As HLS' own macros call them. */
static void name_register(const char *text, size_t length, char name[REGMAP_NAME_SIZE])
{
	static const struct {
		const char *text;
		const char *name;
	} known[] = {
		{ "Control signals", "AP_CTRL" },
		{ "Global Interrupt Enable Register", "GIE" },
		{ "IP Interrupt Enable Register", "IER" },
		{ "IP Interrupt Status Register", "ISR" },
	};
	static const char data[] = "Data signal of ";
	static const char control[] = "Control signal of ";

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strlen(known[i].text) == length && strncmp(text, known[i].text, length) == 0) {
			snprintf(name, REGMAP_NAME_SIZE, "%s", known[i].name);
			return;
		}
	}
	if (length > strlen(data) && strncmp(text, data, strlen(data)) == 0) {
		make_name(text + strlen(data), length - strlen(data), name);
	} else if (length > strlen(control) && strncmp(text, control, strlen(control)) == 0) {
		size_t n;

		make_name(text + strlen(control), length - strlen(control), name);
		n = strlen(name); /* 90 at most */
		snprintf(name + n, REGMAP_NAME_SIZE - n, "_ctrl");
	} else {
		make_name(text, length, name);
	}
}

/* "m' (32 * 16b)", and END, its last byte */
static int take_memory(struct reader *r, size_t place, uint64_t end, const char *text)
{
	struct hls_memory next = { .is_open = true, .place = place, .begin = r->begin, .end = end };
	size_t length = strcspn(text, "'");
	int rc = close_item(r);

	r->in_memory = false;
	make_name(text, length, next.name);
	if (sscanf(text + length, "' (%llu * %ub)", &next.count, &next.bits) != 2)
		next.count = 0;
	if (rc == 0 && end < next.begin)
		regmap_problem(r->map->map, place, "the memory '%.60s' ends before it begins", next.name);
	else
		r->memory = next;
	return rc;
}

/* "Word n : bit [15: 0] - m[2n]", "Word 2n   : bit [31:0] - m[n][31: 0]", the first one; others follow from it. */
static void take_word(struct reader *r, const char *text)
{
	struct hls_memory *m = &r->memory;
	char *end;
	unsigned long each = strtoul(text, &end, 10);
	const char *of = strstr(text, " - ");
	unsigned long per;

	if (!m->is_open || m->per_word || *end != 'n' || end[1] != ' ' || !of || !(of = strchr(of, '[')))
		return;
	each = end == text ? 1 : each;
	per = strtoul(of + 1, &end, 10);
	per = end == of + 1 ? 1 : per;
	if (strncmp(end, "n]", 2) != 0 || per < 1 || per > 4 || each < 1 || each > 4096)
		return;
	m->per_word = (unsigned int)per;
	m->words_each = (unsigned int)each;
}

/* "0x10 : Data signal of a" */
static int take_register(struct reader *r, size_t place, uint64_t offset, const char *text)
{
	struct hls_register next = { .is_open = true, .place = place, .offset = offset, .words = 1 };
	size_t length = split_how(text, next.how);
	int rc;

	if (r->in_memory && strncmp(text, "Memory '", 8) == 0)
		return take_memory(r, place, offset, text + 8);
	r->in_memory = false;
	if (strcmp(text, "reserved") == 0)
		return close_item(r);
	name_register(text, length, next.name);
	snprintf(next.text, sizeof(next.text), "%.*s", (int)length, text);
	if (r->reg.is_open && strcmp(r->reg.name, next.name) == 0 &&
	    offset == r->reg.offset + 4 * r->reg.words) {
		r->reg.words++;
		return 0;
	}
	rc = close_item(r);
	r->reg = next;
	return rc;
}

/* "bit 31~0 - a[31:0] (Read/Write)", "bit 0 - Channel 0 (ap_done)" */
static int take_field(struct reader *r, size_t place, const char *text)
{
	struct hls_field field = { .place = place, .word = r->reg.words - 1 };
	struct hls_field *fields;
	int used = 0;
	size_t length;

	if (sscanf(text, "bit %u ~ %u - %n", &field.msb, &field.lsb, &used) < 2 || !used) {
		used = 0;
		if (sscanf(text, "bit %u - %n", &field.msb, &used) < 1 || !used)
			return 0;
		field.lsb = field.msb;
	}
	if (field.msb > 31 || field.lsb > field.msb)
		return 0; /* nothing that HLS writes */
	text += used;
	length = split_how(text, field.how);
	/* "Channel 0 (ap_done)" is called after what it is of, an argument after its value, not a slice of that */
	if (strncmp(text, "Channel ", 8) == 0 && memchr(text, '(', length)) {
		text = strchr(text, '(') + 1;
		length = strcspn(text, ")");
	} else if (memchr(text, '[', length)) {
		length = strcspn(text, "[");
	}
	make_name(text, length, field.name);
	fields = array_grow(r->fields, r->field_count, sizeof(*fields));
	if (!fields)
		return -ENOMEM;
	r->fields = fields;
	fields[r->field_count++] = field;
	return 0;
}

/* A comment that names an interface: one word. */
static int take_interface(struct reader *r, const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	int rc;

	if (n == 0 || text[n] || isdigit((unsigned char)text[0]))
		return 0;
	rc = close_item(r);
	make_name(text, n, r->block);
	r->has_block = false;
	return rc;
}

static int take_line(struct reader *r, size_t place, const char *line)
{
	unsigned long long offset;
	int used = 0;

	line += strspn(line, "/ \t");
	if (sscanf(line, "0x%llx : %n", &offset, &used) == 1 && used)
		return take_register(r, place, offset, line + used);
	if (sscanf(line, "0x%llx ~%n", &offset, &used) == 1 && used) {
		r->begin = offset;
		r->in_memory = true;
		return 0;
	}
	if (strncmp(line, "Word ", 5) == 0) {
		take_word(r, line + 5);
		return 0;
	}
	if (strncmp(line, "bit ", 4) == 0)
		return r->reg.is_open ? take_field(r, place, line) : 0;
	return take_interface(r, line);
}

int hls_header_take(struct text_map *t)
{
	struct reader r = { .map = t };
	size_t length;
	const char *text = regmap_text(t->map, &length);
	char line[LINE_MAX_SIZE];
	int rc = 0;

	for (size_t at = 0; rc == 0 && at < length;) {
		size_t n = strcspn(text + at, "\n");

		if (n > 1 && text[at] == '/' && text[at + 1] == '/') {
			snprintf(line, sizeof(line), "%.*s", (int)(n < sizeof(line) ? n : sizeof(line) - 1),
				 text + at);
			for (size_t end = strlen(line); end && isspace((unsigned char)line[end - 1]); end--)
				line[end - 1] = '\0';
			rc = take_line(&r, at, line);
		}
		at += n + (text[at + n] == '\n' || text[at + n] == '\0');
	}
	if (rc == 0)
		rc = close_item(&r);
	free(r.fields);
	return rc;
}
