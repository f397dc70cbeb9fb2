// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists of steps side by side: each step is told once, what is told to be the same is, and there are as few differences as can be. */
#include <stdlib.h>
#include <string.h>

#include "core/trace/diff.h"
#include "tests/unit/tap.h"

#define LENGTH 40
#define LONG 9000

struct list {
	struct trace_line *lines;
	struct trace_step *steps;
	size_t count;
};

struct seen {
	const struct list *a, *b;
	size_t x, y;
	size_t both;
	bool is_wrong;
};

/* Writes of VALUES to one place. */
static struct list make(const unsigned int *values, size_t count)
{
	struct list list = { .lines = calloc(count + 1, sizeof(*list.lines)),
			     .steps = calloc(count + 1, sizeof(*list.steps)),
			     .count = count };

	if (!list.lines || !list.steps)
		abort();
	for (size_t i = 0; i < count; i++) {
		list.lines[i] = (struct trace_line){ .op = TRACE_WRITE,
						     .place = "0:0x0",
						     .has_offset = true,
						     .width = 32,
						     .has_value = true,
						     .value = values[i] };
		list.steps[i] = (struct trace_step){ .line = &list.lines[i], .count = 1 };
	}
	return list;
}

static void drop(struct list *list)
{
	free(list->lines);
	free(list->steps);
}

static void tell(void *data, const struct trace_step *a, const struct trace_step *b)
{
	struct seen *s = data;

	s->is_wrong |= a && a != &s->a->steps[s->x];
	s->is_wrong |= b && b != &s->b->steps[s->y];
	s->is_wrong |= a && b && !trace_line_same(a->line, b->line);
	s->x += a != NULL;
	s->y += b != NULL;
	s->both += a && b;
}

/* How many steps are the same; SIZE_MAX: something is wrong. */
static size_t common(const unsigned int *a, size_t a_count, const unsigned int *b, size_t b_count,
		     bool *is_approximate)
{
	struct list x = make(a, a_count);
	struct list y = make(b, b_count);
	struct seen s = { .a = &x, .b = &y };
	int rc = trace_diff(x.steps, x.count, y.steps, y.count, tell, &s, is_approximate);

	s.is_wrong |= rc < 0 || s.x != x.count || s.y != y.count;
	drop(&x);
	drop(&y);
	return s.is_wrong ? SIZE_MAX : s.both;
}

/* The length of the longest common subsequence, by its definition. */
static size_t longest(const unsigned int *a, size_t a_count, const unsigned int *b, size_t b_count)
{
	size_t table[LENGTH + 1][LENGTH + 1] = { 0 };

	for (size_t i = 1; i <= a_count; i++) {
		for (size_t k = 1; k <= b_count; k++) {
			size_t left = table[i - 1][k] > table[i][k - 1] ? table[i - 1][k] : table[i][k - 1];

			table[i][k] = a[i - 1] == b[k - 1] ? table[i - 1][k - 1] + 1 : left;
		}
	}
	return table[a_count][b_count];
}

static void short_ones(struct tap *tap)
{
	unsigned int a[LENGTH], b[LENGTH];
	unsigned int wrong = 0;
	uint64_t seed = 1;

	for (unsigned int run = 0; run < 3000; run++) {
		unsigned int kinds = 1 + run % 9;
		size_t a_count = run / 9 % (LENGTH + 1);
		size_t b_count = run / 5 % (LENGTH + 1);
		bool is_approximate = true;

		for (size_t i = 0; i < LENGTH; i++) {
			/* D. E. Knuth's MMIX */
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			a[i] = (unsigned int)(seed >> 40) % kinds;
			b[i] = (unsigned int)(seed >> 52) % kinds;
		}
		if (common(a, a_count, b, b_count, &is_approximate) != longest(a, a_count, b, b_count) ||
		    is_approximate)
			wrong++;
	}
	ok(tap, wrong == 0, "short ones: as few differences as there can be (%u wrong)", wrong);
}

static void long_ones(struct tap *tap)
{
	static unsigned int a[LONG], b[LONG];
	bool is_approximate = true;
	size_t both;

	/* every second one is another */
	for (unsigned int i = 0; i < LONG; i++) {
		a[i] = i % 2 ? 0 : 2 * i + 1;
		b[i] = i % 2 ? 0 : 2 * i + 2;
	}
	both = common(a, LONG, b, LONG, &is_approximate);
	ok(tap, both == LONG / 2 && !is_approximate,
	   "what only one has is no reason to miss what both have: %zu", both);
	/* of those that both have, thousands at another place */
	for (unsigned int i = 0; i < LONG; i++) {
		a[i] = i % 3 ? i : i / 3 * 7919 % 5 + LONG;
		b[i] = i % 3 ? i : i / 3 * 7907 % 7 + LONG;
	}
	both = common(a, LONG, b, LONG, &is_approximate);
	ok(tap, both >= LONG / 3 * 2 && both <= LONG, "many differences: %zu of %u are the same", both, LONG);
	/* the other way round, where nearly nothing can be the same */
	for (unsigned int i = 0; i < LONG; i++) {
		a[i] = i;
		b[i] = LONG - 1 - i;
	}
	both = common(a, LONG, b, LONG, &is_approximate);
	ok(tap, both >= 1 && both <= LONG && is_approximate,
	   "where it is not looked for to the end, that is said");
}

int main(void)
{
	struct tap tap = { 0 };

	short_ones(&tap);
	long_ones(&tap);
	return tap_done(&tap);
}
