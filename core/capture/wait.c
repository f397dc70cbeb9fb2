// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting for the device: by looking at it, or for its interrupt, while finished blocks are written. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/base/number.h"
#include "core/capture/internal.h"

#define NS_PER_MS UINT64_C(1000000)
#define TICK_NS (100 * NS_PER_MS)
/* An engine that ends what it is in the midst of needs less; NVMe's CAP.TO may say more, as --timeout may then. */
#define STOP_NS (1000 * NS_PER_MS)
/* A --timeout is about data, and may be of hours; who ends a run does not wait for long. */
#define STOP_MOST_NS (10000 * NS_PER_MS)
/* How long it is only looked at: a sleep costs some 50 us, the timer slack of Linux (prctl(2)). */
#define SPIN_NS UINT64_C(50000)
#define PAUSE_NS UINT64_C(10000)
#define INTERVAL_NS UINT64_C(100000)
/* The same of a device that can lose nothing, as it has no more to do than it was given. */
#define INTERVAL_MOST_NS NS_PER_MS
/* From so many blocks in hand on there are pauses, in which a quarter of them may be finished. */
#define PACE_HELD 4
/* A device that was pulled out sends no interrupt: it is asked for by its config space this often. */
#define SLICE_NS (250 * NS_PER_MS)
/* A block whose write has ended is to be given back soon, while the next one is waited for. */
#define WRITE_SLICE_NS NS_PER_MS

int capture_count(struct capture *c, uint64_t *count, struct error *error)
{
	unsigned int ignored;

	return interrupt_count(c->claim->client, c->config->vector, count, &ignored, error);
}

int capture_tick_at(struct capture *c, uint64_t now, struct error *error)
{
	struct interrupt_state ignored;
	int rc;

	if (now - c->ticked < TICK_NS)
		return 0;
	c->ticked = now;
	if (c->started)
		c->result.time = now - c->started;
	/* memory, and a BAR of a device that is gone, read as something that may look like data */
	if (!device_is_present(c->device))
		return device_gone(c->device, error);
	/* any question to the helper tells whether its driver is still bound */
	rc = interrupt_state(c->claim->client, &ignored, error);
	if (rc == 0 && c->counts_lost)
		rc = capture_lost_check(c, error);
	if (rc == 0 && c->events->progress)
		c->events->progress(c->events->data, &c->result);
	return rc;
}

int capture_tick(struct capture *c, struct error *error)
{
	return capture_tick_at(c, clock_ns(), error);
}

/* Where a ring of descriptors stands: the device's end of it, and ours. */
static void describe_wait(const struct capture *c, char *text, size_t size)
{
	uint64_t blocks = c->symbols[SYMBOL_BLOCKS].value;
	char given[64] = "";
	char place[80];

	capture_done_place(c, place, sizeof(place));
	if (c->given_back)
		snprintf(given, sizeof(given), ", given back up to @index %llu",
			 (unsigned long long)((c->given_back - 1) % blocks));
	else if (c->hooks[CAPTURE_REFILL].count)
		snprintf(given, sizeof(given), ", none was given back");
	snprintf(text, size, ": @index %llu, @lap %llu is not finished (%s reads 0x%llx)%s",
		 (unsigned long long)c->symbols[SYMBOL_INDEX].value,
		 (unsigned long long)c->symbols[SYMBOL_LAP].value, place, (unsigned long long)c->status,
		 given);
}

static void describe_completion(const struct capture *c, char *text, size_t size)
{
	const struct completions *p = &c->completions;
	char place[80];

	capture_done_place(c, place, sizeof(place));
	snprintf(text, size, ": %s %llu is not %s (%s reads 0x%llx), of %llu submitted",
		 c->config->has_completes ? "completion" : "block", (unsigned long long)p->taken,
		 c->config->has_completes ? "there" : "finished", place, (unsigned long long)c->status,
		 (unsigned long long)p->submitted);
}

