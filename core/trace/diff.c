// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The shortest way from one list of steps to another: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations",
 * Algorithmica 1 (1986), section 4b: a path is looked for from both ends, and cut in two where they meet. A path goes right by
 * leaving out a step of A, down by taking one of B, and diagonally, for nothing, along equal ones. Where that takes too long, it
 * is cut at the farthest point that was reached, as GNU diffutils does it.
 */
#include "core/trace/diff.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

/* One of the two lists. What the other one has not at all is marked, and left out of the search. */
struct side {
	const struct trace_step *steps;
	size_t step_count;
	bool *only; /* by step: it has no counterpart */
	size_t *kinds; /* by step: equal ones have the same number */
	size_t *kept; /* steps that are searched for */
	long count; /* of those */
};

struct diff {
	struct side sides[2];
	long *ends[2]; /* by diagonal, x - y: how far paths came from the start, and from the end: x */
	bool is_approximate;
};

struct entry {
	const struct trace_line *line;
	struct side *side;
	size_t step;
};

/* A part of both lists: what lies from START up to END. */
struct box {
	long x, y;
	long x_end, y_end;
};

/* --- what is equal ------------------------------------------------------------------------------------- */

static int by_line(const void *a, const void *b)
{
	return trace_line_order(((const struct entry *)a)->line, ((const struct entry *)b)->line);
}

/* All of the entries are equal; KIND is their number. */
static void mark_kind(const struct entry *entries, size_t count, size_t kind)
{
	bool is_common = false;

	for (size_t i = 1; i < count; i++)
		is_common |= entries[i].side != entries[0].side;
	for (size_t i = 0; i < count; i++) {
		entries[i].side->kinds[entries[i].step] = kind;
		entries[i].side->only[entries[i].step] = !is_common;
	}
}

static int find_kinds(struct diff *d)
{
	size_t count = d->sides[0].step_count + d->sides[1].step_count;
	struct entry *entries = calloc(count + 1, sizeof(*entries));
	size_t n = 0;

	if (!entries)
		return -ENOMEM;
	for (unsigned int s = 0; s < 2; s++) {
		struct side *side = &d->sides[s];

		for (size_t i = 0; i < side->step_count; i++)
			entries[n++] = (struct entry){ side->steps[i].line, side, i };
	}
	qsort(entries, n, sizeof(*entries), by_line);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && by_line(&entries[i], &entries[end]) == 0;)
			end++;
		mark_kind(entries + i, end - i, i);
	}
	free(entries);
	return 0;
}

static int open_side(struct side *side, const struct trace_step *steps, size_t count)
{
	side->steps = steps;
	side->step_count = count;
	side->only = calloc(count + 1, sizeof(*side->only));
	side->kinds = calloc(count + 1, sizeof(*side->kinds));
	side->kept = calloc(count + 1, sizeof(*side->kept));
	if (!side->only || !side->kinds || !side->kept)
		return -ENOMEM;
	return 0;
}

static void keep_common(struct side *side)
{
	for (size_t i = 0; i < side->step_count; i++) {
		if (!side->only[i])
			side->kept[side->count++] = i;
	}
}

static bool same(const struct diff *d, long x, long y)
{
	const struct side *a = &d->sides[0];
	const struct side *b = &d->sides[1];

	return a->kinds[a->kept[x]] == b->kinds[b->kept[y]];
}

/* --- where to cut ----------------------------------------------------------------------------------------- */

/* The diagonals that paths of one direction are on. */
struct front {
	long *ends;
	long low, high;
};

/* One more difference: a diagonal more on each side; where the box has none, the outermost goes instead, as parity changes. */
static void widen(struct front *f, long lowest, long highest, long outside)
{
	if (f->low > lowest)
		f->ends[--f->low - 1] = outside;
	else
		f->low++;
	if (f->high < highest)
		f->ends[++f->high + 1] = outside;
	else
		f->high--;
}

/* Paths from the start go on by one difference. True: one meets one from the end, at *X on diagonal *K. */
static bool go_forward(const struct diff *d, const struct box *box, struct front *to,
		       const struct front *from, bool may_meet, long *x, long *k)
{
	for (*k = to->high; *k >= to->low; *k -= 2) {
		long above = to->ends[*k + 1];
		long below = to->ends[*k - 1];

		*x = below < above ? above : below + 1;
		while (*x < box->x_end && *x - *k < box->y_end && same(d, *x, *x - *k))
			++*x;
		to->ends[*k] = *x;
		if (may_meet && *k >= from->low && *k <= from->high && from->ends[*k] <= *x)
			return true;
	}
	return false;
}

static bool go_back(const struct diff *d, const struct box *box, struct front *to, const struct front *from,
		    bool may_meet, long *x, long *k)
{
	for (*k = to->high; *k >= to->low; *k -= 2) {
		long above = to->ends[*k + 1];
		long below = to->ends[*k - 1];

		*x = below < above ? below : above - 1;
		while (*x > box->x && *x - *k > box->y && same(d, *x - 1, *x - *k - 1))
			--*x;
		to->ends[*k] = *x;
		if (may_meet && *k >= from->low && *k <= from->high && from->ends[*k] >= *x)
			return true;
	}
	return false;
}

