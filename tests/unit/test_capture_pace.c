// SPDX-License-Identifier: GPL-2.0-or-later
/* How long a capture looks away from a ring of descriptors, by a clock that this file plays. */
#include <time.h>

#include "core/capture/internal.h"
#include "tests/unit/tap.h"

#define US UINT64_C(1000)

static uint64_t now = 1000 * US;

int clock_gettime(clockid_t id, struct timespec *t)
{
	(void)id;
	*t = (struct timespec){ .tv_sec = (time_t)(now / 1000000000), .tv_nsec = (long)(now % 1000000000) };
	return 0;
}

/* COUNT more blocks are finished after TIME, HELD are in hand. The pause, in ns. */
static uint64_t nap_after(struct capture *c, uint64_t time, uint64_t count, uint64_t held)
{
	now += time;
	capture_pace(c, c->pace.finished + count, held);
	return c->pace.nap;
}

static void test_received(struct tap *tap)
{
	const struct capture_config config = { .has_length = true };
	struct capture c = { .config = &config };

	ok(tap, nap_after(&c, 0, 0, 32) == 0 && nap_after(&c, 500 * US, 0, 32) == 0,
	   "no pause before anything is known");
	ok(tap, nap_after(&c, 500 * US, 10, 32) == 100 * US,
	   "a pause, no longer than those of one that is waited for long");
	ok(tap, nap_after(&c, 1000 * US, 10, 3) == 0, "none where few blocks are in hand");
	ok(tap, nap_after(&c, 100 * US, 20, 32) == 0 && c.pace.each == 5 * US,
	   "that it comes sooner is believed at once: no pause that half of what is in hand is not enough for");
	ok(tap, nap_after(&c, 100 * US, 20, 64) == 80 * US, "... of a larger ring, a quarter of it");
	ok(tap, nap_after(&c, 1000000 * US, 1, 32) == 50 * US && c.pace.each == 6250,
	   "one that was silent for long is not taken for a slow one");
}

static void test_submitted(struct tap *tap)
{
	const struct capture_config config = { .has_completes = true };
	const struct capture_config asked = { .has_completes = true, .interval = 20 * US };
	struct capture c = { .config = &config };

	nap_after(&c, 0, 0, 32);
	ok(tap, nap_after(&c, 1000 * US, 10, 32) == 800 * US,
	   "one that has no more than it was given: a quarter of that");
	ok(tap, nap_after(&c, 10000 * US, 10, 32) == 1000 * US, "... but no longer than 1 ms");
	c.config = &asked;
	ok(tap, nap_after(&c, 1000 * US, 10, 32) == 20 * US, "... and no longer than --interval");
}

int main(void)
{
	struct tap tap = { 0 };

	test_received(&tap);
	test_submitted(&tap);
	return tap_done(&tap);
}
