// SPDX-License-Identifier: GPL-2.0-or-later
/* A trace as the model of a twin: what registers gave, one after the other, to be edited into what they mean. */
#include "core/trace/export.h"

#include <errno.h>
#include <stdlib.h>

#define NAME_SIZE 128

static const char head[] =
	"-- Made from a trace: what each register gave, in that order; {value, n}: n times. The last value stays.\n"
	"-- For 'pcietool twin serve --model' with the map that the trace was exported with, or the one of --to map.\n"
	"local function reads(name, values)\n"
	"\tlocal at, left = 0, 0\n"
	"\ton_read(name, function()\n"
	"\t\tif left == 0 and at < #values then\n"
	"\t\t\tat = at + 1\n"
	"\t\t\tleft = type(values[at]) == \"table\" and values[at][2] or 1\n"
	"\t\tend\n"
	"\t\tleft = left > 0 and left - 1 or 0\n"
	"\t\treturn type(values[at]) == \"table\" and values[at][1] or values[at]\n"
	"\tend)\n"
	"end\n\n";

static int by_place(const void *a, const void *b)
{
	return trace_line_compare(*(const struct trace_line *const *)a, *(const struct trace_line *const *)b);
}

/* Nothing was read but what had been written: the map says as much. */
static bool is_memory(const struct trace_line *const *lines, size_t count)
{
	bool is_known = false;
	uint64_t value = 0;

	for (size_t i = 0; i < count; i++) {
		if (lines[i]->op == TRACE_READ && (!is_known || lines[i]->value != value))
			return false;
		is_known = true;
		value = lines[i]->value;
	}
	return true;
}

static void put_value(struct text_buffer *text, const struct trace_line *line, size_t times)
{
	if (times > 1)
		text_buffer_format(text, " {0x%llx, %zu},", (unsigned long long)line->value, times);
	else
		text_buffer_format(text, " 0x%llx,", (unsigned long long)line->value);
}

/* The register of COUNT lines, all of one place. */
static void put_register(struct text_buffer *text, const struct trace_names *names,
			 const struct trace_line *const *lines, size_t count)
{
	char name[NAME_SIZE];
	size_t times = 0;

	if (is_memory(lines, count))
		return;
	trace_export_name(names, lines[0], name, sizeof(name));
	text_buffer_format(text, "reads(\"%s\", {", name);
	for (size_t i = 0; i < count; i++) {
		size_t next = i + 1;

		if (lines[i]->op != TRACE_READ)
			continue;
		times++;
		while (next < count && lines[next]->op != TRACE_READ)
			next++;
		if (next < count && lines[next]->value == lines[i]->value)
			continue;
		put_value(text, lines[i], times);
		times = 0;
	}
	text_buffer_string(text, " })\n");
}

int trace_export_lua(const struct trace_file *file, const struct trace_names *names, struct text_buffer *text)
{
	const struct trace_line **list = calloc(file->count + 1, sizeof(const struct trace_line *));
	size_t n = 0;

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < file->count; i++) {
		const struct trace_line *line = &file->lines[i];

		if (line->space == TRACE_BAR && !line->error && line->has_value &&
		    (line->op == TRACE_READ || line->op == TRACE_WRITE))
			list[n++] = line;
	}
	qsort(list, n, sizeof(const struct trace_line *), by_place);
	text_buffer_string(text, head);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && list[end]->bar == list[i]->bar &&
				  list[end]->offset == list[i]->offset && list[end]->width == list[i]->width;)
			end++;
		put_register(text, names, list + i, end - i);
	}
	free(list);
	return 0;
}
