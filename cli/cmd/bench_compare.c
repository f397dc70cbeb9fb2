// SPDX-License-Identifier: GPL-2.0-or-later
/* bench compare: two documents of one verb, side by side. */
#include "cli/cmd/bench.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fields.h"
#include "core/access/bench_document.h"

#define BINS LATENCY_BINS
/* Of the longest bar. */
#define BAR_WIDTH 40

/* In the text, from FIELDS_COLUMN on */
#define COLUMN_A (FIELDS_COLUMN + 14)
#define COLUMN_B (COLUMN_A + 20)
#define COLUMN_RATIO (COLUMN_B + 20)
#define COLUMN_BAR (COLUMN_B + 10)

struct comparison {
	struct invocation *inv;
	struct bench_document documents[2]; /* A and B */
};

static const struct bench_point *find(const struct bench_series *series, const char *name)
{
	for (size_t i = 0; i < series->point_count; i++) {
		if (strcmp(series->points[i].name, name) == 0)
			return &series->points[i];
	}
	return NULL;
}

static bool have_common(const struct bench_series *a, const struct bench_series *b)
{
	for (size_t i = 0; i < a->point_count; i++) {
		if (find(b, a->points[i].name))
			return true;
	}
	return false;
}

static int check_alike(const struct comparison *c)
{
	const struct bench_document *a = &c->documents[0];
	const struct bench_document *b = &c->documents[1];
	struct error *error = &c->inv->error;

	if (a->verb != b->verb)
		return error_set(error, ERROR_USAGE, "different", "%.200s is of %s, %.200s of %s",
				 c->inv->operands[0], a->verb, c->inv->operands[1], b->verb);
	if (a->series_count != b->series_count)
		return error_set(error, ERROR_USAGE, "different",
				 "one of them is of reads, the other of writes: %.200s, %.200s",
				 c->inv->operands[0], c->inv->operands[1]);
	if (!have_common(&a->series[0], &b->series[0]))
		return error_set(error, ERROR_USAGE, "different",
				 "they have no size of a block in common: %.200s, %.200s",
				 c->inv->operands[0], c->inv->operands[1]);
	if (a->is_rate && c->inv->options.has_worse_than && c->inv->options.worse_than >= 100)
		return error_set(error, ERROR_USAGE, "usage",
				 "--worse-than: a rate that is less by 100%% is none, so it is below 100");
	return 0;
}

/* --- the numbers ---------------------------------------------------------------------------------- */

static void write_value(struct writer *w, const char *key, int column, const struct bench_point *p,
			const char *unit)
{
	writer_column(w, column);
	if (!p) {
		writer_null(w, key, " ", "not there");
		return;
	}
	/* a mean is no whole number, all others are, and may have many digits */
	if (p->x < 0)
		writer_real(w, key, NULL, p->value);
	else
		writer_number(w, key, NULL, (uint64_t)p->value);
	writer_text(w, " %.0f %s", p->value, unit);
}

/* NAME's; one of both may be NULL. */
static void write_point(struct comparison *c, const char *name, const struct bench_point *a,
			const struct bench_point *b)
{
	const char *unit = c->documents[0].unit;
	struct writer *w = c->inv->out;

	writer_object(w, NULL);
	writer_column(w, FIELDS_COLUMN);
	writer_string(w, "point", "", name);
	write_value(w, "a", COLUMN_A, a, unit);
	write_value(w, "b", COLUMN_B, b, unit);
	if (!a || !b) {
		writer_null(w, "ratio", NULL, "it is in one of both only");
	} else if (a->value <= 0) {
		writer_null(w, "ratio", NULL, "A is 0");
	} else {
		writer_real(w, "ratio", NULL, b->value / a->value);
		writer_column(w, COLUMN_RATIO);
		writer_text(w, " x%.3f", b->value / a->value);
	}
	writer_line(w);
	writer_end(w);
}

static void write_points(struct comparison *c, const struct bench_series *a, const struct bench_series *b)
{
	writer_array(c->inv->out, "points");
	for (size_t i = 0; i < a->point_count; i++)
		write_point(c, a->points[i].name, &a->points[i], find(b, a->points[i].name));
	for (size_t i = 0; i < b->point_count; i++) {
		if (!find(a, b->points[i].name))
			write_point(c, b->points[i].name, NULL, &b->points[i]);
	}
	writer_end(c->inv->out);
}

