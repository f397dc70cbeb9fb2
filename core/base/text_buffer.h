/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that grows. What does not fit into memory is noted, and nothing is added any more then. */
#ifndef PCIETOOL_TEXT_BUFFER_H
#define PCIETOOL_TEXT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

/* Starts zeroed. */
struct text_buffer {
	char *bytes; /* no NUL at its end */
	size_t length;
	size_t size;
	bool failed; /* no memory */
};

void text_buffer_add(struct text_buffer *buffer, const char *bytes, size_t length);
void text_buffer_string(struct text_buffer *buffer, const char *text);
void text_buffer_format(struct text_buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void text_buffer_free(struct text_buffer *buffer);

#endif
