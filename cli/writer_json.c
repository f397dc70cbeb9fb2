// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON as it comes: a comma is due when the container has an item already. RFC 8259. */
#include <assert.h>
#include <string.h>

#include "cli/writer_backend.h"

/* What goes out at once: a call of the stream for each comma and quote would be most of a short document's time. */
struct run {
	struct writer *writer;
	size_t length;
	char bytes[512];
};

static void run_begin(struct run *r, struct writer *w)
{
	/* not the bytes */
	r->writer = w;
	r->length = 0;
}

static void run_end(struct run *r)
{
	writer_put(r->writer, r->bytes, r->length);
	r->length = 0;
}

static void put_bytes(struct run *r, const char *bytes, size_t length)
{
	if (length > sizeof(r->bytes) - r->length)
		run_end(r);
	if (length > sizeof(r->bytes)) {
		writer_put(r->writer, bytes, length);
		return;
	}
	memcpy(r->bytes + r->length, bytes, length);
	r->length += length;
}

static void put(struct run *r, const char *text)
{
	put_bytes(r, text, strlen(text));
}

static void put_byte(struct run *r, char byte)
{
	if (r->length == sizeof(r->bytes))
		run_end(r);
	r->bytes[r->length++] = byte;
}

/* Length of the well-formed UTF-8 sequence at S (RFC 3629), 0 when it is none. */
static size_t utf8_length(const unsigned char *s)
{
	size_t n;
	unsigned char low = 0x80;
	unsigned char high = 0xbf;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf) {
		n = 2;
	} else if (s[0] >= 0xe0 && s[0] <= 0xef) {
		n = 3;
		low = s[0] == 0xe0 ? 0xa0 : 0x80;
		high = s[0] == 0xed ? 0x9f : 0xbf;
	} else if (s[0] >= 0xf0 && s[0] <= 0xf4) {
		n = 4;
		low = s[0] == 0xf0 ? 0x90 : 0x80;
		high = s[0] == 0xf4 ? 0x8f : 0xbf;
	} else {
		return 0;
	}
	for (size_t i = 1; i < n; i++) {
		if (s[i] < low || s[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return n;
}

/* ASCII that stands for itself: neither a control character nor '"', '\\' or DEL */
static const bool plain[256] = {
	[' ' ... '!'] = true,
	['#' ... '['] = true,
	[']' ... '~'] = true,
};

/* A character that is not plain; the bytes of TEXT that it takes. */
static size_t put_special(struct run *r, const unsigned char *text)
{
	size_t n = utf8_length(text);
	char escape[8];

	if (n == 0) {
		/* VPD and pci.ids are not always UTF-8; the document is */
		put(r, "\\ufffd");
		return 1;
	}
	if (*text == '"' || *text == '\\') {
		put_byte(r, '\\');
		put_byte(r, (char)*text);
	} else if (*text < 0x20 || *text == 0x7f) {
		snprintf(escape, sizeof(escape), "\\u%04x", *text);
		put(r, escape);
	} else {
		put_bytes(r, (const char *)text, n);
	}
	return n;
}

static void put_string(struct run *r, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	put_byte(r, '"');
	while (*s) {
		const unsigned char *start = s;

		while (plain[*s])
			s++;
		put_bytes(r, (const char *)start, (size_t)(s - start));
		if (*s)
			s += put_special(r, s);
	}
	put_byte(r, '"');
}

static void item(struct run *r, const char *key)
{
	struct writer *w = r->writer;

	if (w->has_items[w->depth])
		put_byte(r, ',');
	w->has_items[w->depth] = true;
	if (key) {
		put_string(r, key);
		put_byte(r, ':');
	}
}

static void json_document(struct writer *w, const char *name)
{
	struct run r;

	assert(w->schema < 10);
	run_begin(&r, w);
	put(&r, "{\"schema\":\"pcietool/");
	/* "regs read" is schema regs-read */
	for (; *name; name++)
		put_byte(&r, *name == ' ' ? '-' : *name);
	put_byte(&r, '/');
	put_byte(&r, (char)('0' + w->schema));
	put_byte(&r, '"');
	run_end(&r);
	w->has_items[0] = true;
}

static void json_document_end(struct writer *w)
{
	writer_put(w, "}\n", 2);
}

static void json_begin(struct writer *w, const char *key, enum writer_container container)
{
	struct run r;

	run_begin(&r, w);
	item(&r, key);
	put_byte(&r, container == WRITER_OBJECT ? '{' : '[');
	run_end(&r);
}

static void json_end(struct writer *w, enum writer_container container)
{
	writer_put(w, container == WRITER_OBJECT ? "}" : "]", 1);
}

static void json_scalar(struct writer *w, const char *key, const char *label, const char *text,
			const char *value, bool quoted)
{
	struct run r;

	(void)label;
	(void)text;
	/* an item without a key in an object is the text form's business only */
	if (!key && w->depth > 0 && w->open[w->depth - 1] == WRITER_OBJECT)
		return;
	if (!key && w->depth == 0)
		return;
	run_begin(&r, w);
	item(&r, key);
	if (quoted)
		put_string(&r, value);
	else
		put(&r, value);
	run_end(&r);
}

static void put_value(struct writer *w, const unsigned char *bytes, unsigned int width)
{
	static const char digits[] = "0123456789abcdef";
	char text[24];
	size_t n = 0;

	if (w->has_items[w->depth])
		text[n++] = ',';
	w->has_items[w->depth] = true;
	text[n++] = '"';
	text[n++] = '0';
	text[n++] = 'x';
	for (unsigned int i = width / 8; i-- > 0;) {
		text[n++] = digits[bytes[i] >> 4];
		text[n++] = digits[bytes[i] & 15];
	}
	text[n++] = '"';
	writer_put(w, text, n);
}

static void json_data(struct writer *w, const char *key, uint64_t offset, const void *data, size_t length,
		      unsigned int width, bool all)
{
	(void)key;
	(void)offset;
	(void)all;
	for (size_t i = 0; i + width / 8 <= length; i += width / 8)
		put_value(w, (const unsigned char *)data + i, width);
}

const struct writer_ops writer_json_ops = {
	.document = json_document,
	.document_end = json_document_end,
	.begin = json_begin,
	.end = json_end,
	.scalar = json_scalar,
	.data = json_data,
};
