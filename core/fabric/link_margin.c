// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands to a receiver and its answers, and a link that stays as it is meanwhile. */
#include "core/fabric/link_margin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/config/map.h"

#define POLL_NS 1000000u

/* Margin Type, table 4-26 */
enum margin_type {
	TYPE_REPORT = 1,
	TYPE_SET = 2,
	TYPE_TIMING = 3,
	TYPE_VOLTAGE = 4,
	TYPE_NONE = 7,
};

/* Margin Payload of the first two and the last, table 4-27 */
enum margin_payload {
	REPORT_CAPABILITIES = 0x88,
	REPORT_VOLTAGE_STEPS = 0x89,
	REPORT_TIMING_STEPS = 0x8a,
	REPORT_TIMING_REACH = 0x8b,
	REPORT_VOLTAGE_REACH = 0x8c,
	SET_NORMAL = 0x0f,
	SET_CLEAR_ERRORS = 0x55,
	SET_ERROR_LIMIT = 0xc0, /* and the limit */
	PAYLOAD_NONE = 0x9c,
};

/* Step Margin Execution Status, the upper two bits of a step's answer; below it MErrorCount, table 4-28 */
enum margin_status {
	STATUS_TOO_MANY_ERRORS = 0,
	STATUS_SETTING_UP = 1,
	STATUS_MARGINING = 2,
	STATUS_NAK = 3,
};

#define TIMING_LEFT 0x40
#define VOLTAGE_DOWN 0x80

struct end {
	struct device *device;
	struct config_map *map;
	/* registers before they were changed; only those of which is_changed says so */
	uint64_t old[3];
	bool is_changed[3];
	const char *absent; /* why it takes no margining commands; NULL: it does */
};

struct link_margin {
	struct end up; /* the port: receivers 1 to 5 */
	struct end down; /* function 0 of the device: receiver 6 */
	unsigned int retimers;
	unsigned int speed; /* generation */
	unsigned int width;
	uint64_t timeout; /* ns */
};

/* In the order in which they are changed; the first is what lets the link sleep. */
static const struct {
	const char *name;
	unsigned int value;
} quiet[] = {
	{ "EXP.LNKCTL.ASPM", 0 },
	{ "EXP.LNKCTL.AUTO_WIDTH_DISABLE", 1 },
	{ "EXP.LNKCTL2.AUTO_SPEED_DISABLE", 1 },
};

#define QUIET_FIELDS (sizeof(quiet) / sizeof(quiet[0]))

static uint64_t value(const struct end *end, const char *name)
{
	struct config_value_of v;

	config_value_read(end->map, end->device, name, &v);
	return v.reason ? 0 : v.value;
}

/* --- a quiet link ---------------------------------------------------------------------------------- */

static int end_quieten(struct end *end, struct error *error)
{
	for (unsigned int i = 0; i < QUIET_FIELDS; i++) {
		int rc;

		if (value(end, quiet[i].name) == quiet[i].value)
			continue;
		rc = config_value_write(end->map, end->device, quiet[i].name, quiet[i].value, &end->old[i],
					error);
		if (rc < 0)
			return rc;
		end->is_changed[i] = true;
	}
	return 0;
}

static int end_restore(struct end *end, struct error *error)
{
	int first = 0;

	for (unsigned int i = QUIET_FIELDS; i-- > 0;) {
		struct error ignored;
		int rc;

		if (!end->is_changed[i])
			continue;
		rc = config_value_undo(end->map, end->device, quiet[i].name, end->old[i],
				       first ? &ignored : error);
		if (rc < 0 && first == 0)
			first = rc;
		end->is_changed[i] = false;
	}
	return first;
}

/* ASPM is turned off in the component below first, and on in the one above: PCIe 5.0 section 7.5.3.7. */
static int restore(struct link_margin *m, struct error *error)
{
	struct error ignored;
	int rc = end_restore(&m->up, error);
	int below = end_restore(&m->down, rc < 0 ? &ignored : error);

	return rc < 0 ? rc : below;
}

/* --- both ends ------------------------------------------------------------------------------------- */

static const char *why_absent(const struct end *end)
{
	struct config_value_of ready;

	config_value_read(end->map, end->device, "LMR.PORT_STATUS.READY", &ready);
	if (ready.reason)
		return ready.reason;
	if (ready.value)
		return NULL;
	return value(end, "LMR.PORT_CAP.DRIVER") ? "it wants its driver's software for margining"
						 : "not ready";
}

static int end_open(const struct context *ctx, const struct topology_node *node, struct end *end,
		    struct error *error)
{
	int rc = device_open(ctx, &node->address, &end->device, error);

