// SPDX-License-Identifier: GPL-2.0-or-later
/* link margin: what the receivers of a link offer, and how far each lane's sampling point moves. */
#include <stdio.h>
#include <string.h>

#include "cli/cmd/link.h"
#include "cli/cmd/link_margin.h"
#include "cli/device.h"
#include "cli/fields.h"
#include "cli/signals.h"
#include "core/base/number.h"
#include "core/fabric/link_margin.h"

struct margining {
	struct invocation *inv;
	struct link_margin *link;
	struct margin_plan plan;
	bool measures;
	unsigned int first_lane;
	unsigned int lanes; /* from there on; 1 where only what is offered is asked */
};

static const char *const direction_names[] = {
	[MARGIN_LEFT] = "left",
	[MARGIN_RIGHT] = "right",
	[MARGIN_UP] = "up",
	[MARGIN_DOWN] = "down",
};

static const char *const outcome_names[] = {
	[MARGIN_AT_END] = "at-end",
	[MARGIN_ERRED] = "erred",
	[MARGIN_REFUSED] = "refused",
};

static const char not_reported[] = "the receiver does not say how far that is";

static bool is_timing(enum margin_direction direction)
{
	return direction == MARGIN_LEFT || direction == MARGIN_RIGHT;
}

/* --- what is offered ------------------------------------------------------------------------------- */

static void write_reach(struct writer *w, const char *key, unsigned int reach, unsigned int unit,
			const char *unit_name)
{
	if (!reach) {
		writer_null(w, key, NULL, not_reported);
		return;
	}
	writer_number(w, key, " to ", (uint64_t)reach * unit);
	writer_text(w, "%s", unit_name);
}

static void write_offer(struct writer *w, const struct margin_offer *offer)
{
	writer_object(w, "offer");
	writer_number(w, "timing_steps", ": timing ", offer->timing_steps);
	writer_text(w, " steps");
	write_reach(w, "timing_reach_percent_ui", offer->timing_reach, 1, "% UI");
	writer_bool(w, "left_right", NULL, offer->has_left_right);
	writer_text(w, "%s", offer->has_left_right ? ", left and right" : ", both sides at once");
	if (offer->has_voltage) {
		writer_number(w, "voltage_steps", "; voltage ", offer->voltage_steps);
		writer_text(w, " steps");
		write_reach(w, "voltage_reach_mv", offer->voltage_reach, 10, " mV");
		writer_bool(w, "up_down", NULL, offer->has_up_down);
		writer_text(w, "%s", offer->has_up_down ? ", up and down" : ", both sides at once");
	} else {
		writer_null(w, "voltage_steps", NULL, "no voltage margining");
		writer_text(w, "; no voltage");
	}
	writer_bool(w, "own_sampler", NULL, offer->has_own_sampler);
	writer_text(w, "%s", offer->has_own_sampler ? "" : "; disturbs the data");
	writer_end(w);
	writer_line(w);
}

/* --- what is measured ------------------------------------------------------------------------------ */

static bool is_measured(const struct margin_offer *offer, enum margin_direction direction)
{
	switch (direction) {
	case MARGIN_LEFT:
		return offer->timing_steps > 0;
	case MARGIN_RIGHT:
		return offer->timing_steps > 0 && offer->has_left_right;
	case MARGIN_UP:
		return offer->has_voltage && offer->voltage_steps > 0;
	default:
		return offer->has_voltage && offer->voltage_steps > 0 && offer->has_up_down;
	}
}

static void write_distance(struct writer *w, const struct margin_offer *offer,
			   enum margin_direction direction, unsigned int steps)
{
	bool timing = is_timing(direction);
	unsigned int reach = timing ? offer->timing_reach : 10 * offer->voltage_reach;
	unsigned int all = timing ? offer->timing_steps : offer->voltage_steps;
	const char *key = timing ? "percent_ui" : "mv";
	unsigned int tenths;

	if (!reach) {
		writer_null(w, key, NULL, not_reported);
		return;
	}
	/* to a tenth: no receiver is that exact */
	tenths = (20 * steps * reach + all) / (2 * all);
	writer_real(w, key, ", ", tenths / 10.0);
	writer_text(w, "%s", timing ? "% UI" : " mV");
}

