// SPDX-License-Identifier: GPL-2.0-or-later
/* A trace as the model of a twin: what registers gave, one after the other, to be edited into what they mean. */
#include "core/trace/export.h"

#include <errno.h>

#include "core/trace/export_places.h"

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

/* Nothing was read but what had been written: the map says as much. */
static bool is_memory(const struct trace_place_line *lines, size_t count)
{
	bool is_known = false;
	uint64_t value = 0;

	for (size_t i = 0; i < count; i++) {
		const struct trace_line *line = lines[i].line;

		if (line->op == TRACE_READ && (!is_known || line->value != value))
			return false;
		is_known = true;
		value = line->value;
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
			 const struct trace_place_line *lines, size_t count)
{
	char name[NAME_SIZE];
	size_t times = 0;

	if (is_memory(lines, count))
		return;
	trace_export_name(names, lines[0].line, name, sizeof(name));
	text_buffer_format(text, "reads(\"%s\", {", name);
	for (size_t i = 0; i < count; i++) {
		size_t next = i + 1;

		if (lines[i].line->op != TRACE_READ)
			continue;
		times++;
		while (next < count && lines[next].line->op != TRACE_READ)
			next++;
		if (next < count && lines[next].line->value == lines[i].line->value)
			continue;
		put_value(text, lines[i].line, times);
		times = 0;
	}
	text_buffer_string(text, " })");
	trace_export_address(lines, count, " -- ", text);
	text_buffer_string(text, "\n");
}

/* What has no value, as a read that the kernel's tracer could not follow, is left out. */
static void keep_values(struct trace_places *places)
{
	size_t kept = 0;

	for (size_t i = 0; i < places->count; i++) {
		if (places->lines[i].line->has_value)
			places->lines[kept++] = places->lines[i];
	}
	places->count = kept;
}

int trace_export_lua(const struct trace_file *file, const struct trace_names *names, struct text_buffer *text)
{
	struct trace_places places;

	if (trace_export_places(file, &places) < 0)
		return -ENOMEM;
	keep_values(&places);
	text_buffer_string(text, head);
	for (size_t i = 0, count; i < places.count; i += count) {
		count = trace_export_place(&places, i);
		put_register(text, names, places.lines + i, count);
	}
	trace_export_places_free(&places);
	return 0;
}