	if (rc == 0)
		rc = config_map_make(end->device, &end->map, error);
	if (rc < 0)
		return rc;
	if (!device_is_present(end->device))
		return device_gone(end->device, error);
	if (value(end, "PM.PMCSR.STATE")) {
		rc = error_set(error, ERROR_UNSUPPORTED, "asleep", "%s: it is not in D0", end->device->name);
		error_hint(error, "'pcietool -s %s power on' keeps it awake", end->device->name);
		return rc;
	}
	end->absent = why_absent(end);
	return 0;
}

static void end_close(struct end *end)
{
	config_map_free(end->map);
	device_close(end->device);
}

static int check_link(struct link_margin *m, struct error *error)
{
	double rate;

	m->speed = (unsigned int)value(&m->up, "EXP.LNKSTA.SPEED");
	m->width = (unsigned int)value(&m->up, "EXP.LNKSTA.WIDTH");
	m->retimers = value(&m->up, "EXP.LNKSTA2.TWO_RETIMERS") ? 2
		      : value(&m->up, "EXP.LNKSTA2.RETIMER")	? 1
								: 0;
	if (m->speed == 4 || m->speed == 5)
		return 0;
	rate = link_generation_speed(m->speed);
	if (rate <= 0)
		return error_set(error, ERROR_UNSUPPORTED, "speed", "%s: the speed of the link is not known",
				 m->up.device->name);
	if (rate > 32)
		return error_set(error, ERROR_UNSUPPORTED, "speed",
				 "%s: the link runs at %gGT/s; margining is known here for 16 and 32",
				 m->up.device->name, rate);
	return error_set(error, ERROR_UNSUPPORTED, "speed",
			 "%s: the link runs at %gGT/s; receivers can be margined from 16GT/s on",
			 m->up.device->name, rate);
}

int link_margin_open(const struct context *ctx, const struct link *link, uint64_t timeout,
		     struct link_margin **margin, struct error *error)
{
	struct link_margin *m;
	int rc;

	if (!link->up || !link->down)
		return error_set(error, ERROR_UNSUPPORTED, "no-end",
				 "%s: the other end of the link is not seen",
				 link->up ? link->up->name : link->down->name);
	m = calloc(1, sizeof(*m));
	if (!m)
		return error_errno(error, -ENOMEM, "%s", link->up->name);
	m->timeout = timeout;
	rc = end_open(ctx, link->up, &m->up, error);
	if (rc == 0)
		rc = end_open(ctx, link->down, &m->down, error);
	if (rc == 0)
		rc = check_link(m, error);
	if (rc < 0)
		goto err_close;
	rc = end_quieten(&m->down, error);
	if (rc == 0)
		rc = end_quieten(&m->up, error);
	if (rc < 0)
		goto err_restore;
	*margin = m;
	return 0;

err_restore : {
	struct error ignored;

	restore(m, &ignored);
}
err_close:
	end_close(&m->down);
	end_close(&m->up);
	free(m);
	return rc;
}

int link_margin_close(struct link_margin *m, struct error *error)
{
	int rc;

	if (!m)
		return 0;
	rc = restore(m, error);
	end_close(&m->down);
	end_close(&m->up);
	free(m);
	return rc;
}

unsigned int link_margin_width(const struct link_margin *m)
{
	return m->width;
}

double link_margin_speed(const struct link_margin *m)
{
	return link_generation_speed(m->speed);
}

static const struct end *end_of(const struct link_margin *m, unsigned int receiver)
{
	return receiver == MARGIN_RECEIVERS ? &m->down : &m->up;
}

const char *link_margin_absent(const struct link_margin *m, unsigned int receiver)
{
	/* the first retimer has receivers 2 and 3, the second one 4 and 5 */
	if (receiver > 1 && receiver < MARGIN_RECEIVERS && receiver / 2 > m->retimers)
		return "there is no such retimer";
	return end_of(m, receiver)->absent;
}

const char *link_margin_device(const struct link_margin *m, unsigned int receiver)
{
	return end_of(m, receiver)->device->name;
}

/* --- commands -------------------------------------------------------------------------------------- */

/* The registers of one lane, for one receiver. */
struct lane {
	struct device *device;
	unsigned int control; /* offset; the status is behind it */
	unsigned int receiver;
	unsigned int number;
	uint64_t timeout; /* ns */
};

static int lane_find(const struct link_margin *m, unsigned int receiver, unsigned int number,
		     struct lane *lane, struct error *error)
{
	const struct end *end = end_of(m, receiver);
	struct regmap_item item;
	char name[32];
	int rc;

