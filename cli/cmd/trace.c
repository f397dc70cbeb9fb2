// SPDX-License-Identifier: GPL-2.0-or-later
/* trace: what was done to a device, shown, and made into something else. */
#include "cli/cmd/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "cli/register_view.h"
#include "core/base/clock.h"
#include "core/file/output_path.h"
#include "core/trace/export.h"

/* A pause that is worth to be seen, in text. */
#define PAUSE_NS 1000000u
#define VALUE_COLUMN 48

/* --- show ------------------------------------------------------------------------------------------------ */

static void show_fields(struct writer *w, const struct trace_view *view, const struct trace_line *line)
{
	const struct regmap_register *reg = trace_names_find(view->names, line);

	writer_array(w, "fields");
	for (uint32_t i = reg && line->has_value ? reg->field_count : 0; i-- > 0;) {
		const struct regmap_field *field = regmap_field_at(view->map, reg, i);
		const struct regmap_item item = { .reg = reg, .field = field };

		writer_object(w, NULL);
		writer_string(w, "name", " ", field->name);
		register_view_value(w, "=", view->map, &item, regmap_field_value_bits(field),
				    regmap_field_value(field, line->value));
		writer_end(w);
	}
	writer_end(w);
}

/* 1204 -> "1,204" */
static void group_digits(uint64_t value, char text[32])
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)value);
	char *at = text;

	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			*at++ = ',';
		*at++ = digits[i];
	}
	*at = '\0';
}

static void show_loop(struct writer *w, const struct trace_step *step)
{
	uint64_t took = step->last > step->line->time ? step->last - step->line->time : 0;
	char count[32];

	writer_number(w, "count", NULL, step->count);
	writer_seconds(w, "seconds", NULL, (double)took / 1e9);
	if (step->count < 2)
		return;
	group_digits(step->count, count);
	writer_text(w, " ×%s, %.3f ms", count, clock_ms(took));
}

/* Who does it, in the text where that changes. */
static void show_who(struct writer *w, const struct trace_line *line, const struct trace_line *before)
{
	bool shown = !before || before->process != line->process ||
		     strcmp(before->command, line->command) != 0 || before->device_rank != line->device_rank;

	if (shown && !writer_is_json(w)) {
		writer_text(w, "%s, process %llu%s%s", line->command, (unsigned long long)line->process,
			    line->device ? ", " : "", line->device ? line->device : "");
		writer_line(w);
	}
	writer_string(w, "command", NULL, line->command);
	writer_number(w, "process", NULL, line->process);
}

/* What lies between two lines, in text. */
static void show_break(struct writer *w, const struct trace_step *before, const struct trace_line *line)
{
	if (before->line->clock != line->clock)
		writer_text(w, "  -- another clock: the machine was started anew");
	else if (line->time > before->last && line->time - before->last >= PAUSE_NS)
		writer_text(w, "  -- %.3f ms", trace_ms(before->last, line->time));
	else
		return;
	writer_line(w);
}

/* Times are since the first line of their clock. */
static double since_start(const struct trace_view *view, const struct trace_line *line)
{
	size_t low = 0;
	size_t high = view->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (view->steps[middle].line->clock < line->clock)
			low = middle + 1;
		else
			high = middle;
	}
	return trace_ms(view->steps[low].line->time, line->time);
}

static void show_step(struct writer *w, const struct trace_view *view, size_t i)
{
	const struct trace_step *step = &view->steps[i];
	const struct trace_line *line = step->line;

	writer_object(w, NULL);
	writer_number(w, "line", NULL, line->number);
	if (i && !writer_is_json(w))
		show_break(w, &view->steps[i - 1], line);
	show_who(w, line, i ? view->steps[i - 1].line : NULL);
	writer_number(w, "time", NULL, line->time);
	writer_number(w, "clock", NULL, line->clock);
	writer_text(w, "%14.3f ms  ", since_start(view, line));
	trace_view_place(w, view, line);
	writer_column(w, VALUE_COLUMN);
	writer_text(w, " ");
	trace_view_what(w, line);
	show_loop(w, step);
	show_fields(w, view, line);
	writer_line(w);
	writer_end(w);
}

