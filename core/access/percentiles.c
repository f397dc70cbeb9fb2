// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The steps are those of PercentileIterator, the text that of AbstractHistogram.outputPercentileDistribution(), in
 * HdrHistogram 2.1 (org.HdrHistogram).
 */
#include "core/access/percentiles.h"

#include <inttypes.h>

/* What outputPercentileDistribution() has by default */
#define TICKS_PER_HALF 5

/* The level behind LEVEL, in percent: 10, 20 ... 50, 55 ... 75, 77.5 ... */
static double next_level(double level)
{
	double halves = 1;

	while ((100 - level) * 2 * halves <= 100)
		halves *= 2;
	return level + 100 / (TICKS_PER_HALF * 2 * halves);
}

void percentiles_each(const uint64_t *sorted, uint64_t count,
		      void (*take)(void *data, const struct percentile *percentile), void *data)
{
	struct percentile p = { .count = 0 };
	double level = 0;

	while (p.count < count) {
		p.value = sorted[p.count];
		while (p.count < count && sorted[p.count] == p.value)
			p.count++;
		while (100.0 * (double)p.count / (double)count >= level) {
			p.level = level / 100;
			take(data, &p);
			level = next_level(level);
			if (p.count == count)
				break;
		}
	}
	p.level = 1;
	take(data, &p);
}

static void add_line(void *data, const struct percentile *p)
{
	if (p->level < 1)
		text_buffer_format(data, "%12.3f %2.12f %10" PRIu64 " %14.2f\n", (double)p->value, p->level,
				   p->count, 1 / (1 - p->level));
	else
		text_buffer_format(data, "%12.3f %2.12f %10" PRIu64 "\n", (double)p->value, p->level,
				   p->count);
}

/* By Newton: for one root in the whole program libm is not loaded with every command. */
static double root(double square)
{
	double guess = square > 1 ? square : 1;
	double next = (guess + square / guess) / 2;

	while (next < guess) {
		guess = next;
		next = (guess + square / guess) / 2;
	}
	return square > 0 ? guess : 0;
}

void percentiles_hgrm(const uint64_t *sorted, uint64_t count, struct text_buffer *text)
{
	double mean = 0;
	double squares = 0;

	for (uint64_t i = 0; i < count; i++)
		mean += (double)sorted[i] / (double)count;
	for (uint64_t i = 0; i < count; i++)
		squares += ((double)sorted[i] - mean) * ((double)sorted[i] - mean) / (double)count;
	text_buffer_format(text, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
			   "1/(1-Percentile)");
	percentiles_each(sorted, count, add_line, text);
	text_buffer_format(text, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean, root(squares));
	text_buffer_format(text, "#[Max     = %12.3f, Total count    = %12" PRIu64 "]\n",
			   (double)sorted[count - 1], count);
	/* there are none: the times are exact */
	text_buffer_format(text, "#[Buckets = %12d, SubBuckets     = %12d]\n", 1, 1);
}
