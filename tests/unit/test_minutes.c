// SPDX-License-Identifier: GPL-2.0-or-later
/* The minutes of the last hour: which one a count goes into, and which ones are left. */
#include "core/base/minutes.h"

#include <string.h>

#include "tests/unit/tap.h"

#define MINUTE UINT64_C(60000000000)

static void is_text(struct tap *tap, const struct minutes *m, const char *expected, const char *name)
{
	char text[MINUTES_TEXT_SIZE];

	minutes_text(m, text);
	ok(tap, strcmp(text, expected) == 0, "%s: '%s'", name, text);
}

int main(void)
{
	struct tap tap = { 0 };
	char many[MINUTES_TEXT_SIZE];
	struct minutes m;

	/* a clock that is far on already */
	minutes_begin(&m, 7 * MINUTE + 1);
	is_text(&tap, &m, ".", "nothing yet");
	minutes_add(&m, 7 * MINUTE + 2, 3);
	minutes_add(&m, 8 * MINUTE, 1);
	is_text(&tap, &m, "4", "both in the first minute");
	minutes_add(&m, 8 * MINUTE + 1, 9);
	minutes_add(&m, 10 * MINUTE + 1, 10);
	is_text(&tap, &m, "49.+", "one without, and more than a digit");
	ok(&tap, minutes_length(&m) == 4 && minutes_count(&m, 3) == 10, "the number itself");
	minutes_add(&m, (7 + MINUTES) * MINUTE + 1, 1);
	memset(many, '.', sizeof(many) - 1);
	many[MINUTES] = '\0';
	many[0] = '9';
	many[2] = '+';
	many[MINUTES - 1] = '1';
	is_text(&tap, &m, many, "the first minute is more than an hour ago");
	minutes_add(&m, (7 + 5 * MINUTES) * MINUTE + 1, 2);
	memset(many, '.', sizeof(many) - 1);
	many[MINUTES - 1] = '2';
	is_text(&tap, &m, many, "nobody looked for hours");
	return tap_done(&tap);
}
