// SPDX-License-Identifier: GPL-2.0-or-later
/* trace diff: where the second trace went another way. */
#include "cli/cmd/trace.h"
#include "core/trace/diff.h"

#define VALUE_COLUMN 48

struct comparison {
	struct invocation *inv;
	const struct trace_view *a;
	const struct trace_view *b;
	const struct trace_step *before; /* the last that both have, not shown yet; NULL: none */
	size_t differences;
};

static void view_line(const struct comparison *c, const struct trace_view *view, const char *mark,
		      const struct trace_line *line)
{
	struct writer *w = c->inv->out;

	writer_text(w, "%s ", mark);
	trace_view_place(w, view, line);
	writer_column(w, VALUE_COLUMN);
	writer_text(w, " ");
	trace_view_what(w, line);
	writer_number(w, "line", "  line ", line->number);
	writer_line(w);
}

/* In text, what both did before they parted. */
static void view_context(struct comparison *c)
{
	struct writer *w = c->inv->out;

	if (c->before && !writer_is_json(w)) {
		writer_object(w, NULL);
		view_line(c, c->a, " ", c->before->line);
		writer_end(w);
	}
	c->before = NULL;
}

static void tell(void *data, const struct trace_step *a, const struct trace_step *b)
{
	struct comparison *c = data;
	struct writer *w = c->inv->out;

	if (a && b) {
		c->before = a;
		return;
	}
	c->differences++;
	view_context(c);
	writer_object(w, NULL);
	writer_string(w, "change", NULL, a ? "only in the first" : "only in the second");
	view_line(c, a ? c->a : c->b, a ? "-" : "+", a ? a->line : b->line);
	writer_end(w);
}

static int compare(struct invocation *inv, const struct trace_view *a, const struct trace_view *b)
{
	struct comparison c = { .inv = inv, .a = a, .b = b };
	bool is_approximate = false;
	int rc;

	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "differences");
	rc = trace_diff(a->steps, a->count, b->steps, b->count, tell, &c, &is_approximate);
	writer_end(inv->out);
	if (rc < 0)
		return error_errno(&inv->error, rc, "comparing");
	writer_bool(inv->out, "approximate", NULL, is_approximate);
	if (is_approximate)
		context_log(&inv->ctx, LOG_WARN,
			    "there are too many differences to find the fewest: steps that are told to be in "
			    "one trace only may have had a counterpart");
	if (c.differences)
		return error_set(&inv->error, ERROR_DIFFERS, "differs", "%zu step%s differ%s", c.differences,
				 c.differences == 1 ? "" : "s", c.differences == 1 ? "s" : "");
	return 0;
}

int trace_diff_run(struct invocation *inv)
{
	struct trace_view a = { 0 };
	struct trace_view b = { 0 };
	int rc = trace_view_open(inv, inv->operands[0], &a);

	if (rc == 0)
		rc = trace_view_open(inv, inv->operands[1], &b);
	if (rc == 0)
		rc = compare(inv, &a, &b);
	trace_view_close(&b);
	trace_view_close(&a);
	return rc;
}
