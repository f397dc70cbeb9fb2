// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The shortest way from one list of steps to another: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations",
 * Algorithmica 1 (1986), figure 2, with the ends of all paths kept to walk back. A path goes right by leaving out a step of A,
 * down by taking one of B, and diagonally, for nothing, along equal ones.
 */
#include "core/trace/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct diff {
	const struct trace_step *a;
	const struct trace_step *b;
	long a_count;
	long b_count;
	long *ends[TRACE_DIFF_MAX +
		   1]; /* for each number of differences: how far right diagonal -D..D came */
	trace_diff_fn tell;
	void *data;
};

static bool same(const struct diff *d, long x, long y)
{
	return trace_line_same(d->a[x].line, d->b[y].line);
}

/* Where diagonal K begins with N differences: below or right of the farthest neighbour, from the ends with one less. */
static long start_of(const long *before, long k, long n)
{
	if (n == 0)
		return 0;
	before += n - 1;
	if (k == -n || (k != n && before[k - 1] < before[k + 1]))
		return before[k + 1];
	return before[k - 1] + 1;
}

/* How many differences there are; -ENOMEM; more than TRACE_DIFF_MAX are -E2BIG. */
static long search(struct diff *d)
{
	for (long n = 0; n <= TRACE_DIFF_MAX; n++) {
		long *ends = malloc((size_t)(2 * n + 1) * sizeof(*ends));

		if (!ends)
			return -ENOMEM;
		d->ends[n] = ends;
		for (long k = -n; k <= n; k += 2) {
			long x = start_of(n ? d->ends[n - 1] : NULL, k, n);

			while (x < d->a_count && x - k < d->b_count && x - k >= 0 && same(d, x, x - k))
				x++;
			/* the neighbours' parity is the other one: what lies between is never looked at */
			ends[n + k] = x;
			if (n + k > 0)
				ends[n + k - 1] = x;
			if (x >= d->a_count && x - k >= d->b_count)
				return n;
		}
	}
	return -E2BIG;
}

/* Marks what is left out of A, and what is new in B, from the end back to the start. */
static void walk_back(const struct diff *d, long n, bool *a_only, bool *b_only)
{
	long x = d->a_count;
	long y = d->b_count;

	for (; n > 0; n--) {
		const long *before = d->ends[n - 1] + (n - 1);
		long k = x - y;
		bool down = k == -n || (k != n && before[k - 1] < before[k + 1]);

		k += down ? 1 : -1;
		x = before[k];
		y = x - k;
		if (down)
			b_only[y] = true;
		else
			a_only[x] = true;
	}
}

static void report(const struct diff *d, const bool *a_only, const bool *b_only)
{
	long x = 0;
	long y = 0;

	while (x < d->a_count || y < d->b_count) {
		if (x < d->a_count && a_only[x])
			d->tell(d->data, &d->a[x++], NULL);
		else if (y < d->b_count && b_only[y])
			d->tell(d->data, NULL, &d->b[y++]);
		else
			d->tell(d->data, &d->a[x++], &d->b[y++]);
	}
}

/* The part that has no common start and no common end. */
static int middle(struct diff *d)
{
	size_t total = (size_t)(d->a_count + d->b_count);
	bool *only = calloc(total + 1, sizeof(*only));
	long n;

	if (!only)
		return -ENOMEM;
	n = search(d);
	if (n >= 0)
		walk_back(d, n, only, only + d->a_count);
	else if (n == -E2BIG)
		memset(only, true, total);
	if (n != -ENOMEM)
		report(d, only, only + d->a_count);
	for (long i = 0; i <= TRACE_DIFF_MAX; i++)
		free(d->ends[i]);
	free(only);
	return n == -ENOMEM ? -ENOMEM : 0;
}

int trace_diff(const struct trace_step *a, size_t a_count, const struct trace_step *b, size_t b_count,
	       trace_diff_fn tell, void *data)
{
	struct diff d = { .tell = tell, .data = data };
	size_t start = 0;
	size_t end = 0;
	int rc;

	while (start < a_count && start < b_count && trace_line_same(a[start].line, b[start].line)) {
		tell(data, &a[start], &b[start]);
		start++;
	}
	while (end < a_count - start && end < b_count - start &&
	       trace_line_same(a[a_count - 1 - end].line, b[b_count - 1 - end].line))
		end++;
	d.a = a + start;
	d.b = b + start;
	d.a_count = (long)(a_count - start - end);
	d.b_count = (long)(b_count - start - end);
	rc = middle(&d);
	for (size_t i = end; rc == 0 && i > 0; i--)
		tell(data, &a[a_count - i], &b[b_count - i]);
	return rc;
}
