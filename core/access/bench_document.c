// SPDX-License-Identifier: GPL-2.0-or-later
/* Documents of bench, read and checked. */
#include "core/access/bench_document.h"

#include <stdio.h>
#include <string.h>

#include "core/base/json.h"

#define SIZE_LIMIT (1u << 20) /* some kilobytes */
#define TIME_MAX (UINT64_C(1) << 53) /* ns, 104 days: exact as a double too */

struct reader {
	const struct json *json;
	const char *path;
	struct error *error;
};

static int bad(const struct reader *r, const char *what)
{
	return error_set(r->error, ERROR_USAGE, "bad-document", "%.200s: %s", r->path, what);
}

/* A number of OBJECT. */
static int get(const struct reader *r, const struct json_value *object, const char *key, double *number)
{
	char what[64];

	if (json_number(r->json, json_member(r->json, object, key), number) && *number >= 0 &&
	    *number <= (double)TIME_MAX)
		return 0;
	snprintf(what, sizeof(what), "'%s' is missing, or no such number", key);
	return bad(r, what);
}

/* --- times ---------------------------------------------------------------------------------------- */

static int read_times(const struct reader *r, const struct json_value *object, struct bench_series *series)
{
	static const struct {
		const char *key;
		const char *name;
		double x;
	} points[] = {
		{ "minimum_ns", "min", 0 }, { "median_ns", "median", 0.5 }, { "p90_ns", "90%", 0.9 },
		{ "p99_ns", "99%", 0.99 },  { "p99_9_ns", "99.9%", 0.999 }, { "maximum_ns", "max", 1 },
		{ "mean_ns", "mean", -1 },
	};
	const size_t count = sizeof(points) / sizeof(points[0]);
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct bench_point *p = &series->points[i];

		snprintf(p->name, sizeof(p->name), "%s", points[i].name);
		p->x = points[i].x;
		rc = get(r, object, points[i].key, &p->value);
		if (rc == 0 && i > 0 && p->x >= 0 && p->value < p[-1].value)
			rc = bad(r, "its percentiles are not in order");
	}
	series->point_count = count;
	return rc;
}

static int read_bins(const struct reader *r, const struct json_value *list, struct bench_series *series)
{
	size_t count = json_length(r->json, list);

	if (count == 0 || count > BENCH_BINS)
		return bad(r, "'histogram' is missing, or no such list");
	for (size_t i = 0; i < count; i++) {
		const struct json_value *item = json_item(r->json, list, i);
		struct bench_bin *bin = &series->bins[i];

		if (!json_unsigned(r->json, json_member(r->json, item, "from_ns"), &bin->from) ||
		    !json_unsigned(r->json, json_member(r->json, item, "to_ns"), &bin->to) ||
		    !json_unsigned(r->json, json_member(r->json, item, "count"), &bin->count) ||
		    bin->to < bin->from || bin->to > TIME_MAX || bin->count > TIME_MAX / BENCH_BINS ||
		    (i > 0 && bin->from <= bin[-1].to))
			return bad(r, "'histogram' makes no sense");
		series->count += bin->count;
	}
	series->bin_count = count;
	return series->count ? 0 : bad(r, "'histogram' is of nothing");
}

static int read_latency(const struct reader *r, const struct json_value *object, const char *name,
			struct bench_document *d)
{
	struct bench_series *series = &d->series[d->series_count++];
	int rc;

	series->name = name;
	rc = read_times(r, object, series);
	return rc == 0 ? read_bins(r, json_member(r->json, object, "histogram"), series) : rc;
}

