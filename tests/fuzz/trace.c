// SPDX-License-Identifier: GPL-2.0-or-later
/* Traces: read, folded, compared, exported. */
#include "core/trace/diff.h"
#include "core/trace/export.h"
#include "tests/fuzz/fuzz.h"

struct counts {
	size_t a;
	size_t b;
};

static void count(void *data, const struct trace_step *a, const struct trace_step *b)
{
	struct counts *counts = data;

	if (!a && !b)
		abort();
	if (a && b && !trace_line_same(a->line, b->line))
		abort();
	counts->a += a != NULL;
	counts->b += b != NULL;
}

/* Each step of both is told of once; a trace is the same as itself. */
static void compare(const struct trace_step *steps, size_t n)
{
	struct counts half = { 0 };
	struct counts all = { 0 };
	bool is_approximate;

	/* nothing of which there would be a half */
	if (!steps)
		return;
	if (trace_diff(steps, n, steps + n / 2, n - n / 2, count, &half, &is_approximate) < 0 ||
	    half.a != n || half.b != n - n / 2)
		abort();
	if (trace_diff(steps, n, steps, n, count, &all, &is_approximate) < 0 || is_approximate ||
	    all.a != n || all.b != n)
		abort();
}

static void export(const struct trace_file *file, const struct trace_step *steps, size_t n)
{
	struct text_buffer text = { 0 };

	if (trace_export_batch(file, steps, n, &text) < 0 || trace_export_c(file, steps, n, &text) < 0 ||
	    trace_export_map(file, &text) < 0 || text.failed || memchr(text.bytes, '\0', text.length))
		abort();
	text_buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trace_file file = { 0 };
	struct trace_step *steps;
	struct error error = { 0 };
	size_t n;

	if (trace_file_read(fuzz_file(0, data, size), &file, &error) == 0) {
		if (trace_steps(&file, &steps, &n) < 0)
			abort();
		compare(steps, n);
		export(&file, steps, n);
		free(steps);
	} else if (!error.kind) {
		abort();
	}
	trace_file_free(&file);
	return 0;
}
