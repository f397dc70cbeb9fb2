// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON as it comes: a comma is due when the container has an item already. RFC 8259. */
#include <assert.h>
#include <string.h>

#include "cli/writer_backend.h"

void writer_json_flush(struct writer *w)
{
	writer_put(w, w->run, w->run_length);
	w->run_length = 0;
}

/* N bytes of room for what goes out at once: a call of the stream for each key would be most of a short document's time. */
static char *room(struct writer *w, size_t n)
{
	if (n > sizeof(w->run) - w->run_length)
		writer_json_flush(w);
	return w->run + w->run_length;
}

static void put_bytes(struct writer *w, const char *bytes, size_t length)
{
	if (length > sizeof(w->run)) {
		writer_json_flush(w);
		writer_put(w, bytes, length);
		return;
	}
	memcpy(room(w, length), bytes, length);
	w->run_length += length;
}

static void put(struct writer *w, const char *text)
{
	put_bytes(w, text, strlen(text));
}

static void put_byte(struct writer *w, char byte)
{
	*room(w, 1) = byte;
	w->run_length++;
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
static size_t put_special(struct writer *w, const unsigned char *text)
{
	size_t n = utf8_length(text);
	char escape[8];

	if (n == 0) {
		/* VPD and pci.ids are not always UTF-8; the document is */
		put(w, "\\ufffd");
		return 1;
	}
	if (*text == '"' || *text == '\\') {
		put_byte(w, '\\');
		put_byte(w, (char)*text);
	} else if (*text < 0x20 || *text == 0x7f) {
		snprintf(escape, sizeof(escape), "\\u%04x", *text);
		put(w, escape);
	} else {
		put_bytes(w, (const char *)text, n);
	}
	return n;
}

static void put_string(struct writer *w, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	put_byte(w, '"');
	while (*s) {
		const unsigned char *start = s;

		while (plain[*s])
			s++;
		put_bytes(w, (const char *)start, (size_t)(s - start));
		if (*s)
			s += put_special(w, s);
	}
	put_byte(w, '"');
}

/* Keys are the program's own: nothing in them is escaped. */
static void item(struct writer *w, const char *key)
{
	size_t length = key ? strlen(key) : 0;
	char *p = room(w, length + 4);
	char *start = p;

	assert(length + 4 <= sizeof(w->run));
	if (w->has_items[w->depth])
		*p++ = ',';
	w->has_items[w->depth] = true;
	if (key) {
		*p++ = '"';
		p = mempcpy(p, key, length);
		*p++ = '"';
		*p++ = ':';
	}
	w->run_length += (size_t)(p - start);
}

static void json_document(struct writer *w, const char *name)
{
	assert(w->schema < 10);
	put(w, "{\"schema\":\"pcietool/");
	/* "regs read" is schema regs-read */
	for (; *name; name++)
		put_byte(w, *name == ' ' ? '-' : *name);
	put_byte(w, '/');
	put_byte(w, (char)('0' + w->schema));
	put_byte(w, '"');
	w->has_items[0] = true;
}

static void json_document_end(struct writer *w)
{
	put_bytes(w, "}\n", 2);
	writer_json_flush(w);
}

static void json_begin(struct writer *w, const char *key, enum writer_container container)
{
	item(w, key);
	put_byte(w, container == WRITER_OBJECT ? '{' : '[');
}

static void json_end(struct writer *w, enum writer_container container)
{
	put_byte(w, container == WRITER_OBJECT ? '}' : ']');
}

static void json_scalar(struct writer *w, const char *key, const char *label, const char *text,
			const char *value, bool quoted)
{
	(void)label;
	(void)text;
	/* an item without a key in an object is the text form's business only */
	if (!key && w->depth > 0 && w->open[w->depth - 1] == WRITER_OBJECT)
		return;
	if (!key && w->depth == 0)
		return;
	item(w, key);
	if (quoted)
		put_string(w, value);
	else
		put(w, value);
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
	put_bytes(w, text, n);
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