/* What is for people, on a terminal too. */
static void take_subject(const struct reader *r, const char *key, struct bench_document *d)
{
	const char *text = json_string(r->json, json_member(r->json, json_root(r->json), key));

	snprintf(d->subject, sizeof(d->subject), "%s", text ? text : "");
	for (char *c = d->subject; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
}

static int read_mmio(const struct reader *r, struct bench_document *d)
{
	const struct json_value *root = json_root(r->json);
	const struct json_value *write = json_member(r->json, root, "write");
	int rc;

	take_subject(r, "ref", d);
	rc = write ? read_latency(r, write, "write", d) : 0;
	if (rc == 0)
		rc = read_latency(r, json_member(r->json, root, "read"), write ? "write and read" : "read",
				  d);
	return rc;
}

static int read_irq(const struct reader *r, struct bench_document *d)
{
	take_subject(r, "raised_by", d);
	return read_latency(r, json_member(r->json, json_root(r->json), "interrupt"), "interrupt", d);
}

static int read_blocks(const struct reader *r, struct bench_document *d)
{
	take_subject(r, "file", d);
	return read_latency(r, json_member(r->json, json_root(r->json), "between"), "between", d);
}

/* --- rates ---------------------------------------------------------------------------------------- */

static int read_run(const struct reader *r, const struct json_value *run, struct bench_series *series)
{
	struct bench_point *p = &series->points[series->point_count];
	uint64_t block;
	int rc;

	/* all of it came at once: there is no rate */
	if (!json_member(r->json, run, "bytes_per_second"))
		return 0;
	if (!json_unsigned(r->json, json_member(r->json, run, "block"), &block) || block == 0)
		return bad(r, "'block' is missing, or no such number");
	size_format(block, p->name);
	p->x = (double)block;
	rc = get(r, run, "bytes_per_second", &p->value);
	for (size_t i = 0; rc == 0 && i < series->point_count; i++) {
		if (strcmp(series->points[i].name, p->name) == 0)
			return bad(r, "a size of blocks is there twice");
	}
	series->point_count += rc == 0;
	return rc;
}

static int read_dma(const struct reader *r, struct bench_document *d)
{
	const struct json_value *list = json_member(r->json, json_root(r->json), "runs");
	struct bench_series *series = &d->series[d->series_count++];
	size_t count = json_length(r->json, list);
	int rc = 0;

	series->name = "rate";
	d->unit = "bytes/s";
	d->is_rate = true;
	if (count == 0 || count > BENCH_POINTS)
		return bad(r, "'runs' is missing, or no such list");
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = read_run(r, json_item(r->json, list, i), series);
	return rc < 0 || series->point_count ? rc : bad(r, "no run has a rate");
}

/* -------------------------------------------------------------------------------------------------- */

static int read_document(const struct reader *r, struct bench_document *d)
{
	static const struct {
		const char *schema;
		const char *verb;
		int (*read)(const struct reader *r, struct bench_document *d);
	} verbs[] = {
		{ "pcietool/bench-mmio/1", "bench mmio", read_mmio },
		{ "pcietool/bench-irq/1", "bench irq", read_irq },
		{ "pcietool/bench-dma/1", "bench dma", read_dma },
		{ "pcietool/bench-blocks/1", "bench blocks", read_blocks },
	};
	const char *schema = json_string(r->json, json_member(r->json, json_root(r->json), "schema"));

	for (size_t i = 0; schema && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(schema, verbs[i].schema) == 0) {
			d->verb = verbs[i].verb;
			return verbs[i].read(r, d);
		}
	}
	return bad(r, "no document that bench mmio, irq, dma or blocks wrote with --json");
}

int bench_document_read(const char *path, struct bench_document *document, struct error *error)
{
	struct reader r = { .path = path, .error = error };
	struct json *json;
	int rc;

	rc = json_read(path, SIZE_LIMIT, &json, error);
	if (rc < 0)
		return rc;
	r.json = json;
	*document = (struct bench_document){ .unit = "ns" };
	rc = read_document(&r, document);
	json_free(json);
	return rc;
}

/* How many whole numbers are in both. */
static double common(const struct bench_bin *a, const struct bench_bin *b)
{
	uint64_t from = a->from > b->from ? a->from : b->from;
	uint64_t to = a->to < b->to ? a->to : b->to;

	return from > to ? 0 : (double)(to - from + 1);
}

void bench_series_shares(const struct bench_series *series, const struct bench_bin *bins, size_t count,
			 double *shares)
{
	for (size_t i = 0; i < count; i++) {
		shares[i] = 0;
		for (size_t k = 0; k < series->bin_count; k++) {
			const struct bench_bin *own = &series->bins[k];
			double part = common(own, &bins[i]) / (double)(own->to - own->from + 1);

			shares[i] += part * (double)own->count / (double)series->count;
		}
	}
}
