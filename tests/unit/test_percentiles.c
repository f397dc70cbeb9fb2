// SPDX-License-Identifier: GPL-2.0-or-later
/* The steps by percentile, and the file .hgrm, against what HdrHistogram makes of the same few times. */
#include "core/access/percentiles.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/tap.h"

#define COUNT 100000

struct seen {
	const uint64_t *sorted;
	uint64_t count;
	struct percentile last;
	unsigned int steps;
	unsigned int wrong;
};

/* Each level is above the one before, and so large a part, and no smaller one, has it. */
static void look(void *data, const struct percentile *p)
{
	struct seen *s = data;

	if (s->steps > 0 &&
	    (p->level <= s->last.level || p->value < s->last.value || p->count < s->last.count))
		s->wrong++;
	if ((double)p->count < p->level * (double)s->count * (1 - 1e-12) ||
	    s->sorted[p->count - 1] != p->value || (p->count < s->count && s->sorted[p->count] == p->value))
		s->wrong++;
	s->last = *p;
	s->steps++;
}

static void check(struct tap *tap, const char *name, const uint64_t *sorted, uint64_t count)
{
	struct seen s = { .sorted = sorted, .count = count };

	percentiles_each(sorted, count, look, &s);
	ok(tap,
	   s.wrong == 0 && s.last.level == 1 && s.last.count == count && s.last.value == sorted[count - 1],
	   "%s: %u steps, the last is all of it", name, s.steps);
}

/* What outputPercentileDistribution() of hdr-histogram-js 3.0.1 says of them, but for its buckets */
static const char four[] = "       Value     Percentile TotalCount 1/(1-Percentile)\n"
			   "\n"
			   "       1.000 0.000000000000          1           1.00\n"
			   "       1.000 0.100000000000          1           1.11\n"
			   "       1.000 0.200000000000          1           1.25\n"
			   "       2.000 0.300000000000          3           1.43\n"
			   "       2.000 0.400000000000          3           1.67\n"
			   "       2.000 0.500000000000          3           2.00\n"
			   "       2.000 0.550000000000          3           2.22\n"
			   "       2.000 0.600000000000          3           2.50\n"
			   "       2.000 0.650000000000          3           2.86\n"
			   "       2.000 0.700000000000          3           3.33\n"
			   "       2.000 0.750000000000          3           4.00\n"
			   "       7.000 0.775000000000          4           4.44\n"
			   "       7.000 1.000000000000          4\n"
			   "#[Mean    =        3.000, StdDeviation   =        2.345]\n"
			   "#[Max     =        7.000, Total count    =            4]\n";

int main(void)
{
	static uint64_t samples[COUNT];
	const uint64_t few[] = { 1, 2, 2, 7 };
	const uint64_t zeroes[] = { 0, 0, 0 };
	struct text_buffer text = { 0 };
	struct tap tap = { 0 };

	percentiles_hgrm(few, 4, &text);
	ok(&tap, text.length > sizeof(four) && memcmp(text.bytes, four, sizeof(four) - 1) == 0,
	   "four times as a file");
	text_buffer_free(&text);
	check(&tap, "one", few + 3, 1);
	check(&tap, "four", few, 4);
	check(&tap, "all the same", zeroes, 3);
	for (unsigned int i = 0; i < COUNT; i++)
		samples[i] = i;
	check(&tap, "even", samples, COUNT);
	for (unsigned int i = 0; i < COUNT; i++)
		samples[i] = i < COUNT - 3 ? 100 + i / 1000 : UINT64_MAX / 8 + i;
	check(&tap, "a tail", samples, COUNT);
	text = (struct text_buffer){ 0 };
	percentiles_hgrm(samples, COUNT, &text);
	ok(&tap, !text.failed && text.length > 4000, "a file of it");
	text_buffer_free(&text);
	return tap_done(&tap);
}