static void write_result(struct writer *w, const struct margin_offer *offer, enum margin_direction direction,
			 const struct margin_result *result)
{
	bool timing = is_timing(direction);
	unsigned int all = timing ? offer->timing_steps : offer->voltage_steps;

	writer_object(w, NULL);
	writer_string(w, "direction", "    ", direction_names[direction]);
	writer_column(w, 11);
	writer_number(w, "steps", NULL, result->steps);
	writer_text(w, "%u of %u steps", result->steps, all);
	write_distance(w, offer, direction, result->steps);
	writer_number(w, "errors", ", errors ", result->errors);
	writer_string(w, "outcome", NULL, outcome_names[result->outcome]);
	if (result->outcome == MARGIN_REFUSED)
		writer_text(w, ", refused the next");
	writer_end(w);
	writer_line(w);
}

static int measure_lane(struct margining *m, unsigned int receiver, const struct margin_offer *offer,
			unsigned int lane)
{
	unsigned int moved[MARGIN_DIRECTIONS] = { 0 };
	struct writer *w = m->inv->out;
	int rc = 0;

	writer_object(w, NULL);
	writer_number(w, "lane", "  lane ", lane);
	writer_line(w);
	writer_array(w, "margins");
	for (enum margin_direction d = 0; rc == 0 && d < MARGIN_DIRECTIONS; d++) {
		unsigned int steps = is_timing(d) ? offer->timing_steps : offer->voltage_steps;
		struct margin_result result;

		if (!is_measured(offer, d)) {
			/* left and up stand for both */
			moved[d] = d == MARGIN_RIGHT || d == MARGIN_DOWN ? moved[d - 1] : 0;
			continue;
		}
		rc = link_margin_measure(m->link, receiver, lane, d, steps, &m->plan, &result,
					 &m->inv->error);
		if (rc == 0) {
			moved[d] = result.steps;
			write_result(w, offer, d, &result);
		}
		/* each takes as long as its steps */
		writer_flush(w);
	}
	if (rc < 0)
		return rc;
	if (m->inv->options.draws)
		link_margin_draw_eye(w, offer, moved);
	writer_end(w);
	writer_end(w);
	return 0;
}

static int check_sampler(const struct margining *m, unsigned int receiver, const struct margin_offer *offer)
{
	int rc;

	if (!m->measures || offer->has_own_sampler || m->inv->ctx.force)
		return 0;
	rc = error_set(
		&m->inv->error, ERROR_DENIED, "disturbs",
		"%s: receiver %u has no sampler of its own: what it errs while it is margined are errors "
		"in the data",
		link_margin_device(m->link, receiver), receiver);
	error_hint(&m->inv->error, "the link repeats what is lost, and may retrain; --force goes ahead, "
				   "--receiver N leaves it out");
	return rc;
}

static int do_receiver(struct margining *m, unsigned int receiver)
{
	struct writer *w = m->inv->out;
	struct margin_offer offer;
	int rc;

	rc = link_margin_offer(m->link, receiver, m->first_lane, &offer, &m->inv->error);
	if (rc < 0)
		return rc;
	write_offer(w, &offer);
	rc = check_sampler(m, receiver, &offer);
	if (rc < 0 || !m->measures)
		return rc;
	writer_array(w, "lanes");
	for (unsigned int i = 0; rc == 0 && i < m->lanes; i++)
		rc = measure_lane(m, receiver, &offer, m->first_lane + i);
	if (rc == 0)
		writer_end(w);
	return rc;
}

/* One that is not there is told of when it was asked for, or ought to be: the link's two ends. */
static int receiver(struct margining *m, unsigned int number)
{
	const struct option_values *o = &m->inv->options;
	const char *absent = link_margin_absent(m->link, number);
	struct writer *w = m->inv->out;
	int rc = 0;

	if (o->has_receiver && o->receiver != number)
		return 0;
	if (absent && o->has_receiver)
		return error_set(&m->inv->error, ERROR_UNSUPPORTED, "no-receiver", "%s: receiver %u: %s",
				 link_margin_device(m->link, number), number, absent);
	if (absent && number > 1 && number < MARGIN_RECEIVERS)
		return 0;
	writer_object(w, NULL);
	writer_number(w, "receiver", "receiver ", number);
	writer_string(w, "device", ", of ", link_margin_device(m->link, number));
	if (absent) {
		writer_null(w, "offer", ": ", absent);
		writer_line(w);
	} else {
		rc = do_receiver(m, number);
	}
	if (rc == 0)
		writer_end(w);
	return rc;
}

