// SPDX-License-Identifier: GPL-2.0-or-later
/* The forms that a trace is exported in. Knows what an operand of a batch looks like. */
#include "core/trace/export.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/number.h"

typedef unsigned long long ull;

/* Pauses that may be meant, and are worth a comment. */
#define PAUSE_NS 1000000u
/* A wait has ten times what it took, and at least this. */
#define WAIT_MIN_NS 1000000000u
/* An address below that may as well be a number of bytes. */
#define LENGTH_LIKE (1u << 20)

/* --- a batch ------------------------------------------------------------------------------------------- */

struct batch {
	const struct trace_file *file;
	struct text_buffer *text;
	bool has_device; /* it was said which one the lines are of */
	unsigned int rank;
	uint64_t last; /* ns */
};

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

/* The buffer that VALUE, an address, lies in where LINE is; NULL: none. */
static const struct trace_line *buffer_at(const struct trace_file *file, const struct trace_line *line)
{
	const struct trace_line *found = NULL;

	if (line->width < 32 || line->value == 0)
		return NULL;
	for (const struct trace_line *l = file->lines; l < line; l++) {
		/* another device's may have the same address */
		if (l->device_rank != line->device_rank || l->error)
			continue;
		if (l->op == TRACE_ALLOC && l->place[1] && line->value >= l->value &&
		    line->value - l->value < l->width)
			found = l;
		else if (found && l->op == TRACE_FREE && l->value == found->value)
			found = NULL;
	}
	return found;
}

static void put_value(const struct batch *b, const struct trace_line *line, const struct trace_line *buffer)
{
	if (!buffer)
		text_buffer_format(b->text, "0x%llx", (ull)line->value);
	else if (line->value == buffer->value)
		text_buffer_string(b->text, buffer->place);
	else
		text_buffer_format(b->text, "%s+0x%llx", buffer->place, (ull)(line->value - buffer->value));
}

/* What is an address may be a length as well, where addresses begin at that of a page: the reader is to know. */
static void put_remark(struct text_buffer *text, const struct trace_line *line, bool is_doubtful)
{
	if (line->name || is_doubtful)
		text_buffer_string(text, "  # ");
	if (line->name)
		text_buffer_string(text, line->name);
	if (is_doubtful)
		text_buffer_format(text, "%sor the number 0x%llx", line->name ? ", " : "", (ull)line->value);
	text_buffer_string(text, "\n");
}

static void batch_write(const struct batch *b, const struct trace_line *line)
{
	const struct trace_line *buffer = buffer_at(b->file, line);

	if (line->error)
		text_buffer_string(b->text, "# failed: ");
	else if (line->space == TRACE_ROM)
		text_buffer_string(b->text, "# expansion ROM: ");
	text_buffer_format(b->text, "%s write ", noun(line));
	put_ref(b->text, line);
	text_buffer_string(b->text, "=");
	put_value(b, line, buffer);
	put_remark(b->text, line, buffer && line->value < LENGTH_LIKE);
}

/* Config space and memory have no verb that waits. */
static void batch_wait(const struct batch *b, const struct trace_step *step, const struct trace_line *end,
		       uint64_t mask)
{
	uint64_t time = end->time - step->line->time;
	bool is_regs = step->line->space == TRACE_BAR || step->line->space == TRACE_BUFFER;
	char timeout[DURATION_SIZE];

	time = time > UINT64_MAX / 10 ? UINT64_MAX : 10 * time;
	/* whole milliseconds are read more easily */
	duration_format(time < WAIT_MIN_NS ? WAIT_MIN_NS : time / 1000000 * 1000000, timeout);
	text_buffer_format(b->text, "%sregs wait '", is_regs ? "" : "# ");
	put_ref(b->text, end);
	text_buffer_format(b->text, "==0x%llx:0x%llx' --timeout %s  # %zu polls, %.3f ms",
			   (ull)(end->value & mask), (ull)mask, timeout, step->count,
			   clock_ms(end->time - step->line->time));
	if (end->name)
		text_buffer_format(b->text, ", %s", end->name);
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
	if (b->last && line->time > b->last && line->time - b->last >= PAUSE_NS)
		text_buffer_format(b->text, "# %.3f ms\n", clock_ms(line->time - b->last));
	b->last = line->time;
	if (!line->device || (b->has_device && b->rank == line->device_rank))
		return;
	text_buffer_format(b->text, b->file->devices > 1 ? "use -s %s\n" : "# of %s\n", line->device);
	b->has_device = true;
	b->rank = line->device_rank;
}

