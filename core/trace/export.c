// SPDX-License-Identifier: GPL-2.0-or-later
/* The forms that a trace is exported in. Knows what an operand of a batch looks like. */
#include "core/trace/export.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/number.h"
#include "core/trace/addresses.h"

typedef unsigned long long ull;

/* Pauses that may be meant, and are worth a comment. */
#define PAUSE_NS 1000000u
/* A wait has ten times what it took, and at least this. */
#define WAIT_MIN_NS 1000000000u

/* What was read has the address that the device had then. */
static void put_then(struct text_buffer *text, const struct trace_address *address, const char *before)
{
	if (address->buffer)
		text_buffer_format(text, "%san address in %s then", before,
				   trace_address_has_name(address) ? address->buffer->place
								   : "DMA memory without a name");
}

/* --- a batch ------------------------------------------------------------------------------------------- */

struct batch {
	const struct trace_file *file;
	const struct trace_address *addresses; /* of the file's lines */
	struct text_buffer *text;
	bool has_device; /* it was said which one the lines are of */
	unsigned int rank;
	uint64_t last; /* ns */
	unsigned int clock; /* of LAST */
};

static const struct trace_address *address_of(const struct batch *b, const struct trace_line *line)
{
	return &b->addresses[line - b->file->lines];
}

static const char *noun(const struct trace_line *line)
{
	return line->space == TRACE_CONFIG ? "config" : line->space == TRACE_MEMORY ? "mem" : "regs";
}

static void put_ref(struct text_buffer *text, const struct trace_line *line)
{
	if (line->space == TRACE_BAR || line->space == TRACE_BUFFER)
		text_buffer_string(text, line->place);
	else
		text_buffer_format(text, "0x%llx", (ull)line->offset);
	text_buffer_format(text, "/%llu", (ull)line->width);
}

static void put_value(const struct batch *b, const struct trace_line *line)
{
	const struct trace_address *address = address_of(b, line);

	if (address->buffer && trace_address_has_name(address))
		trace_address_put(b->text, address);
	else
		text_buffer_format(b->text, "0x%llx", (ull)line->value);
}

/* What is an address may be a length as well, where addresses begin at that of a page: the reader is to know. */
static void put_remark(const struct batch *b, const struct trace_line *line)
{
	const struct trace_address *address = address_of(b, line);
	const char *before = "  # ";

	if (line->name) {
		text_buffer_format(b->text, "%s%s", before, line->name);
		before = ", ";
	}
	if (address->buffer && !trace_address_has_name(address))
		text_buffer_format(b->text, "%san address in DMA memory without a name", before);
	else if (address->is_doubtful)
		text_buffer_format(b->text, "%sor the number 0x%llx", before, (ull)line->value);
	text_buffer_string(b->text, "\n");
}

static void batch_write(const struct batch *b, const struct trace_line *line)
{
	if (line->error)
		text_buffer_string(b->text, "# failed: ");
	else if (line->space == TRACE_ROM)
		text_buffer_string(b->text, "# expansion ROM: ");
	text_buffer_format(b->text, "%s write ", noun(line));
	put_ref(b->text, line);
	text_buffer_string(b->text, "=");
	put_value(b, line);
	put_remark(b, line);
}

/* Config space and memory have no verb that waits. */
static void batch_wait(const struct batch *b, const struct trace_step *step, const struct trace_line *end,
		       uint64_t mask)
{
	uint64_t start = step->line->time;
	uint64_t time = end->time > start ? end->time - start : 0;
	bool is_regs = step->line->space == TRACE_BAR || step->line->space == TRACE_BUFFER;
	char timeout[DURATION_SIZE];

	time = time > UINT64_MAX / 10 ? UINT64_MAX : 10 * time;
	/* whole milliseconds are read more easily */
	duration_format(time < WAIT_MIN_NS ? WAIT_MIN_NS : time / 1000000 * 1000000, timeout);
	text_buffer_format(b->text, "%sregs wait '", is_regs ? "" : "# ");
	put_ref(b->text, end);
	text_buffer_format(b->text, "==0x%llx:0x%llx' --timeout %s  # %zu polls, %.3f ms",
			   (ull)(end->value & mask), (ull)mask, timeout, step->count,
			   trace_ms(start, end->time));
	if (end->name)
		text_buffer_format(b->text, ", %s", end->name);
	put_then(b->text, address_of(b, end), ", ");
	text_buffer_string(b->text, "\n");
}

static void batch_line(const struct batch *b, const struct trace_line *line)
{
	struct text_buffer *text = b->text;
	const char *name = line->place + 1;

	switch (line->op) {
	case TRACE_WRITE:
		batch_write(b, line);
		break;
	case TRACE_ALLOC:
	case TRACE_FREE:
		if (!*name)
			text_buffer_string(text, "# without a name: ");
		if (line->op == TRACE_ALLOC)
			text_buffer_format(text, "dma alloc --name %s %llu\n", name, (ull)line->width);
		else
			text_buffer_format(text, "dma free %s\n", name);
		break;
	case TRACE_ENABLE:
		text_buffer_format(text, "irq enable --type %s --vectors %llu\n",
				   line->place[3] ? line->place + 4 : "auto", (ull)line->value);
		break;
	case TRACE_DISABLE:
		text_buffer_string(text, "irq disable\n");
		break;
	case TRACE_INTERRUPT:
		if (!line->error && line->place[3])
			text_buffer_format(text, "irq wait --vector %s --since %llu --timeout 10s\n",
					   line->place + 4, (ull)(line->value ? line->value - 1 : 0));
		break;
	case TRACE_LOST:
		text_buffer_string(text, "# accesses are missing here\n");
		break;
	default:
		break;
	}
}

