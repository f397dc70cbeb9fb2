// SPDX-License-Identifier: GPL-2.0-or-later
/* aer watch: what is added to the kernel's counters, and how fast. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd/aer.h"
#include "cli/cmd/link.h"
#include "cli/last_hour.h"
#include "cli/signals.h"
#include "cli/device.h"
#include "core/fabric/aer.h"
#include "core/fabric/aer_counters.h"
#include "core/pci/power.h"
#include "core/base/clock.h"

struct watched {
	const struct topology_node *node;
	struct aer_counters before;
	uint64_t added[AER_SEVERITIES];
	bool is_gone;
};

struct watch {
	struct invocation *inv;
	struct watched *devices;
	size_t count;
	uint64_t start; /* ns */
	uint64_t last;
	struct last_hour hour; /* errors, of all devices */
};

static bool read_counters(const struct watch *w, const struct watched *d, struct aer_counters *counters)
{
	struct device *device;
	struct error ignored;

	if (device_open(&w->inv->ctx, &d->node->address, &device, &ignored) < 0)
		return false;
	aer_counters_read(device, counters);
	device_close(device);
	return true;
}

static int gone(struct watch *w, const struct watched *d)
{
	return error_set(&w->inv->error, ERROR_GONE, "device-gone", "%s: the device is gone", d->node->name);
}

static void tell(struct watch *w, const struct watched *d, enum aer_severity severity,
		 const struct aer_count *now, uint64_t added, uint64_t time)
{
	double seconds = (double)(time - w->last) / 1e9;
	uint64_t us = (time - w->start) / 1000;
	struct writer *out = w->inv->out;
	char type[AER_NAME_SIZE];

	aer_type_name(now->name, type);
	last_hour_hide(&w->hour);
	writer_document(out, w->inv->command->name);
	writer_number(out, "time_us", NULL, us);
	writer_text(out, "%11.6f ", (double)us / 1e6);
	writer_string(out, "address", "", d->node->name);
	writer_string(out, "severity", " ", aer_severity_name(severity));
	writer_string(out, "type", " ", type);
	writer_number(out, "added", " +", added);
	writer_number(out, "count", ", now ", now->count);
	writer_real(out, "per_second", ", ", seconds > 0 ? (double)added / seconds : 0);
	writer_text(out, "/s");
	writer_line(out);
	writer_document_end(out);
}

static uint64_t count_of(const struct aer_counts *counts, const char *name)
{
	for (unsigned int i = 0; i < counts->type_count; i++) {
		if (strcmp(counts->types[i].name, name) == 0)
			return counts->types[i].count;
	}
	return 0;
}

/* Counters start anew when a device is found anew. */
static void compare(struct watch *w, struct watched *d, const struct aer_counters *now, uint64_t time)
{
	for (unsigned int s = 0; s < AER_SEVERITIES; s++) {
		const struct aer_counts *counts = &now->counts[s];

		for (unsigned int i = 0; !counts->reason && i < counts->type_count; i++) {
			uint64_t before = count_of(&d->before.counts[s], counts->types[i].name);
			uint64_t added = counts->types[i].count >= before ? counts->types[i].count - before
									  : counts->types[i].count;

			if (!added)
				continue;
			d->added[s] += added;
			last_hour_add(&w->hour, added);
			tell(w, d, s, &counts->types[i], added, time);
		}
	}
	d->before = *now;
}

static void tell_end(struct watch *w)
{
	double seconds = (double)(clock_ns() - w->start) / 1e9;
	struct writer *out = w->inv->out;
	unsigned int shown = 0;

	writer_document(out, w->inv->command->name);
	writer_real(out, "seconds", NULL, seconds);
	writer_array(out, "devices");
	for (size_t i = 0; i < w->count; i++) {
		const struct watched *d = &w->devices[i];
		bool any = d->added[0] || d->added[1] || d->added[2];

		writer_object(out, NULL);
		writer_string(out, "address", any ? "" : NULL, d->node->name);
		for (unsigned int s = 0; s < AER_SEVERITIES; s++) {
			char label[24];

			snprintf(label, sizeof(label), " %s +", aer_severity_name(s));
			if (d->before.counts[s].reason)
				writer_null(out, aer_severity_name(s), NULL, d->before.counts[s].reason);
			else
				writer_number(out, aer_severity_name(s), any ? label : NULL, d->added[s]);
		}
		if (any)
			writer_line(out);
		shown += any;
		writer_end(out);
	}
	writer_end(out);
	if (!shown) {
		writer_text(out, "%zu devices, %.1f s: no errors were counted", w->count, seconds);
		writer_line(out);
	}
	last_hour_write(out, &w->hour);
	writer_document_end(out);
}

/* One that goes away may come back, and what the others say of it is what is watched for. */
static void look(struct watch *w, struct watched *d, uint64_t time)
{
	const struct context *ctx = &w->inv->ctx;
	struct aer_counters now;

	if (!read_counters(w, d, &now)) {
		last_hour_hide(&w->hour);
		if (!d->is_gone)
			context_log(ctx, LOG_WARN, "%s: the device is gone", d->node->name);
		d->is_gone = true;
		return;
	}
	if (d->is_gone) {
		last_hour_hide(&w->hour);
		context_log(ctx, LOG_WARN, "%s: the device is back, its counters are new", d->node->name);
		d->before = (struct aer_counters){ 0 };
		d->is_gone = false;
	}
	compare(w, d, &now, time);
}

