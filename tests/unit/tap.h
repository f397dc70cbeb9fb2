/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The least that a TAP program needs. */
#ifndef PCIETOOL_TEST_TAP_H
#define PCIETOOL_TEST_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct tap {
	int count;
	int failed;
};

__attribute__((format(printf, 3, 4))) static inline bool ok(struct tap *tap, bool passed, const char *format, ...)
{
	va_list ap;

	printf("%sok %d - ", passed ? "" : "not ", ++tap->count);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	putchar('\n');
	tap->failed += !passed;
	return passed;
}

/* Prints the plan; the exit status of the program. */
static inline int tap_done(const struct tap *tap)
{
	printf("1..%d\n", tap->count);
	return tap->failed ? 1 : 0;
}

#endif
