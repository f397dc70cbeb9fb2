// SPDX-License-Identifier: GPL-2.0-or-later
/* Times single accesses of a register, and makes percentiles of them. */
#include "core/access/latency.h"

#include <errno.h>
#include <stdlib.h>

#include "core/base/clock.h"

/* Enough for one of them to be undisturbed. */
#define CLOCK_LOOKS 1000

uint64_t latency_clock(void)
{
	uint64_t least = UINT64_MAX;

	for (unsigned int i = 0; i < CLOCK_LOOKS; i++) {
		uint64_t before = clock_ns();
		uint64_t took = clock_ns() - before;

		least = took < least ? took : least;
	}
	return least;
}

static int compare(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The least of SAMPLES, sorted, that PER_MILLE of them are not above: the nearest rank. */
static uint64_t percentile(const uint64_t *samples, uint64_t count, unsigned int per_mille)
{
	uint64_t rank = (count * per_mille + 999) / 1000;

	return samples[rank - 1];
}

static void fill_bins(const uint64_t *samples, uint64_t count, struct latency *l)
{
	uint64_t steps = LATENCY_BINS - 1;
	uint64_t step = (l->p99 - l->minimum + steps) / steps;
	uint64_t i = 0;

	l->bin_count = 0;
	step = step ? step : 1;
	for (uint64_t from = l->minimum; i < count; from += step) {
		bool is_last = from > l->p99;
		uint64_t to = is_last ? l->maximum : from + step - 1;
		uint64_t before = i;

		while (i < count && samples[i] <= to)
			i++;
		l->bins[l->bin_count].from = from;
		l->bins[l->bin_count].to = to;
		l->bins[l->bin_count].count = i - before;
		l->bin_count++;
	}
}

void latency_summarize(uint64_t *samples, uint64_t count, uint64_t clock, struct latency *latency)
{
	double sum = 0;

	for (uint64_t i = 0; i < count; i++) {
		samples[i] -= samples[i] < clock ? samples[i] : clock;
		sum += (double)samples[i];
	}
	qsort(samples, count, sizeof(*samples), compare);
	*latency = (struct latency){
		.minimum = samples[0],
		.median = percentile(samples, count, 500),
		.p90 = percentile(samples, count, 900),
		.p99 = percentile(samples, count, 990),
		.p999 = percentile(samples, count, 999),
		.maximum = samples[count - 1],
		.mean = sum / (double)count,
	};
	fill_bins(samples, count, latency);
}

/* One read, or a write (WROTE ns) and a read: READ ns in all. */
static int access_once(const struct target *target, const struct latency_config *config, uint64_t *wrote,
		       uint64_t *read, struct error *error)
{
	uint64_t start = clock_ns();
	uint64_t written = start;
	uint64_t value;
	uint64_t end;
	int rc = 0;

	if (config->writes) {
		rc = target_write(target, config->value, error);
		written = clock_ns();
	}
	if (rc == 0)
		rc = target_read(target, &value, error);
	end = clock_ns();
	*wrote = written - start;
	*read = end - start;
	return rc;
}

static int time_all(const struct target *target, const struct latency_config *config,
		    struct latency_result *result, struct error *error)
{
	uint64_t wrote;
	uint64_t read;
	int rc;

	/* it maps the region, and fills the caches */
	rc = access_once(target, config, &wrote, &read, error);
	for (result->count = 0; rc == 0 && result->count < config->count; result->count++) {
		if (config->stopped && config->stopped(config->data))
			break;
		rc = access_once(target, config, &wrote, &read, error);
		result->reads[result->count] = read;
		if (result->writes)
			result->writes[result->count] = wrote;
	}
	return rc;
}

int latency_measure(const struct target *target, const struct latency_config *config,
		    struct latency_result *result, struct error *error)
{
	int rc;

	*result = (struct latency_result){
		.clock = latency_clock(),
		.reads = calloc(config->count, sizeof(*result->reads)),
		.writes = config->writes ? calloc(config->count, sizeof(*result->writes)) : NULL,
	};
	if (result->reads && (result->writes || !config->writes))
		rc = time_all(target, config, result, error);
	else
		rc = error_errno(error, -ENOMEM, "%llu times", (unsigned long long)config->count);
	if (rc < 0 || result->count == 0)
		return rc;
	/* it is read once more where there are two accesses */
	latency_summarize(result->reads, result->count, config->writes ? 2 * result->clock : result->clock,
			  &result->read);
	if (config->writes)
		latency_summarize(result->writes, result->count, result->clock, &result->write);
	return 0;
}

void latency_result_free(struct latency_result *result)
{
	free(result->writes);
	free(result->reads);
}
