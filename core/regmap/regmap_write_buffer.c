// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/regmap/regmap_write_buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void flush(struct write_buffer *b)
{
	if (b->rc == 0 && b->used)
		b->rc = b->put(b->data, b->bytes, b->used, b->error);
	b->used = 0;
}

void write_bytes(struct write_buffer *b, const char *text, size_t length)
{
	while (length > 0) {
		size_t n = sizeof(b->bytes) - b->used;

		if (n > length)
			n = length;
		memcpy(b->bytes + b->used, text, n);
		b->used += n;
		text += n;
		length -= n;
		if (b->used == sizeof(b->bytes))
			flush(b);
	}
}

void write_string(struct write_buffer *b, const char *text)
{
	write_bytes(b, text, strlen(text));
}

void write_format(struct write_buffer *b, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	write_string(b, text);
}

int write_end(struct write_buffer *b)
{
	flush(b);
	return b->rc;
}