static void watch_loop(struct watch *w)
{
	const struct option_values *o = &w->inv->options;
	uint64_t end = signals_deadline(o, w->start);
	bool is_over = false;

	/* the last look is at the end */
	while (!signals_received() && !is_over) {
		uint64_t time;

		is_over = !signals_sleep(o->interval, end);
		time = clock_ns();
		for (size_t i = 0; i < w->count; i++)
			look(w, &w->devices[i], time);
		w->last = time;
		last_hour_add(&w->hour, 0);
		/* where nothing can be told there is nothing to watch for */
		if (writer_flush(w->inv->out) < 0)
			break;
	}
}

/* Where the kernel does not handle errors, there may be any number of them. */
static void warn_of_owner(const struct watch *w, const struct topology_node *node)
{
	while (node->parent)
		node = node->parent;
	if (aer_owner_below(&w->inv->ctx, node) == AER_OWNER_NOT_KERNEL)
		context_log(&w->inv->ctx, LOG_WARN, "%s: %s: nothing is counted", node->name,
			    AER_NOT_HANDLED);
}

static void warn_of_end(const struct watch *w, const struct aer_end *end)
{
	struct aer_state state;
	char names[64] = "";
	size_t length = 0;

	aer_end_read(end, &state);
	if (state.reporting.reason)
		return;
	for (unsigned int i = 0; i < AER_SEVERITIES; i++) {
		if (state.reporting.is_unreported[i])
			length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s",
						   length ? ", " : "", aer_severity_name(i));
	}
	if (length)
		context_log(&w->inv->ctx, LOG_WARN,
			    "%s: %s errors are not reported (Device Control): none is counted",
			    end->node->name, names);
}

/* What an end of the link keeps to itself may happen any number of times. */
static void warn_of_unreported(const struct watch *w, const struct topology_node *node)
{
	struct aer_end ends[2];
	struct error ignored;
	unsigned int count = 0;

	if (aer_ends_open(&w->inv->ctx, node, ends, &count, &ignored) < 0)
		return;
	for (unsigned int i = 0; i < count; i++)
		warn_of_end(w, &ends[i]);
	aer_ends_close(ends, count);
}

static bool keeps_errors(const struct watch *w, const struct topology_node *node)
{
	struct aer_reporting reporting = { .reason = LINK_STATE_SUSPENDED };
	struct device *device;
	struct error ignored;
	bool keeps;

	/* a virtual function's are its physical one's, which is watched too */
	if (topology_is_virtual(&w->inv->ctx, node) ||
	    device_open(&w->inv->ctx, &node->address, &device, &ignored) < 0)
		return false;
	if (!power_is_asleep(device))
		aer_reporting_read(device, &reporting);
	keeps = aer_reporting_lacks(&reporting);
	device_close(device);
	return keeps;
}

/* The same of a whole machine, in a line. */
static void warn_of_all(const struct watch *w)
{
	unsigned int count = 0;

	for (size_t i = 0; i < w->count; i++)
		count += keeps_errors(w, w->devices[i].node);
	if (count)
		context_log(&w->inv->ctx, LOG_WARN,
			    "%u device%s not report all errors (Device Control): those are not counted; "
			    "'pcietool aer show --all' says which",
			    count, count == 1 ? " does" : "s do");
}

/* A first look; a device that the kernel counts nothing for is an error only when it was selected. */
static int begin(struct watch *w, const struct topology_node *node, bool must_count)
{
	struct watched *d = &w->devices[w->count];
	int rc;

	d->node = node;
	if (!read_counters(w, d, &d->before))
		return must_count ? gone(w, d) : 0;
	if (!d->before.counts[AER_CORRECTABLE].reason) {
		w->count++;
		return 0;
	}
	if (!must_count)
		return 0;
	rc = error_set(&w->inv->error, ERROR_UNSUPPORTED, "no-counters", "%s: %s", node->name,
		       d->before.counts[AER_CORRECTABLE].reason);
	error_hint(&w->inv->error,
		   "it needs the AER capability, and a kernel that handles errors itself (CONFIG_PCIEAER)");
	return rc;
}

int aer_watch(struct invocation *inv)
{
	struct watch w = { .inv = inv };
	struct topology *topology = NULL;
	struct topology_node *node = NULL;
	const struct watched *last;
	int rc;

	rc = inv->selected ? link_select(inv, &topology, &node)
			   : topology_read(&inv->ctx, &topology, &inv->error);
	if (rc < 0)
		return rc;
	w.devices = calloc(topology->count + 2, sizeof(*w.devices));
	if (!w.devices)
		rc = error_errno(&inv->error, -ENOMEM, "starting");
	if (rc == 0 && node && node->parent)
		rc = begin(&w, node->parent, false);
	if (rc == 0 && node)
		rc = begin(&w, node, true);
	for (size_t i = 0; rc == 0 && !node && i < topology->count; i++)
		rc = begin(&w, &topology->nodes[i], false);
	if (rc == 0) {
		if (node) {
			warn_of_owner(&w, node);
			warn_of_unreported(&w, node);
		} else {
			warn_of_all(&w);
		}
		w.start = w.last = clock_ns();
		last_hour_begin(&w.hour, inv->verbosity);
		signals_catch();
		watch_loop(&w);
		last_hour_hide(&w.hour);
		tell_end(&w);
		last = node ? &w.devices[w.count - 1] : NULL;
		rc = signals_end(inv, true, last && last->is_gone ? gone(&w, last) : 0);
	}
	free(w.devices);
	topology_free(topology);
	return rc;
}