static int timed_out(struct capture *c, uint64_t waited, struct error *error)
{
	char reason[sizeof(error->hint)];
	char where[256] = "";
	int rc;

	if (!device_is_present(c->device))
		return device_gone(c->device, error);
	if (capture_config_submits(c->config))
		describe_completion(c, where, sizeof(where));
	else if (capture_config_describes(c->config) ||
		 (c->config->has_done && c->config->done.ref.has_expression))
		describe_wait(c, where, sizeof(where));
	rc = error_set(error, ERROR_TIMEOUT, "timeout", "%s: no data for %llu ms, after %llu bytes%s",
		       c->device->name, (unsigned long long)(waited / NS_PER_MS),
		       (unsigned long long)c->result.bytes, where);
	if (wait_reason_explain(c->device, &c->before, reason, sizeof(reason)))
		error_hint(error, "%s", reason);
	return rc;
}

/* What is left of the timeout after WAITED ns, INTERRUPT_FOREVER without one; 0: over. */
static uint64_t left(const struct capture *c, uint64_t waited)
{
	if (!c->config->has_timeout)
		return INTERRUPT_FOREVER;
	return waited < c->config->timeout ? c->config->timeout - waited : 0;
}

static void pause_for(uint64_t ns)
{
	struct timespec ts = { .tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000) };

	nanosleep(&ts, NULL);
}

