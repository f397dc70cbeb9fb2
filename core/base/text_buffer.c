// SPDX-License-Identifier: GPL-2.0-or-later
/* Text that grows. */
#include "core/base/text_buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct text_buffer *b, size_t length)
{
	size_t size = b->size ? b->size : 4096;
	char *bytes;

	if (b->failed || length > SIZE_MAX / 4 - b->length) {
		b->failed = true;
		return false;
	}
	if (b->size - b->length >= length)
		return true;
	while (size - b->length < length)
		size *= 2;
	bytes = realloc(b->bytes, size);
	if (!bytes) {
		b->failed = true;
		return false;
	}
	b->bytes = bytes;
	b->size = size;
	return true;
}

void text_buffer_add(struct text_buffer *b, const char *bytes, size_t length)
{
	if (length == 0 || !make_room(b, length))
		return;
	memcpy(b->bytes + b->length, bytes, length);
	b->length += length;
}

void text_buffer_string(struct text_buffer *b, const char *text)
{
	text_buffer_add(b, text, strlen(text));
}

void text_buffer_format(struct text_buffer *b, const char *format, ...)
{
	va_list ap;
	int n;

	if (!make_room(b, 256))
		return;
	va_start(ap, format);
	n = vsnprintf(b->bytes + b->length, b->size - b->length, format, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n >= b->size - b->length) {
		if (!make_room(b, (size_t)n + 1))
			return;
		va_start(ap, format);
		vsnprintf(b->bytes + b->length, b->size - b->length, format, ap);
		va_end(ap);
	}
	b->length += (size_t)n;
}

void text_buffer_free(struct text_buffer *b)
{
	free(b->bytes);
	*b = (struct text_buffer){ 0 };
}
