// SPDX-License-Identifier: GPL-2.0-or-later
/* The form for people: labels, values and lines as the command puts them; hex and ASCII for data. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/writer_backend.h"

static void put(struct writer *w, const char *text)
{
	size_t n = strlen(text);

	writer_put(w, text, n);
	w->column += (int)n;
}

static void text_document(struct writer *w, const char *name)
{
	(void)w;
	(void)name;
}

static void text_document_end(struct writer *w)
{
	if (w->column > 0)
		writer_line(w);
}

static void text_begin(struct writer *w, const char *key, enum writer_container container)
{
	(void)w;
	(void)key;
	(void)container;
}

static void text_end(struct writer *w, enum writer_container container)
{
	(void)w;
	(void)container;
}

/* A device's strings (VPD, names) must not drive the terminal. */
static void put_printable(struct writer *w, const char *text)
{
	while (*text) {
		size_t n = 0;

		while ((unsigned char)text[n] >= 0x20 && text[n] != 0x7f)
			n++;
		writer_put(w, text, n);
		w->column += (int)n;
		text += n;
		if (*text) {
			put(w, "?");
			text++;
		}
	}
}

static void text_scalar(struct writer *w, const char *key, const char *label, const char *text,
			const char *value, bool quoted)
{
	(void)key;
	(void)value;
	(void)quoted;
	if (!label)
		return;
	put(w, label);
	put_printable(w, text);
}

/*
 * One line of up to 16 bytes: the offset, the values as they were read, the bytes as ASCII. Values are
 * shown as numbers of the access width, so that a register reads as in its manual.
 */
static void put_line(struct writer *w, const unsigned char *bytes, unsigned int length)
{
	static const char digits[] = "0123456789abcdef";
	unsigned int step = w->data_width / 8;
	unsigned int ascii = 10 + 16 / step * (2 * step + 1);
	char line[128];
	char *p = line;
	int offset_digits = w->line_offset >> 32 ? 16 : 8;

	for (int i = offset_digits; i-- > 0;)
		*p++ = digits[w->line_offset >> (4 * i) & 15];
	*p++ = ':';
	for (unsigned int i = 0; i < length; i += step) {
		*p++ = ' ';
		for (unsigned int b = step; b-- > 0;) {
			*p++ = digits[bytes[i + b] >> 4];
			*p++ = digits[bytes[i + b] & 15];
		}
	}
	ascii += (unsigned int)offset_digits - 8;
	while ((unsigned int)(p - line) < ascii)
		*p++ = ' ';
	*p++ = ' ';
	for (unsigned int i = 0; i < length; i++)
		*p++ = bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char)bytes[i] : '.';
	*p++ = '\n';
	writer_put(w, line, (size_t)(p - line));
}

static void flush_line(struct writer *w)
{
	bool same = w->has_previous && w->line_length == 16 && !w->data_all &&
		    memcmp(w->line, w->previous, 16) == 0;

	if (w->line_length == 0)
		return;
	if (!same) {
		put_line(w, w->line, w->line_length);
		w->repeated = false;
	} else if (!w->repeated) {
		writer_put(w, "*\n", 2);
		w->repeated = true;
	}
	memcpy(w->previous, w->line, 16);
	w->has_previous = w->line_length == 16;
	w->line_length = 0;
	w->line_offset += 16;
}

static void text_data(struct writer *w, const char *key, uint64_t offset, const void *data, size_t length,
		      unsigned int width, bool all)
{
	const unsigned char *bytes = data;

	(void)key;
	if (!w->in_data) {
		w->repeated = false;
		w->has_previous = false;
		w->line_length = 0;
		w->line_offset = offset;
		w->data_width = width;
		w->data_all = all;
	}
	w->data_end_offset = offset + length;
	while (length > 0) {
		size_t n = 16 - w->line_length < length ? 16 - w->line_length : length;

		memcpy(w->line + w->line_length, bytes, n);
		w->line_length += (unsigned int)n;
		bytes += n;
		length -= n;
		if (w->line_length == 16)
			flush_line(w);
	}
}

static void text_data_end(struct writer *w)
{
	flush_line(w);
	/* where the run ends would otherwise not be seen */
	if (w->repeated)
		writer_text(w, "%08llx\n", (unsigned long long)w->data_end_offset);
	w->column = 0;
}

const struct writer_ops writer_text_ops = {
	.document = text_document,
	.document_end = text_document_end,
	.begin = text_begin,
	.end = text_end,
	.scalar = text_scalar,
	.data = text_data,
	.data_end = text_data_end,
};

void writer_text(struct writer *w, const char *format, ...)
{
	char text[512];
	va_list ap;

	if (w->json)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	put(w, text);
}

void writer_column(struct writer *w, int column)
{
	if (w->json)
		return;
	while (w->column < column)
		put(w, " ");
}

void writer_line(struct writer *w)
{
	if (w->json)
		return;
	writer_put(w, "\n", 1);
	w->column = 0;
}