static void batch_heading(struct batch *b, const struct trace_line *line)
{
	if (line->clock != b->clock)
		text_buffer_string(b->text, "# the machine was started anew here\n");
	else if (b->last && line->time > b->last && line->time - b->last >= PAUSE_NS)
		text_buffer_format(b->text, "# %.3f ms\n", clock_ms(line->time - b->last));
	b->last = line->time;
	b->clock = line->clock;
	if (!line->device || (b->has_device && b->rank == line->device_rank))
		return;
	text_buffer_format(b->text, b->file->devices > 1 ? "use -s %s\n" : "# of %s\n", line->device);
	b->has_device = true;
	b->rank = line->device_rank;
}

int trace_export_batch(const struct trace_file *file, const struct trace_step *steps, size_t count,
		       struct text_buffer *text)
{
	struct batch b = { .file = file, .text = text };
	struct trace_address *addresses;

	if (trace_addresses(file, &addresses) < 0)
		return -ENOMEM;
	b.addresses = addresses;
	text_buffer_string(text, "# what a trace wrote and waited for; see pcietool-batch(8)\n");
	for (size_t i = 0; i < count; i++) {
		const struct trace_line *line = steps[i].line;
		uint64_t mask;

		if (line->op == TRACE_READ &&
		    !(i + 1 < count && trace_step_is_wait(&steps[i], &steps[i + 1], &mask))) {
			b.last = steps[i].last;
			continue;
		}
		batch_heading(&b, line);
		if (line->op == TRACE_READ)
			batch_wait(&b, &steps[i], steps[i + 1].line, mask);
		else
			batch_line(&b, line);
		b.last = steps[i].last;
	}
	free(addresses);
	return 0;
}

/* --- a table in C ---------------------------------------------------------------------------------------- */

struct c_row {
	const char *op;
	uint64_t value;
	uint64_t mask;
};

static void c_comment(struct text_buffer *text, const struct trace_line *line,
		      const struct trace_address *address)
{
	const char *before = " /* ";

	if (line->name) {
		text_buffer_format(text, "%s%s", before, line->name);
		before = ", ";
	}
	if (address->buffer && (line->op == TRACE_READ || !trace_address_has_name(address))) {
		put_then(text, address, before);
		before = ", ";
	} else if (address->buffer) {
		text_buffer_string(text, before);
		trace_address_put(text, address);
		text_buffer_string(text, address->is_doubtful ? ", or the number" : "");
		before = ", ";
	}
	text_buffer_string(text, before[0] == ',' ? " */\n" : "\n");
}

static void c_row(struct text_buffer *text, const struct trace_line *line, const struct c_row *row,
		  const struct trace_address *address)
{
	text_buffer_format(text, "\t{ %s, %u, %llu, 0x%llx, 0x%llx, 0x%llx },", row->op, line->bar,
			   (ull)line->width, (ull)line->offset, (ull)row->value, (ull)row->mask);
	c_comment(text, line, address);
}

int trace_export_c(const struct trace_file *file, const struct trace_step *steps, size_t count,
		   struct text_buffer *text)
{
	struct trace_address *addresses;

	if (trace_addresses(file, &addresses) < 0)
		return -ENOMEM;
	text_buffer_string(
		text, "/*\n"
		      " * What a trace wrote and waited for, in BARs. A value with @NAME behind it was a\n"
		      " * bus address then, in DMA memory: the driver's own goes there.\n"
		      " */\n"
		      "enum sequence_op { SEQUENCE_WRITE, SEQUENCE_WAIT };\n\n"
		      "static const struct {\n"
		      "\tenum sequence_op op;\n"
		      "\tunsigned int bar;\n"
		      "\tunsigned int width; /* bits */\n"
		      "\tunsigned long long offset;\n"
		      "\tunsigned long long value; /* WAIT: until (read & mask) == value */\n"
		      "\tunsigned long long mask;\n"
		      "} sequence[] = {\n");
	for (size_t i = 0; i < count; i++) {
		const struct trace_line *line = steps[i].line;
		struct c_row row = { .op = "SEQUENCE_WRITE", .value = line->value };
		uint64_t mask;

		if (line->space != TRACE_BAR || line->error)
			continue;
		row.mask = width_max((unsigned int)line->width);
		if (line->op != TRACE_WRITE) {
			if (i + 1 == count || !trace_step_is_wait(&steps[i], &steps[i + 1], &mask))
				continue;
			line = steps[i + 1].line;
			row = (struct c_row){ "SEQUENCE_WAIT", line->value & mask, mask };
		}
		c_row(text, line, &row, &addresses[line - file->lines]);
	}
	text_buffer_string(text, "};\n");
	free(addresses);
	return 0;
}