void trace_export_batch(const struct trace_file *file, const struct trace_step *steps, size_t count,
			struct text_buffer *text)
{
	struct batch b = { .file = file, .text = text };

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
}

/* --- a table in C ---------------------------------------------------------------------------------------- */

static void c_row(struct text_buffer *text, const struct trace_line *line, const char *op, uint64_t value,
		  uint64_t mask)
{
	text_buffer_format(text, "\t{ %s, %u, %llu, 0x%llx, 0x%llx, 0x%llx },", op, line->bar,
			   (ull)line->width, (ull)line->offset, (ull)value, (ull)mask);
	if (line->name)
		text_buffer_format(text, " /* %s */", line->name);
	text_buffer_string(text, "\n");
}

void trace_export_c(const struct trace_file *file, const struct trace_step *steps, size_t count,
		    struct text_buffer *text)
{
	(void)file;
	text_buffer_string(text, "/* What a trace wrote and waited for, in BARs. */\n"
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
		uint64_t mask;

		if (line->space != TRACE_BAR || line->error)
			continue;
		if (line->op == TRACE_WRITE)
			c_row(text, line, "SEQUENCE_WRITE", line->value,
			      width_max((unsigned int)line->width));
		else if (i + 1 < count && trace_step_is_wait(&steps[i], &steps[i + 1], &mask))
			c_row(text, line, "SEQUENCE_WAIT", steps[i + 1].line->value & mask, mask);
	}
	text_buffer_string(text, "};\n");
}

/* --- a map ------------------------------------------------------------------------------------------------ */

static int by_place(const void *a, const void *b)
{
	return trace_line_compare(a, b);
}

void trace_export_name(const struct trace_names *names, const struct trace_line *line, char *name,
		       size_t size)
{
	const struct regmap_register *reg = names ? trace_names_find(names, line) : NULL;

	if (reg)
		snprintf(name, size, "%s", reg->name);
	else
		snprintf(name, size, "BAR%u.R%04llx_%llu", line->bar, (ull)line->offset, (ull)line->width);
}

/* The register of COUNT lines, all of one place. */
static void map_row(struct text_buffer *text, const struct trace_line *lines, size_t count)
{
	const struct trace_line *first = &lines[0];
	unsigned int digits = (unsigned int)first->width / 4;
	char name[64];
	bool is_read = false;
	bool is_written = false;
	uint64_t changed = 0;

	for (size_t i = 0; i < count; i++) {
		is_read |= lines[i].op == TRACE_READ;
		is_written |= lines[i].op == TRACE_WRITE;
		if (lines[i].has_value && first->has_value)
			changed |= lines[i].value ^ first->value;
	}
	trace_export_name(NULL, first, name, sizeof(name));
	text_buffer_format(text, "register,%s,0x%llx,%llu,%s,", name, (ull)first->offset, (ull)first->width,
			   is_read && is_written ? "rw"
			   : is_written		 ? "wo"
						 : "ro");
	if (changed)
		text_buffer_format(text, "%zu accesses; bits that changed: 0x%0*llx\n", count, (int)digits,
				   (ull)changed);
	else
		text_buffer_format(text, "%zu accesses; always 0x%0*llx\n", count, (int)digits,
				   (ull)first->value);
}

int trace_export_map(const struct trace_file *file, struct text_buffer *text)
{
	struct trace_line *list = calloc(file->count + 1, sizeof(*list));
	unsigned int bar = UINT32_MAX;
	size_t n = 0;

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < file->count; i++) {
		const struct trace_line *line = &file->lines[i];

		if (line->space == TRACE_BAR && !line->error &&
		    (line->op == TRACE_READ || line->op == TRACE_WRITE))
			list[n++] = *line;
	}
	qsort(list, n, sizeof(*list), by_place);
	text_buffer_string(
		text, "# made from a trace: places that were used, as they were used; give them names\n");
	for (size_t i = 0, end; i < n; i = end) {
		if (list[i].bar != bar)
			text_buffer_format(text, "block,BAR%u,0x0,,bar=%u\n", list[i].bar, list[i].bar);
		bar = list[i].bar;
		for (end = i + 1; end < n && list[end].bar == bar && list[end].offset == list[i].offset &&
				  list[end].width == list[i].width;)
			end++;
		map_row(text, list + i, end - i);
	}
	free(list);
	return 0;
}