	snprintf(name, sizeof(name), "LMR.LANE_CTRL%u", number);
	rc = config_map_find(end->map, end->device, name, &item, error);
	if (rc == 0)
		*lane = (struct lane){
			.device = end->device,
			.control = (unsigned int)item.reg->address,
			.receiver = receiver,
			.number = number,
			.timeout = m->timeout,
		};
	return rc;
}

/* Bits as in both registers: receiver number, margin type, usage model 0, payload. */
static uint32_t word(unsigned int receiver, enum margin_type type, unsigned int payload)
{
	return receiver | (uint32_t)type << 3 | payload << 8;
}

static void sleep_ns(uint64_t ns)
{
	struct timespec t = { .tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000) };

	nanosleep(&t, NULL);
}

static int silent(const struct lane *lane, struct error *error)
{
	int rc;

	if (!device_is_present(lane->device))
		return device_gone(lane->device, error);
	rc = error_set(error, ERROR_TIMEOUT, "timeout", "%s: receiver %u does not answer on lane %u",
		       lane->device->name, lane->receiver, lane->number);
	error_hint(error, "where lanes are reversed, a link's lanes may be the last of the port: --lane N");
	return rc;
}

/* Until the status, but for the payload or with it (MASK), is WANTED. */
static int wait_status(const struct lane *lane, uint32_t mask, uint32_t wanted, uint32_t *status,
		       struct error *error)
{
	uint64_t start = clock_ns();

	for (;;) {
		uint64_t now = clock_ns();
		int rc = device_config_read(lane->device, lane->control + 2, 16, status, error);

		if (rc < 0 || (*status & mask) == wanted)
			return rc;
		if (now - start >= lane->timeout)
			return silent(lane, error);
		sleep_ns(POLL_NS);
	}
}

/* Between two commands, so that an answer cannot be the one before. */
static int no_command(const struct lane *lane, struct error *error)
{
	uint32_t none = word(0, TYPE_NONE, PAYLOAD_NONE);
	uint32_t status;
	int rc = device_config_write(lane->device, lane->control, 16, none, error);

	return rc < 0 ? rc : wait_status(lane, 0xffff, none, &status, error);
}

/* *ANSWER: the payload of the status. */
static int command(const struct lane *lane, enum margin_type type, unsigned int payload, unsigned int *answer,
		   struct error *error)
{
	uint32_t wanted = word(lane->receiver, type, payload);
	uint32_t status = 0;
	int rc = no_command(lane, error);

	if (rc == 0)
		rc = device_config_write(lane->device, lane->control, 16, wanted, error);
	if (rc == 0)
		rc = wait_status(lane, 0x3f, wanted & 0x3f, &status, error);
	*answer = status >> 8;
	return rc;
}

int link_margin_offer(struct link_margin *m, unsigned int receiver, unsigned int number,
		      struct margin_offer *offer, struct error *error)
{
	static const unsigned int questions[] = { REPORT_CAPABILITIES, REPORT_VOLTAGE_STEPS,
						  REPORT_TIMING_STEPS, REPORT_TIMING_REACH,
						  REPORT_VOLTAGE_REACH };
	unsigned int answers[sizeof(questions) / sizeof(questions[0])] = { 0 };
	struct lane lane = { 0 };
	int rc = lane_find(m, receiver, number, &lane, error);

	for (unsigned int i = 0; rc == 0 && i < sizeof(questions) / sizeof(questions[0]); i++)
		rc = command(&lane, TYPE_REPORT, questions[i], &answers[i], error);
	if (rc == 0)
		rc = no_command(&lane, error);
	if (rc < 0)
		return rc;
	*offer = (struct margin_offer){
		.has_voltage = answers[0] & 1,
		.has_up_down = answers[0] & 2,
		.has_left_right = answers[0] & 4,
		.has_own_sampler = answers[0] & 16,
		.voltage_steps = answers[1] & 0x7f,
		.timing_steps = answers[2] & 0x3f,
		.timing_reach = answers[3] & 0x7f,
		.voltage_reach = answers[4] & 0x7f,
	};
	return 0;
}

/* --- steps ----------------------------------------------------------------------------------------- */

