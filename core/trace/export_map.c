// SPDX-License-Identifier: GPL-2.0-or-later
/* A trace's accesses by their places, and the map that is made of them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/trace/export.h"
#include "core/trace/export_places.h"

typedef unsigned long long ull;

void trace_export_name(const struct trace_names *names, const struct trace_line *line, char *name,
		       size_t size)
{
	const struct regmap_register *reg = names ? trace_names_find(names, line) : NULL;

	if (reg)
		snprintf(name, size, "%s", reg->name);
	else
		snprintf(name, size, "BAR%u.R%04llx_%llu", line->bar, (ull)line->offset, (ull)line->width);
}

void trace_export_address(const struct trace_place_line *lines, size_t count, const char *before,
			  struct text_buffer *text)
{
	for (size_t i = 0; i < count; i++) {
		const struct trace_address *address = lines[i].address;

		if (!address->buffer)
			continue;
		text_buffer_format(text, "%s0x%llx was an address in %s", before, (ull)lines[i].line->value,
				   trace_address_has_name(address) ? address->buffer->place
								   : "DMA memory without a name");
		return;
	}
}

static int by_place(const void *a, const void *b)
{
	const struct trace_place_line *x = a;
	const struct trace_place_line *y = b;

	return trace_line_compare(x->line, y->line);
}

static bool is_bar_access(const struct trace_line *line)
{
	return line->space == TRACE_BAR && !line->error &&
	       (line->op == TRACE_READ || line->op == TRACE_WRITE);
}

int trace_export_places(const struct trace_file *file, struct trace_places *places)
{
	struct trace_places p = { .lines = calloc(file->count + 1, sizeof(*p.lines)) };

	if (!p.lines || trace_addresses(file, &p.addresses) < 0) {
		free(p.lines);
		return -ENOMEM;
	}
	for (size_t i = 0; i < file->count; i++) {
		if (is_bar_access(&file->lines[i]))
			p.lines[p.count++] = (struct trace_place_line){ &file->lines[i], &p.addresses[i] };
	}
	qsort(p.lines, p.count, sizeof(*p.lines), by_place);
	*places = p;
	return 0;
}

void trace_export_places_free(struct trace_places *places)
{
	free(places->lines);
	free(places->addresses);
}

size_t trace_export_place(const struct trace_places *places, size_t start)
{
	size_t end = start + 1;

	while (end < places->count &&
	       trace_line_compare_place(places->lines[start].line, places->lines[end].line) == 0)
		end++;
	return end - start;
}

/* The first of COUNT lines whose value is known; the first one where none is. */
static const struct trace_line *first_value(const struct trace_place_line *lines, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (lines[i].line->has_value)
			return lines[i].line;
	}
	return lines[0].line;
}

/* The register of COUNT lines, all of one place. */
static void map_row(struct text_buffer *text, const struct trace_place_line *lines, size_t count)
{
	const struct trace_line *first = first_value(lines, count);
	unsigned int digits = (unsigned int)first->width / 4;
	char name[64];
	bool is_read = false;
	bool is_written = false;
	uint64_t changed = 0;

	for (size_t i = 0; i < count; i++) {
		const struct trace_line *line = lines[i].line;

		is_read |= line->op == TRACE_READ;
		is_written |= line->op == TRACE_WRITE;
		if (line->has_value)
			changed |= line->value ^ first->value;
	}
	trace_export_name(NULL, first, name, sizeof(name));
	text_buffer_format(text, "register,%s,0x%llx,%llu,%s,", name, (ull)first->offset, (ull)first->width,
			   is_read && is_written ? "rw"
			   : is_written		 ? "wo"
						 : "ro");
	if (!first->has_value)
		text_buffer_format(text, "%zu accesses; what they gave is not known", count);
	else if (changed)
		text_buffer_format(text, "%zu accesses; bits that changed: 0x%0*llx", count, (int)digits,
				   (ull)changed);
	else
		text_buffer_format(text, "%zu accesses; always 0x%0*llx", count, (int)digits,
				   (ull)first->value);
	trace_export_address(lines, count, "; ", text);
	text_buffer_string(text, "\n");
}

int trace_export_map(const struct trace_file *file, struct text_buffer *text)
{
	struct trace_places places;
	unsigned int bar = UINT32_MAX;

	if (trace_export_places(file, &places) < 0)
		return -ENOMEM;
	text_buffer_string(
		text, "# made from a trace: places that were used, as they were used; give them names\n");
	for (size_t i = 0, count; i < places.count; i += count) {
		const struct trace_line *line = places.lines[i].line;

		if (line->bar != bar)
			text_buffer_format(text, "block,BAR%u,0x0,,bar=%u\n", line->bar, line->bar);
		bar = line->bar;
		count = trace_export_place(&places, i);
		map_row(text, places.lines + i, count);
	}
	trace_export_places_free(&places);
	return 0;
}