/* The point that is farthest from one of the ends of BOX. */
static void cut_at_best(const struct box *box, const struct front *start, const struct front *end,
			long *x_cut, long *y_cut)
{
	long best = -1;

	for (long k = start->low; k <= start->high; k += 2) {
		long x = start->ends[k] < box->x_end ? start->ends[k] : box->x_end;

		x = x - k > box->y_end ? box->y_end + k : x;
		if (x + x - k - box->x - box->y > best) {
			best = x + x - k - box->x - box->y;
			*x_cut = x;
			*y_cut = x - k;
		}
	}
	for (long k = end->low; k <= end->high; k += 2) {
		long x = end->ends[k] > box->x ? end->ends[k] : box->x;

		x = x - k < box->y ? box->y + k : x;
		if (box->x_end + box->y_end - (x + x - k) > best) {
			best = box->x_end + box->y_end - (x + x - k);
			*x_cut = x;
			*y_cut = x - k;
		}
	}
}

/* A point of a shortest path through BOX, which has neither a common start nor a common end, and is on neither of its ends. */
static void cut(struct diff *d, const struct box *box, long *x_cut, long *y_cut)
{
	long lowest = box->x - box->y_end;
	long highest = box->x_end - box->y;
	long k_start = box->x - box->y;
	long k_end = box->x_end - box->y_end;
	struct front start = { .ends = d->ends[0], .low = k_start, .high = k_start };
	struct front end = { .ends = d->ends[1], .low = k_end, .high = k_end };
	bool is_odd = (k_start - k_end) & 1;
	long x, k;

	start.ends[k_start] = box->x;
	end.ends[k_end] = box->x_end;
	for (long cost = 1;; cost++) {
		widen(&start, lowest, highest, -1);
		if (go_forward(d, box, &start, &end, is_odd, &x, &k))
			break;
		widen(&end, lowest, highest, LONG_MAX);
		if (go_back(d, box, &end, &start, !is_odd, &x, &k))
			break;
		if (cost == TRACE_DIFF_COST) {
			d->is_approximate = true;
			cut_at_best(box, &start, &end, x_cut, y_cut);
			return;
		}
	}
	*x_cut = x;
	*y_cut = x - k;
}

static void align(struct diff *d, struct box box)
{
	for (;;) {
		struct box first;

		while (box.x < box.x_end && box.y < box.y_end && same(d, box.x, box.y))
			box.x++, box.y++;
		while (box.x < box.x_end && box.y < box.y_end && same(d, box.x_end - 1, box.y_end - 1))
			box.x_end--, box.y_end--;
		if (box.x == box.x_end || box.y == box.y_end)
			break;
		first = box;
		cut(d, &box, &first.x_end, &first.y_end);
		align(d, first);
		box.x = first.x_end;
		box.y = first.y_end;
	}
	while (box.x < box.x_end)
		d->sides[0].only[d->sides[0].kept[box.x++]] = true;
	while (box.y < box.y_end)
		d->sides[1].only[d->sides[1].kept[box.y++]] = true;
}

/* --- all of it --------------------------------------------------------------------------------------------- */

static void report(const struct diff *d, trace_diff_fn tell, void *data)
{
	const struct side *a = &d->sides[0];
	const struct side *b = &d->sides[1];
	size_t x = 0;
	size_t y = 0;

	while (x < a->step_count || y < b->step_count) {
		if (x < a->step_count && a->only[x])
			tell(data, &a->steps[x++], NULL);
		else if (y < b->step_count && b->only[y])
			tell(data, NULL, &b->steps[y++]);
		else
			tell(data, &a->steps[x++], &b->steps[y++]);
	}
}

static int search(struct diff *d)
{
	struct side *a = &d->sides[0];
	struct side *b = &d->sides[1];
	size_t diagonals;
	long *ends;

	if (find_kinds(d) < 0)
		return -ENOMEM;
	keep_common(a);
	keep_common(b);
	/* from -B to A, and one beside each */
	diagonals = (size_t)(a->count + b->count) + 3;
	ends = calloc(2 * diagonals, sizeof(*ends));
	if (!ends)
		return -ENOMEM;
	d->ends[0] = ends + b->count + 1;
	d->ends[1] = d->ends[0] + diagonals;
	align(d, (struct box){ .x_end = a->count, .y_end = b->count });
	free(ends);
	return 0;
}

int trace_diff(const struct trace_step *a, size_t a_count, const struct trace_step *b, size_t b_count,
	       trace_diff_fn tell, void *data, bool *is_approximate)
{
	struct diff d = { 0 };
	int rc = open_side(&d.sides[0], a, a_count);

	if (rc == 0)
		rc = open_side(&d.sides[1], b, b_count);
	if (rc == 0)
		rc = search(&d);
	if (rc == 0) {
		report(&d, tell, data);
		*is_approximate = d.is_approximate;
	}
	for (unsigned int s = 0; s < 2; s++) {
		free(d.sides[s].only);
		free(d.sides[s].kinds);
		free(d.sides[s].kept);
	}
	return rc;
}
