// SPDX-License-Identifier: GPL-2.0-or-later
/* link watch: looks again and again, and tells what changed and when. */
#include <errno.h>
#include <string.h>

#include "cli/cmd/link.h"
#include "cli/fields.h"
#include "cli/last_hour.h"
#include "cli/signals.h"
#include "cli/device.h"
#include "core/base/clock.h"

/* A state that the link was seen in. */
struct seen {
	double speed;
	unsigned int width; /* 0: down, or not known */
	bool is_flit; /* as it was the first time */
	const char *reason;
	uint64_t time; /* ns in it, in all */
	uint64_t samples;
};

#define SEEN_MAX 16

static const char not_known[] = "not known";
static const char gone[] = "the device is gone";
static const char silent[] = "the device does not answer";

struct watch {
	struct invocation *inv;
	const struct topology_node *node;
	struct seen seen[SEEN_MAX];
	size_t seen_count;
	uint64_t transitions;
	uint64_t samples;
	uint64_t start; /* ns */
	struct last_hour hour; /* transitions */
};

static bool is_same(const struct seen *a, const struct link *link)
{
	return a->reason == link->reason &&
	       (link->reason || (a->speed == link->speed && a->width == link->width));
}

/* The state's entry; the last one stands for all that had no room. */
static struct seen *find(struct watch *w, struct link *link)
{
	size_t i = 0;

	while (i < w->seen_count && !is_same(&w->seen[i], link))
		i++;
	if (i == SEEN_MAX)
		return &w->seen[SEEN_MAX - 1];
	if (i == w->seen_count) {
		if (!link->reason && link->width)
			link_flit_read(&w->inv->ctx, link);
		w->seen[w->seen_count++] = (struct seen){
			.speed = link->speed,
			.width = link->width,
			.is_flit = link->is_flit,
			.reason = link->reason,
		};
	}
	return &w->seen[i];
}

static void write_state(struct writer *out, const char *key, const char *label, const struct seen *s)
{
	if (s->reason)
		writer_null(out, key, label, s->reason);
	else if (s->width == 0)
		writer_null(out, key, label, "link down");
	else
		link_fields_rate(out, key, label, s->speed, s->width, s->is_flit);
}

/* -errno where nothing can be told any more. */
static int tell(struct watch *w, const struct seen *before, const struct seen *now)
{
	struct writer *out = w->inv->out;
	uint64_t us = (clock_ns() - w->start) / 1000;

	last_hour_hide(&w->hour);
	writer_document(out, w->inv->command->name);
	writer_number(out, "time_us", NULL, us);
	writer_text(out, "%11.6f ", (double)us / 1e6);
	if (before)
		write_state(out, "from", " ", before);
	else
		writer_null(out, "from", NULL, "the first look");
	write_state(out, "to", before ? " -> " : " ", now);
	writer_line(out);
	writer_document_end(out);
	return writer_flush(out);
}

static void tell_end(struct watch *w)
{
	struct writer *out = w->inv->out;

	writer_document(out, w->inv->command->name);
	writer_number(out, "samples", "samples ", w->samples);
	writer_number(out, "transitions", ", transitions ", w->transitions);
	writer_line(out);
	writer_array(out, "states");
	for (size_t i = 0; i < w->seen_count; i++) {
		writer_object(out, NULL);
		write_state(out, "state", "  ", &w->seen[i]);
		writer_number(out, "samples", ": samples ", w->seen[i].samples);
		writer_number(out, "time_us", NULL, w->seen[i].time / 1000);
		writer_text(out, ", %.3f s", (double)w->seen[i].time / 1e9);
		writer_line(out);
		writer_end(out);
	}
	writer_end(out);
	last_hour_write(out, &w->hour);
	writer_document_end(out);
}

static bool port_is_there(const struct watch *w)
{
	struct device *port;
	struct error ignored;

	if (!w->node->parent || device_open(&w->inv->ctx, &w->node->parent->address, &port, &ignored) < 0)
		return false;
	device_close(port);
	return true;
}

/* A device that falls off the bus may come back: that is what a watch is for, as long as the port above is there. */
static int lost(struct watch *w, const char *reason, int rc, struct link *link)
{
	if (!w->samples || !port_is_there(w))
		return rc;
	*link = (struct link){ .reason = reason, .verdict = LINK_UNKNOWN };
	w->inv->error = (struct error){ 0 };
	return 0;
}

static int look(struct watch *w, struct link *link)
{
	struct invocation *inv = w->inv;
	struct device *device;
	int rc = 0;

	if (device_open(&inv->ctx, &w->node->address, &device, &inv->error) < 0) {
		rc = error_set(&inv->error, ERROR_GONE, "device-gone", "%s: %s", w->node->name, gone);
		return lost(w, gone, rc, link);
	}
	rc = link_read(&inv->ctx, w->node, link, &inv->error);
	/* it had one: attributes that are gone for a moment are part of what is watched */
	if (rc < 0 && w->samples) {
		*link = (struct link){ .reason = not_known, .verdict = LINK_UNKNOWN };
		inv->error = (struct error){ 0 };
		rc = 0;
	}
	/* a speed without a width, or the other way round, is a link on its way down or up */
	if (rc == 0 && link->verdict == LINK_DOWN)
		link->speed = link->width = 0;
	if (rc == 0 && (link->verdict == LINK_DOWN || link->reason == FACT_NO_ANSWER) &&
	    !device_is_present(device))
		rc = lost(w, silent, device_gone(device, &inv->error), link);
	device_close(device);
	return rc;
}

/* What the last look saw. */
static int check_end(struct watch *w, const struct seen *last)
{
	if (!last || (last->reason != gone && last->reason != silent))
		return 0;
	return error_set(&w->inv->error, ERROR_GONE, "device-gone", "%s: %s", w->node->name, last->reason);
}

static int watch_loop(struct watch *w)
{
	const struct option_values *o = &w->inv->options;
	uint64_t end = signals_deadline(o, w->start);
	struct seen *before = NULL;
	uint64_t last = w->start;
	bool is_over = false;

	/* the last look is at the end */
	while (!signals_received()) {
		struct seen *now;
		struct link link;
		uint64_t time;
		int rc;

		rc = look(w, &link);
		if (rc < 0)
			return rc;
		now = find(w, &link);
		time = clock_ns();
		if (before)
			before->time += time - last;
		last = time;
		now->samples++;
		w->samples++;
		w->transitions += before && now != before;
		last_hour_add(&w->hour, before && now != before);
		if (now != before && tell(w, before, now) < 0)
			break;
		before = now;
		if (is_over)
			break;
		is_over = !signals_sleep(o->interval, end);
	}
	return check_end(w, before);
}

int link_watch(struct invocation *inv)
{
	struct watch w = { .inv = inv };
	struct topology *topology = NULL;
	struct topology_node *node = NULL;
	int rc;

	rc = link_select(inv, &topology, &node);
	if (rc < 0)
		return rc;
	w.node = node;
	w.start = clock_ns();
	last_hour_begin(&w.hour, inv->verbosity);
	signals_catch();
	rc = watch_loop(&w);
	last_hour_hide(&w.hour);
	if (w.samples)
		tell_end(&w);
	topology_free(topology);
	return signals_end(inv, true, rc);
}
