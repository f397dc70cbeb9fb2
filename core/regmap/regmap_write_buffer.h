/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What regmap_write_*.c write, put together to pieces of a useful size. Private to them. */
#ifndef PCIETOOL_REGMAP_WRITE_BUFFER_H
#define PCIETOOL_REGMAP_WRITE_BUFFER_H

#include "core/regmap/write.h"

struct write_buffer {
	regmap_put put;
	void *data;
	struct error *error;
	int rc; /* of the first piece that failed; nothing is written any more then */
	size_t used;
	char bytes[16384];
};

void write_bytes(struct write_buffer *buffer, const char *text, size_t length);
void write_string(struct write_buffer *buffer, const char *text);
/* Less than 512 characters: numbers and names. */
void write_format(struct write_buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What is left; the result of all. */
int write_end(struct write_buffer *buffer);

#endif