/* --- the histograms ------------------------------------------------------------------------------- */

static uint64_t lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t greater(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Where the last bin, of what takes long, begins. */
static uint64_t tail_of(const struct bench_series *s)
{
	return s->bins[s->bin_count - 1].from;
}

/* From the least of both in equal steps to where the later tail begins, and all that is behind it. */
static size_t make_bins(const struct bench_series *a, const struct bench_series *b,
			struct bench_bin bins[BINS])
{
	uint64_t from = lesser(a->bins[0].from, b->bins[0].from);
	uint64_t tail = greater(tail_of(a), tail_of(b));
	uint64_t end = greater(a->bins[a->bin_count - 1].to, b->bins[b->bin_count - 1].to);
	uint64_t step = (tail - from + BINS - 2) / (BINS - 1);
	size_t count = 0;

	for (; count < BINS - 1 && step && from < tail; from += step)
		bins[count++] = (struct bench_bin){ .from = from, .to = lesser(from + step - 1, tail - 1) };
	bins[count++] = (struct bench_bin){ .from = tail, .to = end };
	return count;
}

/* What both have, then what only one of them has. */
static void write_bar(struct writer *w, double a, double b, double most)
{
	char bar[BAR_WIDTH + 1];
	int of_a = (int)(a / most * BAR_WIDTH + 0.5);
	int of_b = (int)(b / most * BAR_WIDTH + 0.5);
	int length = of_a > of_b ? of_a : of_b;

	for (int i = 0; i < length; i++)
		bar[i] = i < of_a && i < of_b ? '#' : i < of_a ? 'A' : 'B';
	bar[length] = '\0';
	if (length > 0) {
		writer_column(w, COLUMN_BAR);
		writer_text(w, " %s", bar);
	}
}

static void write_histograms(struct comparison *c, const struct bench_series *a, const struct bench_series *b)
{
	struct writer *w = c->inv->out;
	struct bench_bin bins[BINS];
	double shares[2][BINS];
	double most = 0;
	size_t count;

	if (!a->bin_count || !b->bin_count) {
		writer_null(w, "histogram", NULL, "rates have none");
		return;
	}
	count = make_bins(a, b, bins);
	bench_series_shares(a, bins, count, shares[0]);
	bench_series_shares(b, bins, count, shares[1]);
	for (size_t i = 0; i < count; i++) {
		most = shares[0][i] > most ? shares[0][i] : most;
		most = shares[1][i] > most ? shares[1][i] : most;
	}
	writer_array(w, "histogram");
	for (size_t i = 0; i < count; i++) {
		writer_object(w, NULL);
		writer_column(w, FIELDS_COLUMN);
		writer_number(w, "from_ns", "", bins[i].from);
		writer_number(w, "to_ns", "..", bins[i].to);
		writer_real(w, "a_share", NULL, shares[0][i]);
		writer_real(w, "b_share", NULL, shares[1][i]);
		writer_column(w, COLUMN_A);
		writer_text(w, " %6.2f%%", 100 * shares[0][i]);
		writer_column(w, COLUMN_B);
		writer_text(w, " %6.2f%%", 100 * shares[1][i]);
		write_bar(w, shares[0][i], shares[1][i], most);
		writer_line(w);
		writer_end(w);
	}
	writer_end(w);
}

/* --- is it worse ---------------------------------------------------------------------------------- */

/* What one run in a thousand had, and the ends, are another number each time. */
static bool is_judged(const struct bench_document *d, const struct bench_point *p)
{
	return d->is_rate || p->x == 0.5 || p->x == 0.9 || p->x == 0.99;
}

static int judge_point(struct comparison *c, const char *series, const struct bench_point *a,
		       const struct bench_point *b)
{
	const struct bench_document *d = &c->documents[0];
	double percent = (double)c->inv->options.worse_than;
	double limit = a->value * (1 + (d->is_rate ? -percent : percent) / 100);

	if (d->is_rate ? b->value >= limit : b->value <= limit)
		return 0;
	return error_set(&c->inv->error, ERROR_DIFFERS, "worse",
			 "%s, %s: %.0f %s, and was %.0f: worse by more than %.0f%%", series, a->name,
			 b->value, d->unit, a->value, percent);
}

static int judge(struct comparison *c)
{
	const struct bench_document *d = c->documents;
	int rc = 0;

	if (!c->inv->options.has_worse_than)
		return 0;
	for (size_t s = 0; s < d->series_count; s++) {
		for (size_t i = 0; i < d[0].series[s].point_count && rc == 0; i++) {
			const struct bench_point *a = &d[0].series[s].points[i];
			const struct bench_point *b = find(&d[1].series[s], a->name);

			if (!b)
				rc = error_set(&c->inv->error, ERROR_DIFFERS, "worse",
					       "%s: %.200s has none for %s", d[0].series[s].name,
					       c->inv->operands[1], a->name);
			/* of 0 ns anything is many times as much */
			else if (is_judged(d, a) && a->value > 0)
				rc = judge_point(c, d[0].series[s].name, a, b);
		}
	}
	return rc;
}

/* --- all ------------------------------------------------------------------------------------------ */

static void write_side(struct comparison *c, unsigned int which, const char *key, const char *label)
{
	const struct bench_document *d = &c->documents[which];
	struct writer *w = c->inv->out;

	writer_object(w, key);
	writer_text(w, "%s", label);
	writer_column(w, FIELDS_COLUMN);
	writer_string(w, "file", "", c->inv->operands[which]);
	if (*d->subject)
		writer_string(w, "subject", ": ", d->subject);
	else
		writer_null(w, "subject", NULL, "it does not say");
	writer_line(w);
	writer_end(w);
}

static void render(struct comparison *c)
{
	const struct bench_document *d = c->documents;
	struct writer *w = c->inv->out;

	writer_document(w, c->inv->command->name);
	writer_string(w, "verb", NULL, d->verb);
	writer_string(w, "unit", NULL, d->unit);
	write_side(c, 0, "a", "A");
	write_side(c, 1, "b", "B");
	writer_array(w, "series");
	for (size_t i = 0; i < d->series_count; i++) {
		writer_object(w, NULL);
		writer_string(w, "name", "", d[0].series[i].name);
		writer_line(w);
		write_points(c, &d[0].series[i], &d[1].series[i]);
		write_histograms(c, &d[0].series[i], &d[1].series[i]);
		writer_end(w);
	}
	writer_end(w);
}

static void plot_series(struct plot *plot, const struct bench_document *d, const struct bench_series *s)
{
	for (size_t i = 0; i < s->point_count; i++) {
		const struct bench_point *p = &s->points[i];

		if (d->is_rate)
			plot_point(plot, p->x, p->value);
		else if (p->x >= 0)
			bench_plot_time(plot, p->x, s->count, p->value);
	}
}

static int draw(struct comparison *c)
{
	const struct bench_document *d = c->documents;
	struct plot plot = { .count = 0 };
	char title[256];

	if (!c->inv->options.plot)
		return 0;
	if (d->is_rate)
		bench_plot_rates(&plot, d->verb);
	else
		bench_plot_percentiles(&plot, d->verb);
	for (size_t i = 0; i < d->series_count; i++) {
		for (unsigned int k = 0; k < 2; k++) {
			snprintf(title, sizeof(title), "%c %s: %s", 'A' + (int)k, d[k].series[i].name,
				 c->inv->operands[k]);
			plot_curve(&plot, title, "linespoints");
			plot_series(&plot, &d[k], &d[k].series[i]);
		}
	}
	return plot_write(&plot, c->inv, c->inv->options.plot);
}

int bench_compare(struct invocation *inv)
{
	struct comparison *c;
	int rc;

	rc = bench_check_files(inv);
	if (rc < 0)
		return rc;
	c = calloc(1, sizeof(*c));
	if (!c)
		return error_errno(&inv->error, -ENOMEM, "starting");
	c->inv = inv;
	for (unsigned int i = 0; i < 2 && rc == 0; i++)
		rc = bench_document_read(inv->operands[i], &c->documents[i], &inv->error);
	if (rc == 0)
		rc = check_alike(c);
	if (rc == 0) {
		render(c);
		rc = draw(c);
	}
	if (rc == 0)
		rc = judge(c);
	free(c);
	return rc;
}
