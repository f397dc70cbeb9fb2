// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * expression: what it costs to calculate an operand of a capture's hooks, once it was read: each in nanoseconds, the best of
 * several runs.
 */
#include <stdio.h>

#include "core/base/clock.h"
#include "core/base/expression.h"

#define RUNS 200
#define TIMES 10000

/* Nanoseconds of one, whose names have other values each time. */
static double calculate(const struct expression *expression, uint64_t *sum)
{
	uint64_t names[EXPRESSION_NAMES] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	uint64_t start = clock_ns();

	for (unsigned int i = 0; i < TIMES; i++) {
		uint64_t value;

		names[0] = i;
		if (expression_value(expression, names, &value) < 0)
			return 1e12;
		*sum += value;
	}
	return (double)(clock_ns() - start) / TIMES;
}

int main(void)
{
	static const char *const texts[] = { "@index*16+8", "(@index+@blocks-1)%@blocks", "@lap+1&1",
					     "@submitted%64*64+24" };
	uint64_t sum = 0;

	for (unsigned int n = 0; n < sizeof(texts) / sizeof(texts[0]); n++) {
		struct expression expression = { 0 };
		const char *cursor = texts[n];
		struct error error;
		double best = 1e12;

		if (expression_scan_open(&cursor, false, &expression, &error) < 0) {
			fprintf(stderr, "expression: %s\n", error.message);
			return 1;
		}
		for (unsigned int i = 0; i < RUNS; i++) {
			double took = calculate(&expression, &sum);

			best = took < best ? took : best;
		}
		printf("%6.1f ns  (goal 20)  %s\n", best, texts[n]);
	}
	/* so that no compiler leaves it all out */
	return sum == 1;
}
