/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which values of a trace are bus addresses of its DMA memory: whole, or in halves of 32 bits that are written one after the other. */
#ifndef PCIETOOL_TRACE_ADDRESSES_H
#define PCIETOOL_TRACE_ADDRESSES_H

#include "core/base/text_buffer.h"
#include "core/trace/file.h"

enum trace_part {
	TRACE_WHOLE,
	TRACE_LOW, /* the lower 32 bits */
	TRACE_HIGH,
};

struct trace_address {
	const struct trace_line *buffer; /* TRACE_ALLOC that it lies in; NULL: it is none */
	uint64_t offset; /* in that, bytes */
	enum trace_part part;
	bool is_doubtful; /* it may as well be a number */
};

/*
 * *LIST has one for each of FILE's lines, is the caller's to free, and points into FILE. A buffer counts from its allocation
 * until it is freed, for its own device. -ENOMEM.
 */
int trace_addresses(const struct trace_file *file, struct trace_address **list);

/* Operands can name it. */
bool trace_address_has_name(const struct trace_address *address);
/* "@rx+0x10.lo", as operands have it. */
void trace_address_put(struct text_buffer *text, const struct trace_address *address);

#endif
