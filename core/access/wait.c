// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting for registers: one round after the other. */
#include "core/access/wait.h"

#include <inttypes.h>
#include <time.h>

#include "core/backend/path.h"
#include "core/base/clock.h"
#include "core/preflight/wait_reason.h"

/* How often config space is asked whether the device is there, when a register reads as zero. */
#define PRESENCE_INTERVAL 100000000u /* ns */

static void sleep_ns(uint64_t ns)
{
	struct timespec t = { .tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000) };

	nanosleep(&t, NULL);
}

/* One round. *HOLDING: how many hold, from the first on. */
static int look(struct access *a, const struct access_wait *w, size_t *holding, bool *all,
		struct error *error)
{
	*holding = 0;
	*all = true;
	for (size_t i = 0; i < w->count; i++) {
		bool holds;
		int rc;

		rc = access_condition(a, &w->conditions[i], &holds, &w->actual[i], error);
		if (rc < 0)
			return rc;
		if (!holds)
			*all = false;
		else if (*holding == i)
			(*holding)++;
	}
	return 0;
}

/* A mapping of a removed device may read as zero for ever: only config space tells. */
static int check_presence(struct device *device, uint64_t now, uint64_t *next, struct error *error)
{
	if (now < *next)
		return 0;
	*next = now + PRESENCE_INTERVAL;
	return device_path_check(device, error);
}

static int timed_out(struct device *device, const struct resolved_condition *c, uint64_t actual,
		     const struct wait_reason *before, struct error *error)
{
	unsigned int bits = target_value_bits(&c->target);
	bool is_ones = bits >= 8 && actual == UINT64_MAX >> (64 - bits);
	char reason[sizeof(error->hint)];
	int rc;

	if (!device_is_present(device))
		return device_gone(device, error);
	rc = error_set(error, ERROR_TIMEOUT, "timeout",
		       "%s: timed out waiting for %s, the last value was 0x%0*" PRIx64 "%s", device->name,
		       c->condition->text, (int)((bits + 3) / 4), actual,
		       is_ones ? ": what a read that nobody answers gets" : "");
	if (wait_reason_explain(device, before, reason, sizeof(reason)))
		error_hint(error, "%s", reason);
	return rc;
}

int access_wait(struct access *a, const struct access_wait *w, struct error *error)
{
	struct wait_reason before;
	uint64_t start = clock_ns();
	uint64_t presence = start + PRESENCE_INTERVAL;
	int rc;

	wait_reason_begin(a->device, &before);
	before.is_register = true;
	for (;;) {
		size_t holding;
		uint64_t waited;
		bool all;

		rc = look(a, w, &holding, &all, error);
		if (rc < 0 || all)
			break;
		waited = clock_ns() - start;
		if (w->has_timeout && waited >= w->timeout) {
			rc = timed_out(a->device, &w->conditions[holding], w->actual[holding], &before,
				       error);
			break;
		}
		rc = check_presence(a->device, start + waited, &presence, error);
		if (rc < 0 || (w->stopped && w->stopped(w->data)))
			break;
		if (w->has_timeout && w->interval > w->timeout - waited)
			sleep_ns(w->timeout - waited);
		else if (w->interval)
			sleep_ns(w->interval);
	}
	wait_reason_end(&before);
	return rc;
}