static int show(struct invocation *inv)
{
	struct trace_view view = { 0 };
	int rc = trace_view_open(inv, inv->operands[0], &view);

	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_array(inv->out, "steps");
		for (size_t i = 0; i < view.count; i++)
			show_step(inv->out, &view, i);
		writer_end(inv->out);
		writer_number(inv->out, "cut_off", NULL, view.file.cut);
		if (view.file.lost_unknown)
			writer_null(inv->out, "lost", NULL, "the trace does not say how many");
		else
			writer_number(inv->out, "lost", NULL, view.file.lost);
	}
	trace_view_close(&view);
	return rc;
}

/* --- export ---------------------------------------------------------------------------------------------- */

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	(void)option;
	inv->options.format = arg;
	if (strcmp(arg, "batch") == 0 || strcmp(arg, "c") == 0 || strcmp(arg, "map") == 0 ||
	    strcmp(arg, "lua") == 0)
		return 0;
	return error_set(&inv->error, ERROR_USAGE, "bad-option", "--to: '%s' is none of batch, c, map, lua",
			 arg);
}

static int export_view(struct invocation *inv, const struct trace_view *view, struct text_buffer *text)
{
	const char *format = inv->options.format ? inv->options.format : "batch";
	bool is_batch = strcmp(format, "batch") == 0;
	int rc = 0;

	if (!is_batch && view->file.devices > 1) {
		rc = error_set(&inv->error, ERROR_USAGE, "several-devices",
			       "%s has accesses to %u devices: one is what --to %s can say", inv->operands[0],
			       view->file.devices, format);
		error_hint(&inv->error, "-s ADDRESS says which of them");
		return rc;
	}
	if (is_batch)
		rc = trace_export_batch(&view->file, view->steps, view->count, text);
	else if (strcmp(format, "c") == 0)
		rc = trace_export_c(&view->file, view->steps, view->count, text);
	else if (strcmp(format, "map") == 0)
		rc = trace_export_map(&view->file, text);
	else
		rc = trace_export_lua(&view->file, view->names, text);
	if (rc < 0 || text->failed)
		return error_errno(&inv->error, -ENOMEM, "%s", inv->operands[0]);
	return 0;
}

static int export(struct invocation *inv)
{
	const char *output = inv->options.output;
	struct trace_view view = { 0 };
	struct text_buffer text = { 0 };
	int rc;

	if (inv->json && (!output || output_path_is_stdout(output)))
		return error_set(&inv->error, ERROR_USAGE, "bad-option",
				 "standard output cannot have both JSON and the file: -o names it");
	rc = trace_view_open(inv, inv->operands[0], &view);
	if (rc == 0)
		rc = export_view(inv, &view, &text);
	if (rc == 0)
		rc = whole_file_write(inv, output, text.bytes, text.length);
	text_buffer_free(&text);
	trace_view_close(&view);
	return rc;
}

const struct command trace_commands[] = {
	{
		.name = "trace show",
		.operands = "FILE",
		.summary = "Show a trace: names, fields, loops of equal polls as one line, pauses",
		.details = "FILE is what --trace wrote. Times are since the first access. Names and fields "
			   "are --map's, or those of -d VENDOR:DEVICE; no device is needed.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_FILE,
		.pages = true,
		.run = show,
	},
	{
		.name = "trace diff",
		.operands = "FILE FILE",
		.summary = "Compare two traces by place and value; exit 8 when they differ",
		.details = "Times, processes and how often was polled do not count; devices are the same "
			   "when both traces name them as their first, or second, and so on.",
		.min_operands = 2,
		.max_operands = 2,
		.operand_kind = WORD_FILE,
		.pages = true,
		.run = trace_diff_run,
	},
	{
		.name = "trace export",
		.operands = "FILE",
		.summary =
			"Write a trace as a batch, as a table in C, as a register map or a model to begin with",
		.details = "A batch has the writes, and waits for what loops of polls waited for; other "
			   "reads are left out.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_TRACE_FORMAT, OPTION_MAP_FILE),
		.parse = parse,
		.run = export,
	},
	{
		.name = "trace record",
		.operands = "[--] COMMAND [ARG...]",
		.summary = "Record what a driver does to the device while COMMAND runs",
		.details =
			"COMMAND loads or binds the driver, as 'modprobe e1000e' does: accesses to what is "
			"mapped before are not seen. By the kernel's tracer mmiotrace, on x86: it runs on "
			"one CPU meanwhile, and slowly. Config space too, but not what reads of it give.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.options = TAKES(OPTION_RECORD_FILE),
		.run = trace_record_run,
	},
	{ 0 },
};
