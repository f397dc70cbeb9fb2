// SPDX-License-Identifier: GPL-2.0-or-later
/* Percentiles and histogram of times: by the definition of the nearest rank, and nothing of them is lost. */
#include "core/access/latency.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tests/unit/tap.h"

#define COUNT 5000

/* How many of SAMPLES are not above TIME. */
static uint64_t up_to(const uint64_t *samples, uint64_t count, uint64_t time)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < count; i++)
		n += samples[i] <= time;
	return n;
}

/* The least sample that PER_MILLE of them are not above. */
static bool is_rank(const uint64_t *samples, uint64_t count, uint64_t value, uint64_t per_mille)
{
	return up_to(samples, count, value) * 1000 >= count * per_mille &&
	       (value == 0 || up_to(samples, count, value - 1) * 1000 < count * per_mille);
}

static void check(struct tap *tap, const char *name, uint64_t *samples, uint64_t count)
{
	struct latency l;
	uint64_t sum = 0, total = 0, wrong = 0, next;

	for (uint64_t i = 0; i < count; i++)
		sum += samples[i];
	latency_summarize(samples, count, 0, &l);
	ok(tap,
	   is_rank(samples, count, l.median, 500) && is_rank(samples, count, l.p90, 900) &&
		   is_rank(samples, count, l.p99, 990) && is_rank(samples, count, l.p999, 999),
	   "%s: percentiles", name);
	ok(tap,
	   l.minimum == samples[0] && l.maximum == samples[count - 1] &&
		   l.mean == (double)sum / (double)count,
	   "%s: least, greatest, mean", name);
	next = l.minimum;
	for (unsigned int i = 0; i < l.bin_count; i++) {
		uint64_t below = l.bins[i].from ? up_to(samples, count, l.bins[i].from - 1) : 0;

		wrong += l.bins[i].from != next || l.bins[i].to < l.bins[i].from ||
			 up_to(samples, count, l.bins[i].to) - below != l.bins[i].count;
		next = l.bins[i].to + 1;
		total += l.bins[i].count;
	}
	ok(tap, l.bin_count >= 1 && l.bin_count <= LATENCY_BINS && wrong == 0 && total == count,
	   "%s: %u bins, each behind the one before, have all of it", name, l.bin_count);
}

static void takes_clock_off(struct tap *tap)
{
	uint64_t samples[] = { 150, 50, 1000 };
	struct latency l;

	latency_summarize(samples, 3, 100, &l);
	ok(tap, l.minimum == 0 && l.median == 50 && l.maximum == 900,
	   "the clock is taken off, and never more than there is");
}

int main(void)
{
	static uint64_t samples[COUNT];
	struct tap tap = { 0 };
	uint64_t one[] = { 7 };
	uint64_t two[] = { 900, 0 };
	uint64_t huge[] = { UINT64_MAX / 4, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, UINT64_MAX / 4 };

	check(&tap, "one", one, 1);
	check(&tap, "two", two, 2);
	check(&tap, "far apart", huge, sizeof(huge) / sizeof(huge[0]));
	for (unsigned int i = 0; i < COUNT; i++)
		samples[i] = 500;
	check(&tap, "all the same", samples, COUNT);
	srand(1);
	for (unsigned int i = 0; i < COUNT; i++)
		samples[i] = 800 + (uint64_t)(rand() % 100) + (i % 100 == 0 ? 20000 + i : 0);
	check(&tap, "a peak and a tail", samples, COUNT);
	for (unsigned int i = 0; i < COUNT; i++)
		samples[i] = (i * 7919u) % COUNT;
	check(&tap, "even", samples, COUNT);
	takes_clock_off(&tap);
	return tap_done(&tap);
}
