// SPDX-License-Identifier: GPL-2.0-or-later
/* bench irq: from the write that makes a device send its interrupt until the count has it. */
#include "cli/cmd/bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cmd/registers.h"
#include "cli/signals.h"
#include "core/base/clock.h"
#include "core/dma/interrupt.h"
#include "core/preflight/wait_reason.h"

#define INTERRUPTS 1000
#define TIMEOUT_NS UINT64_C(1000000000)

struct bench {
	struct invocation *inv;
	struct device *device;
	struct access access;
	struct buffer_client *client;
	struct assign *assigns; /* the first raises, the others acknowledge */
	struct resolved_assign *resolved;
	uint64_t *samples;
	uint64_t count;
	uint64_t done; /* samples */
	uint64_t came; /* interrupts: one more, the first */
};

static uint64_t timeout_of(const struct bench *b)
{
	const struct option_values *o = &b->inv->options;

	return o->has_timeout ? o->timeout : TIMEOUT_NS;
}

static int lost(const struct bench *b, const struct wait_reason *before)
{
	struct error *error = &b->inv->error;
	char reason[sizeof(error->hint)];
	int rc;

	if (!device_is_present(b->device))
		return device_gone(b->device, error);
	rc = error_set(error, ERROR_TIMEOUT, "timeout",
		       "%s: after %s no interrupt of vector %u came for %llu ms; %llu had come before",
		       b->device->name, b->assigns[0].text, b->inv->options.vector,
		       (unsigned long long)(timeout_of(b) / 1000000), (unsigned long long)b->came);
	if (wait_reason_explain(b->device, before, reason, sizeof(reason)))
		error_hint(error, "%s", reason);
	return rc;
}

static int assign(struct bench *b, unsigned int i)
{
	struct assign_result ignored;

	return access_assign(&b->access, &b->resolved[i], false, &ignored, &b->inv->error);
}

/* Until the count exceeds SINCE, without sleeping. */
static int spin(const struct bench *b, uint64_t since, uint64_t start)
{
	uint64_t end = clock_after(start, timeout_of(b));
	uint64_t count;
	int rc;

	do {
		rc = interrupt_count(b->client, b->inv->options.vector, &count, NULL, &b->inv->error);
		if (rc < 0 || count > since)
			return rc;
		if (signals_received())
			return -EINTR;
	} while (clock_ns() < end);
	return -ETIME;
}

/* One interrupt; its TIME in ns. */
static int raise_once(struct bench *b, uint64_t *time)
{
	const struct option_values *o = &b->inv->options;
	struct error *error = &b->inv->error;
	uint64_t since;
	uint64_t start;
	uint64_t count;
	int rc;

	rc = interrupt_count(b->client, o->vector, &since, NULL, error);
	/* a line that was masked when it came comes again after a wait, and a count alone is none */
	if (rc == 0 && o->spins)
		rc = interrupt_wait(b->client, o->vector, since, 0, &count, error);
	if (rc < 0 && rc != -ETIME)
		return rc;
	start = clock_ns();
	rc = assign(b, 0);
	if (rc == 0)
		rc = o->spins ? spin(b, since, start)
			      : interrupt_wait(b->client, o->vector, since, timeout_of(b), &count, error);
	*time = clock_ns() - start;
	b->came += rc == 0;
	for (unsigned int i = 1; rc == 0 && i < b->inv->operand_count; i++)
		rc = assign(b, i);
	return rc;
}

static int raise_all(struct bench *b)
{
	struct wait_reason before;
	uint64_t ignored;
	int rc;

	wait_reason_begin(b->device, &before);
	/* the first is not timed: it maps the region */
	rc = raise_once(b, &ignored);
	while (rc == 0 && b->done < b->count && !signals_received()) {
		rc = raise_once(b, &b->samples[b->done]);
		b->done += rc == 0;
	}
	if (rc == -ETIME)
		rc = lost(b, &before);
	wait_reason_end(&before);
	return rc == -EINTR && signals_received() ? 0 : rc;
}

static void render(struct bench *b)
{
	struct writer *w = b->inv->out;
	struct latency latency;
	uint64_t clock = latency_clock();

	latency_summarize(b->samples, b->done, clock, &latency);
	writer_document(w, b->inv->command->name);
	writer_string(w, "raised_by", "", b->assigns[0].text);
	writer_number(w, "vector", ", vector ", b->inv->options.vector);
	writer_number(w, "count", ": ", b->done);
	writer_bool(w, "spins", NULL, b->inv->options.spins);
	writer_text(w, " interrupts%s", b->inv->options.spins ? ", asked for again and again" : "");
	writer_line(w);
	bench_write_latency(w, "interrupt", "interrupt", &latency);
	bench_write_conditions(w, &b->inv->ctx, clock);
}

static int write_files(struct bench *b)
{
	/* sorted by render() */
	const struct bench_times times = { "interrupt", b->samples, b->done };
	char title[256];

	snprintf(title, sizeof(title), "%s %.200s", b->device->name, b->assigns[0].text);
	return bench_write_files(b->inv, title, &times, 1);
}

static int measure(struct bench *b)
{
	int rc;

	signals_catch();
	rc = raise_all(b);
	if (rc == 0 && b->done > 0) {
		render(b);
		rc = write_files(b);
	}
	return signals_end(b->inv, false, rc);
}

static int prepare(struct bench *b)
{
	struct invocation *inv = b->inv;
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = assign_parse(inv->operands[i], &b->assigns[i], &inv->error);
	if (rc == 0)
		rc = registers_open(inv, SPACE_BAR, true, &b->device, &b->access);
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = access_resolve_assign(&b->access, &b->assigns[i], &b->resolved[i], &inv->error);
	return rc == 0 ? buffer_client_open(b->device, &b->client, &inv->error) : rc;
}

int bench_irq(struct invocation *inv)
{
	struct bench b = { .inv = inv };
	int rc;

	if (inv->dry_run)
		return error_set(&inv->error, ERROR_USAGE, "usage",
				 "what interrupts take is not known from a dry run");
	rc = bench_count(inv, INTERRUPTS, &b.count);
	if (rc == 0)
		rc = bench_check_files(inv);
	if (rc < 0)
		return rc;
	b.assigns = calloc(inv->operand_count, sizeof(*b.assigns));
	b.resolved = calloc(inv->operand_count, sizeof(*b.resolved));
	b.samples = calloc(b.count, sizeof(*b.samples));
	if (b.assigns && b.resolved && b.samples)
		rc = prepare(&b);
	else
		rc = error_errno(&inv->error, -ENOMEM, "starting");
	if (rc == 0)
		rc = measure(&b);
	buffer_client_close(b.client);
	registers_close(b.device, &b.access);
	free(b.samples);
	free(b.resolved);
	free(b.assigns);
	return rc;
}
