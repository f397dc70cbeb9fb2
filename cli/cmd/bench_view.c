// SPDX-License-Identifier: GPL-2.0-or-later
/* What the verbs of bench show: percentiles, a histogram, the processor's state. */
#include "cli/cmd/bench.h"

#include "cli/fields.h"
#include "core/kernel/cpu.h"

/* Of the longest bar of a histogram. */
#define BAR_WIDTH 40

static void write_bins(struct writer *w, const struct latency *l)
{
	uint64_t most = 1;

	for (unsigned int i = 0; i < l->bin_count; i++)
		most = l->bins[i].count > most ? l->bins[i].count : most;
	writer_array(w, "histogram");
	for (unsigned int i = 0; i < l->bin_count; i++) {
		uint64_t count = l->bins[i].count;
		int width = (int)((count * BAR_WIDTH + most - 1) / most);

		writer_object(w, NULL);
		writer_column(w, FIELDS_COLUMN);
		writer_number(w, "from_ns", "", l->bins[i].from);
		writer_number(w, "to_ns", "..", l->bins[i].to);
		writer_column(w, FIELDS_COLUMN + 18);
		writer_number(w, "count", " ", count);
		if (width > 0) {
			writer_column(w, FIELDS_COLUMN + 28);
			writer_text(w, " %.*s", width, "########################################");
		}
		writer_line(w);
		writer_end(w);
	}
	writer_end(w);
}

void bench_write_latency(struct writer *w, const char *key, const char *label, const struct latency *l)
{
	writer_object(w, key);
	writer_text(w, "%s", label);
	writer_column(w, FIELDS_COLUMN);
	writer_number(w, "minimum_ns", "min ", l->minimum);
	writer_number(w, "median_ns", ", median ", l->median);
	writer_real(w, "mean_ns", NULL, l->mean);
	writer_number(w, "p90_ns", ", 90% ", l->p90);
	writer_number(w, "p99_ns", ", 99% ", l->p99);
	writer_number(w, "p99_9_ns", ", 99.9% ", l->p999);
	writer_number(w, "maximum_ns", ", max ", l->maximum);
	writer_text(w, " ns");
	writer_line(w);
	write_bins(w, l);
	writer_end(w);
}

void bench_write_processor(struct writer *w, const struct context *ctx)
{
	struct cpu_state cpu;

	cpu_state_read(ctx, &cpu);
	writer_text(w, "processor");
	writer_column(w, FIELDS_COLUMN);
	field_number(w, "cpu", "CPU ", &cpu.cpu);
	field_text(w, "governor", ", governor ", &cpu.governor);
	field_text(w, "idle_driver", ", idle driver ", &cpu.idle);
	writer_line(w);
}

void bench_write_conditions(struct writer *w, const struct context *ctx, uint64_t clock)
{
	bench_write_processor(w, ctx);
	writer_text(w, "clock");
	writer_column(w, FIELDS_COLUMN);
	writer_number(w, "clock_ns", "", clock);
	writer_text(w, " ns taken off");
	writer_line(w);
}

int bench_count(struct invocation *inv, uint64_t fallback, uint64_t *count)
{
	const struct option_values *o = &inv->options;

	*count = o->has_accesses ? o->accesses : fallback;
	if (*count == 0 || *count > LATENCY_COUNT_MAX)
		return error_set(&inv->error, ERROR_USAGE, "usage", "--count is 1 to %u", LATENCY_COUNT_MAX);
	return 0;
}