/* With --head or --done, --irq's interrupt says when to look again, and may come for other reasons. */
static int pause_for_interrupt(struct capture *c, uint64_t ns, struct error *error)
{
	struct error why;
	int rc;

	rc = interrupt_wait(c->claim->client, c->config->vector, c->interrupts, ns, &c->interrupts, &why);
	if (rc == 0 || rc == -ETIME || rc == -EINTR)
		return 0;
	*error = why;
	return rc;
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* What is known of the time between two blocks, with the NEWEST: sooner is believed at once, later by and by. */
static uint64_t learn(uint64_t known, uint64_t newest)
{
	if (known == 0 || newest < known)
		return newest;
	return (3 * known + smaller(newest, 2 * known)) / 4;
}

void capture_pace(struct capture *c, uint64_t finished, uint64_t held)
{
	const struct capture_config *config = c->config;
	uint64_t most = capture_config_submits(config) ? INTERVAL_MOST_NS : INTERVAL_NS;
	struct capture_pace *pace = &c->pace;
	uint64_t now = clock_ns();
	uint64_t part;

	if (pace->seen && finished > pace->finished)
		pace->each = learn(pace->each, (now - pace->seen) / (finished - pace->finished));
	pace->seen = now;
	pace->finished = finished;
	part = held / PACE_HELD * pace->each;
	/* a sleep takes as much more as SPIN_NS: half of what is in hand is left by then */
	pace->nap = part < SPIN_NS ? 0 : smaller(part, config->interval ? config->interval : most);
}

int capture_wait_look(struct capture *c, capture_look look, struct error *error)
{
	uint64_t interval = c->config->interval ? c->config->interval : INTERVAL_NS;
	uint64_t nap = c->pace.nap;
	uint64_t pause = nap ? nap : smaller(PAUSE_NS, interval);
	uint64_t start = 0;

	for (;;) {
		uint64_t now;
		uint64_t rest;
		bool found = false;
		int rc = look(c, &found, error);

		if (rc == 0 && !found)
			rc = write_queue_reap(c, error);
		if (rc < 0 || found)
			return rc;
		if (capture_is_stopped(c))
			return -ECANCELED;
		now = clock_ns();
		if (start == 0)
			start = now;
		rest = left(c, now - start);
		if (rest == 0)
			return timed_out(c, now - start, error);
		rc = capture_tick_at(c, now, error);
		if (rc == 0 && c->config->has_irq) {
			rc = pause_for_interrupt(c, smaller(rest, SLICE_NS), error);
		} else if (rc == 0 && (nap || now - start >= SPIN_NS)) {
			pause_for(smaller(pause, rest));
			pause = pause < interval ? smaller(2 * pause, interval) : pause;
		}
		if (rc < 0)
			return rc;
	}
}

/* --irq, after the count SINCE. */
static int wait_interrupt(struct capture *c, uint64_t since, struct error *error)
{
	uint64_t start = clock_ns();

	for (;;) {
		uint64_t now;
		uint64_t slice = c->queue.count > 0 ? WRITE_SLICE_NS : SLICE_NS;
		struct error why;
		int rc;

		rc = interrupt_wait(c->claim->client, c->config->vector, since,
				    smaller(left(c, clock_ns() - start), slice), &c->interrupts, &why);
		if (rc == 0)
			return 0;
		if (rc != -ETIME && rc != -EINTR) {
			*error = why;
			return rc;
		}
		if (capture_is_stopped(c))
			return -ECANCELED;
		now = clock_ns();
		if (left(c, now - start) == 0)
			return timed_out(c, now - start, error);
		rc = write_queue_reap(c, error);
		if (rc == 0)
			rc = capture_tick(c, error);
		if (rc < 0)
			return rc;
	}
}

int capture_wait_condition(struct capture *c, enum capture_hook hook,
			   const struct resolved_condition *condition, struct error *error)
{
	uint64_t start = clock_ns();
	uint64_t pause = PAUSE_NS;

	for (;;) {
		uint64_t waited = clock_ns() - start;
		uint64_t actual;
		bool holds;
		int rc = access_condition(&c->access, condition, &holds, &actual, error);

		/* a device that is gone reads as ones, which many a condition takes for what it waits for */
		if (rc == 0 && actual == width_max(target_value_bits(&condition->target)) &&
		    !device_is_present(c->device))
			return device_gone(c->device, error);
		if (rc < 0 || holds)
			return rc;
		if (capture_is_stopped(c))
			return -ECANCELED;
		if (left(c, waited) == 0)
			return error_set(error, ERROR_TIMEOUT, "timeout",
					 "%s: --%s: after %llu ms %.100s does not hold, it reads 0x%llx",
					 c->device->name, capture_hook_name(hook),
					 (unsigned long long)(waited / NS_PER_MS), condition->condition->text,
					 (unsigned long long)actual);
		rc = capture_tick(c, error);
		if (rc < 0)
			return rc;
		if (waited >= SPIN_NS) {
			pause_for(pause);
			pause = smaller(2 * pause, INTERVAL_NS);
		}
	}
}

/* That data may be long in coming, as --timeout says, is no reason to wait for it when no more is wanted. */
static uint64_t stop_limit(const struct capture *c, enum capture_condition condition)
{
	bool is_asked = c->config->has_timeout && condition == CONDITION_STOPPED;
	uint64_t asked = is_asked ? smaller(c->config->timeout, STOP_MOST_NS) : 0;

	return asked > STOP_NS ? asked : STOP_NS;
}

bool capture_comes_to_hold(struct capture *c, enum capture_condition condition, uint64_t since)
{
	const struct resolved_condition *resolved = &c->conditions[condition];
	uint64_t limit = stop_limit(c, condition);
	uint64_t pause = PAUSE_NS;

	for (;;) {
		uint64_t waited = clock_ns() - since;
		struct error ignored;
		uint64_t actual;
		bool holds;

		if (access_condition(&c->access, resolved, &holds, &actual, &ignored) < 0)
			return false;
		if (actual == width_max(target_value_bits(&resolved->target)) &&
		    !device_is_present(c->device))
			return false;
		if (holds || waited >= limit || capture_is_hurried(c))
			return holds;
		pause_for(pause);
		pause = smaller(2 * pause, NS_PER_MS);
	}
}

int capture_look_done(struct capture *c, bool *found, struct error *error)
{
	return access_condition(&c->access, &c->conditions[CONDITION_DONE], found, &c->status, error);
}

int capture_wait_block(struct capture *c, uint64_t since, struct error *error)
{
	int rc = c->config->has_done ? capture_wait_look(c, capture_look_done, error)
				     : wait_interrupt(c, since, error);

	c->is_under_way &= rc < 0;
	return rc;
}