static int check_unchanged(const struct link_margin *m, struct error *error)
{
	if (!device_is_present(m->up.device))
		return device_gone(m->up.device, error);
	if (value(&m->up, "EXP.LNKSTA.SPEED") == m->speed && value(&m->up, "EXP.LNKSTA.WIDTH") == m->width)
		return 0;
	return error_set(error, ERROR_FAILED, "link-changed",
			 "%s: the link left %gGT/s x%u while it was margined: %gGT/s x%u", m->up.device->name,
			 link_generation_speed(m->speed), m->width,
			 link_generation_speed((unsigned int)value(&m->up, "EXP.LNKSTA.SPEED")),
			 (unsigned int)value(&m->up, "EXP.LNKSTA.WIDTH"));
}

static int interrupted(const struct lane *lane, struct error *error)
{
	error_set(error, ERROR_FAILED, "interrupted", "%s: margining was interrupted", lane->device->name);
	return -ECANCELED;
}

/* What the lane's status says of the step that was asked for. */
static int look(const struct lane *lane, enum margin_type type, enum margin_status *status,
		unsigned int *errors, struct error *error)
{
	uint32_t v;
	int rc = wait_status(lane, 0x3f, word(lane->receiver, type, 0), &v, error);

	if (rc < 0)
		return rc;
	*status = (enum margin_status)(v >> 14 & 3);
	*errors = v >> 8 & 0x3f;
	return 0;
}

/* Until the receiver is at its step, then for the dwell; ends early when it has erred too much. */
static int dwell(const struct lane *lane, enum margin_type type, const struct margin_plan *plan,
		 enum margin_status *status, unsigned int *errors, struct error *error)
{
	uint64_t start = clock_ns();
	bool is_there = false;

	for (;;) {
		uint64_t now = clock_ns();
		int rc = look(lane, type, status, errors, error);

		if (rc < 0)
			return rc;
		if (!is_there && *status == STATUS_MARGINING) {
			is_there = true;
			start = now;
		}
		if (*status == STATUS_TOO_MANY_ERRORS || *status == STATUS_NAK ||
		    (is_there && now - start >= plan->dwell))
			return 0;
		if (!is_there && now - start >= lane->timeout)
			return silent(lane, error);
		if (plan->stopped && plan->stopped(plan->data))
			return interrupted(lane, error);
		sleep_ns(POLL_NS);
	}
}

static unsigned int step_payload(enum margin_direction direction, unsigned int step)
{
	return step | (direction == MARGIN_LEFT ? TIMING_LEFT : direction == MARGIN_DOWN ? VOLTAGE_DOWN : 0);
}

static int take_steps(const struct link_margin *m, const struct lane *lane, enum margin_direction direction,
		      unsigned int steps, const struct margin_plan *plan, struct margin_result *result,
		      struct error *error)
{
	enum margin_type type =
		direction == MARGIN_LEFT || direction == MARGIN_RIGHT ? TYPE_TIMING : TYPE_VOLTAGE;
	unsigned int answer;
	int rc = command(lane, TYPE_SET, SET_ERROR_LIMIT | plan->error_limit, &answer, error);

	*result = (struct margin_result){ .outcome = MARGIN_AT_END };
	for (unsigned int step = 1; rc == 0 && step <= steps; step++) {
		enum margin_status status = STATUS_NAK;
		unsigned int errors = 0;

		rc = command(lane, type, step_payload(direction, step), &answer, error);
		if (rc == 0)
			rc = dwell(lane, type, plan, &status, &errors, error);
		if (rc == 0)
			rc = check_unchanged(m, error);
		if (rc < 0)
			return rc;
		if (status != STATUS_MARGINING || errors > plan->error_limit) {
			result->outcome = status == STATUS_NAK ? MARGIN_REFUSED : MARGIN_ERRED;
			return 0;
		}
		result->steps = step;
		result->errors = errors;
	}
	return rc;
}

static int go_normal(const struct lane *lane, struct error *error)
{
	unsigned int answer;
	int rc = command(lane, TYPE_SET, SET_CLEAR_ERRORS, &answer, error);

	if (rc == 0)
		rc = command(lane, TYPE_SET, SET_NORMAL, &answer, error);
	return rc < 0 ? rc : no_command(lane, error);
}

int link_margin_measure(struct link_margin *m, unsigned int receiver, unsigned int number,
			enum margin_direction direction, unsigned int steps, const struct margin_plan *plan,
			struct margin_result *result, struct error *error)
{
	struct error ignored;
	struct lane lane = { 0 };
	int normal;
	int rc;

	rc = lane_find(m, receiver, number, &lane, error);
	if (rc < 0)
		return rc;
	rc = take_steps(m, &lane, direction, steps, plan, result, error);
	normal = go_normal(&lane, rc < 0 ? &ignored : error);
	return rc < 0 ? rc : normal;
}
