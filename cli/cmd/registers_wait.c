// SPDX-License-Identifier: GPL-2.0-or-later
/* regs wait: looks until all conditions hold in one round. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "cli/signals.h"
#include "core/backend/path.h"
#include "core/base/clock.h"
#include "core/base/number.h"
#include "core/pci/wait_reason.h"

/* How often config space is asked whether the device is there, when a register reads as zero. */
#define PRESENCE_INTERVAL 100000000u /* ns */

struct wait {
	struct invocation *inv;
	struct device *device;
	struct access access;
	struct resolved_condition *conditions;
	uint64_t *actual; /* what each was when it was last seen */
	unsigned int holding; /* how many hold, from the first on */
};

static void sleep_ns(uint64_t ns)
{
	struct timespec t = { .tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000) };

	nanosleep(&t, NULL);
}

/* One round; each register is read once. */
static int look(struct wait *w, bool *all)
{
	w->holding = 0;
	*all = true;
	for (unsigned int i = 0; i < w->inv->operand_count; i++) {
		bool holds;
		int rc;

		rc = access_condition(&w->access, &w->conditions[i], &holds, &w->actual[i], &w->inv->error);
		if (rc < 0)
			return rc;
		if (!holds)
			*all = false;
		else if (w->holding == i)
			w->holding++;
	}
	return 0;
}

/* A mapping of a removed device may read as zero for ever: only config space tells. */
static int check_presence(struct wait *w, uint64_t now, uint64_t *next)
{
	if (now < *next)
		return 0;
	*next = now + PRESENCE_INTERVAL;
	return device_path_check(w->device, &w->inv->error);
}

static int timed_out(struct wait *w, const struct wait_reason *before)
{
	const struct resolved_condition *c = &w->conditions[w->holding];
	struct error *e = &w->inv->error;
	unsigned int bits = target_bits(&c->target);
	uint64_t actual = w->actual[w->holding];
	bool is_ones = bits >= 8 && actual == UINT64_MAX >> (64 - bits);
	char reason[sizeof(e->hint)];
	int rc;

	if (!device_is_present(w->device))
		return device_gone(w->device, e);
	rc = error_set(e, ERROR_TIMEOUT, "timeout",
		       "%s: timed out waiting for %s, the last value was 0x%0*" PRIx64 "%s", w->device->name,
		       c->condition->text, register_digits(bits), actual,
		       is_ones ? ": what a read that nobody answers gets" : "");
	if (wait_reason_explain(w->device, before, reason, sizeof(reason)))
		error_hint(e, "%s", reason);
	return rc;
}

static int wait_loop(struct wait *w)
{
	const struct option_values *o = &w->inv->options;
	uint64_t interval = o->interval;
	struct wait_reason before;
	uint64_t start = clock_ns();
	uint64_t presence = start + PRESENCE_INTERVAL;
	int rc;

	/* at a prompt Ctrl-C ends the wait, not the program */
	if (w->inv->interactive)
		signals_catch();
	wait_reason_begin(w->device, &before);
	for (;;) {
		uint64_t waited;
		bool all;

		rc = look(w, &all);
		if (rc < 0 || all)
			break;
		waited = clock_ns() - start;
		if (o->has_timeout && waited >= o->timeout) {
			rc = timed_out(w, &before);
			break;
		}
		rc = check_presence(w, start + waited, &presence);
		if (rc < 0 || (w->inv->interactive && signals_received()))
			break;
		if (o->has_timeout && interval > o->timeout - waited)
			sleep_ns(o->timeout - waited);
		else if (interval)
			sleep_ns(interval);
	}
	wait_reason_end(&before);
	return w->inv->interactive ? signals_end(w->inv, false, rc) : rc;
}

static void render(struct wait *w)
{
	struct writer *out = w->inv->out;

	writer_document(out, w->inv->command->name);
	writer_array(out, "conditions");
	for (unsigned int i = 0; i < w->inv->operand_count; i++) {
		const struct target *t = &w->conditions[i].target;

		writer_object(out, NULL);
		writer_string(out, "condition", NULL, w->conditions[i].condition->text);
		register_view_value(out, NULL, t->map, &t->item, target_bits(t), w->actual[i]);
		writer_end(out);
	}
}

static int parse_conditions(struct invocation *inv, struct condition *conditions)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = condition_parse(inv->operands[i], &conditions[i], &inv->error);
	return rc;
}

static int wait_for(struct invocation *inv, const struct condition *conditions, struct wait *w)
{
	struct device *device = NULL;
	int rc;

	rc = registers_open(inv, SPACE_BAR, false, &device, &w->access);
	if (rc < 0)
		return rc;
	w->device = device;
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = access_resolve_condition(&w->access, &conditions[i], &w->conditions[i], &inv->error);
	if (rc == 0)
		rc = wait_loop(w);
	if (rc == 0)
		render(w);
	registers_close(device, &w->access);
	return rc;
}

int registers_wait(struct invocation *inv)
{
	struct condition *conditions = calloc(inv->operand_count, sizeof(*conditions));
	struct wait w = {
		.inv = inv,
		.conditions = calloc(inv->operand_count, sizeof(*w.conditions)),
		.actual = calloc(inv->operand_count, sizeof(*w.actual)),
	};
	int rc;

	if (!conditions || !w.conditions || !w.actual)
		rc = error_errno(&inv->error, -ENOMEM, "starting");
	else
		rc = parse_conditions(inv, conditions);
	if (rc == 0)
		rc = wait_for(inv, conditions, &w);
	free(w.actual);
	free(w.conditions);
	free(conditions);
	return rc;
}