/* --- the command ----------------------------------------------------------------------------------- */

static int parse_options(struct margining *m)
{
	const struct option_values *o = &m->inv->options;
	struct error *error = &m->inv->error;
	uint64_t lane;

	if (o->has_receiver && (o->receiver < 1 || o->receiver > MARGIN_RECEIVERS))
		return error_set(error, ERROR_USAGE, "bad-option", "--receiver: a receiver is 1 to %d",
				 MARGIN_RECEIVERS);
	if (o->has_error_limit && o->error_limit > MARGIN_ERROR_LIMIT_MAX)
		return error_set(error, ERROR_USAGE, "bad-option", "--error-limit: it is 0 to %d",
				 MARGIN_ERROR_LIMIT_MAX);
	if (o->draws && (!o->lane || m->inv->json))
		return error_set(error, ERROR_USAGE, "usage",
				 o->lane ? "--plot draws, and is no JSON"
					 : "--plot draws what --lane measures");
	m->measures = o->lane;
	m->plan.dwell = o->dwell;
	m->plan.error_limit = o->has_error_limit ? (unsigned int)o->error_limit : MARGIN_ERROR_LIMIT;
	m->plan.stopped = signals_stopped;
	if (!o->lane || strcmp(o->lane, "all") == 0)
		return 0;
	if (number_parse(o->lane, &lane, error) < 0 || lane > 31)
		return error_set(error, ERROR_USAGE, "bad-option",
				 "--lane: '%.20s' is neither a lane nor 'all'", o->lane);
	m->first_lane = (unsigned int)lane;
	return 0;
}

static int margin(struct margining *m, const struct link *link)
{
	struct writer *w = m->inv->out;
	int rc = 0;

	if (m->inv->options.lane && strcmp(m->inv->options.lane, "all") == 0)
		m->lanes = link_margin_width(m->link);
	else
		m->lanes = 1;
	writer_document(w, m->inv->command->name);
	writer_bool(w, "dry_run", NULL, false);
	writer_string(w, "up", "", link->up->name);
	writer_string(w, "down", " -> ", link->down->name);
	link_fields_rate(w, "now", ": ", link_margin_speed(m->link), link_margin_width(m->link),
			 link->is_flit);
	writer_line(w);
	writer_array(w, "receivers");
	for (unsigned int i = 1; rc == 0 && i <= MARGIN_RECEIVERS; i++)
		rc = receiver(m, i);
	if (rc == 0)
		writer_end(w);
	return rc;
}

static void show_dry_run(struct invocation *inv, const struct link *link)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, true);
	writer_string(w, "up", "", link->up ? link->up->name : "");
	writer_string(w, "down", " -> ", link->down ? link->down->name : "");
	writer_text(w, ": would %s", inv->options.lane ? "margin it" : "ask its receivers what they offer");
	writer_line(w);
}

/* Closes what was opened; the first failure is the one that is told. */
static int finish(struct margining *m, int rc)
{
	struct error error = { 0 };
	int closed = link_margin_close(m->link, &error);

	if (rc == 0 && closed < 0)
		m->inv->error = error;
	return rc == 0 ? closed : rc;
}

int link_margin(struct invocation *inv)
{
	struct margining m = { .inv = inv };
	struct topology *topology = NULL;
	struct topology_node *node = NULL;
	struct link link;
	int rc;

	rc = parse_options(&m);
	if (rc < 0)
		return rc;
	rc = link_select(inv, &topology, &node);
	if (rc < 0)
		return rc;
	rc = link_read(&inv->ctx, node, &link, &inv->error);
	if (rc < 0)
		goto out_free;
	link_flit_read(&inv->ctx, &link);
	if (inv->dry_run) {
		show_dry_run(inv, &link);
		goto out_free;
	}
	signals_catch();
	rc = link_margin_open(&inv->ctx, &link, inv->options.timeout, &m.link, &inv->error);
	if (rc == 0) {
		rc = margin(&m, &link);
		rc = finish(&m, rc);
	}
	rc = signals_end(inv, false, rc);
out_free:
	topology_free(topology);
	return rc;
}
