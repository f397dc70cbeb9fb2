// SPDX-License-Identifier: GPL-2.0-or-later
/* What is done to a link through the port above it: waits, verifies, puts back. */
#include "core/fabric/link_control.h"

#include <string.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/config/map.h"

#define POLL_NS 1000000u
/* Training and the link layer's initialization take this long at least before LNKSTA can be believed. */
#define SETTLE_NS 10000000u
#define ANSWER_NS 100000000u

static uint64_t field(const struct link_control *c, const char *name)
{
	struct config_value_of v;

	config_value_read(c->map, c->port, name, &v);
	return v.reason ? 0 : v.value;
}

int link_control_open(const struct context *ctx, const struct link *link, struct link_control *c,
		      struct error *error)
{
	struct link_control new = { .timeout = c->timeout, .stopped = c->stopped, .data = c->data };
	int rc;

	if (!link->up)
		return error_set(error, ERROR_UNSUPPORTED, "no-port",
				 "%s: no port is seen above it to control the link",
				 link->down ? link->down->name : "");
	rc = device_open(ctx, &link->up->address, &new.port, error);
	if (rc == 0 && link->down)
		rc = device_open(ctx, &link->down->address, &new.partner, error);
	if (rc == 0)
		rc = config_map_make(new.port, &new.map, error);
	if (rc == 0 && !new.map->express) {
		if (new.map->standard.reason &&new.map->standard.count == 0)
			rc = error_set(error, ERROR_DENIED, "denied", "%s: its capabilities are unknown: %s",
				       new.port->name, new.map->standard.reason);
		else
			rc = error_set(error, ERROR_UNSUPPORTED, "no-link",
				       "%s: it has no PCI Express capability", new.port->name);
	}
	if (rc < 0) {
		link_control_close(&new);
		return rc;
	}
	*c = new;
	/* some ports have the bit and never set it: a device that answers is behind a link that is up */
	c->has_dll_active =
		field(c, "EXP.LNKCAP.DLL_ACTIVE") &&
		(field(c, "EXP.LNKSTA.DLL_ACTIVE") || !c->partner || !device_is_present(c->partner));
	return 0;
}

void link_control_close(struct link_control *c)
{
	config_map_free(c->map);
	device_close(c->partner);
	device_close(c->port);
	c->map = NULL;
	c->partner = NULL;
	c->port = NULL;
}

/* Up: trained, and where the port can say so, the data link layer is active too. */
static bool is_up(const struct link_control *c)
{
	if (field(c, "EXP.LNKSTA.TRAINING"))
		return false;
	return field(c, c->has_dll_active ? "EXP.LNKSTA.DLL_ACTIVE" : "EXP.LNKSTA.WIDTH") != 0;
}

static bool is_down(const struct link_control *c)
{
	if (c->has_dll_active)
		return !field(c, "EXP.LNKSTA.DLL_ACTIVE");
	return field(c, "EXP.LNKSTA.WIDTH") == 0 || field(c, "EXP.LNKSTA.TRAINING");
}

static void sleep_ns(uint64_t ns)
{
	struct timespec t = { .tv_nsec = (long)ns };

	nanosleep(&t, NULL);
}

/* What the port says of the other end. */
static void hint_partner(const struct link_control *c, struct error *error)
{
	struct config_value_of v;

	config_value_read(c->map, c->port, "EXP.SLTSTA.PRESENCE_STATE", &v);
	if (!v.reason && !v.value)
		error_hint(error, "the slot says that no card is in it");
	else if (!c->partner)
		error_hint(error, "no device is seen at the other end: is it powered, and configured?");
	else
		error_hint(error, "see 'pcietool -s %s link show'", c->port->name);
}

/* Until the link is up, or down (WANT_UP false). -ECANCELED: stopped. */
static int wait_for(const struct link_control *c, bool want_up, const char *what, struct error *error)
{
	uint64_t start = clock_ns();
	int rc;

	sleep_ns(SETTLE_NS);
	for (;;) {
		if (!device_is_present(c->port))
			return device_gone(c->port, error);
		if (want_up ? is_up(c) : is_down(c))
			return 0;
		if (c->stopped && c->stopped(c->data)) {
			error_set(error, ERROR_FAILED, "interrupted", "%s: %s was interrupted", c->port->name,
				  what);
			return -ECANCELED;
		}
		if (clock_ns() - start >= c->timeout)
			break;
		sleep_ns(POLL_NS);
	}
	rc = error_set(error, ERROR_TIMEOUT, "timeout", "%s: %s: the link is not %s after %.1f s",
		       c->port->name, what, want_up ? "up" : "down", (double)c->timeout / 1e9);
	hint_partner(c, error);
	return rc;
}

/*
 * A link that is up is no use when what is behind it does not answer. 100 ms behind a training a device answers, if with
 * a retry that the kernel waits for: PCIe 5.0 section 6.6.1.
 */
static int wait_for_answer(const struct link_control *c, struct error *error)
{
	uint64_t start = clock_ns();

	while (c->partner && !device_is_present(c->partner)) {
		if (clock_ns() - start >= ANSWER_NS)
			return device_gone(c->partner, error);
		sleep_ns(POLL_NS);
	}
	return 0;
}

static void fill(const struct link_control *c, uint64_t start, struct link_result *result)
{
	*result = (struct link_result){
		.speed = link_generation_speed((unsigned int)field(c, "EXP.LNKSTA.SPEED")),
		.width = (unsigned int)field(c, "EXP.LNKSTA.WIDTH"),
		.is_flit = field(c, "EXP.LNKSTA2.FLIT_MODE"),
		.is_up = is_up(c),
		.time = clock_ns() - start,
	};
}

static int retrain(struct link_control *c, struct error *error)
{
	int rc;

	/* a training that is under way may not see the change, PCIe 6.0 section 7.5.3.7 */
	if (field(c, "EXP.LNKSTA.TRAINING")) {
		rc = wait_for(c, true, "retraining", error);
		if (rc < 0)
			return rc;
	}
	rc = config_value_write(c->map, c->port, "EXP.LNKCTL.RETRAIN", 1, NULL, error);
	return rc < 0 ? rc : wait_for(c, true, "retraining", error);
}

static int check_enabled(const struct link_control *c, struct error *error)
{
	int rc;

	if (!field(c, "EXP.LNKCTL.DISABLE"))
		return 0;
	rc = error_set(error, ERROR_FAILED, "link-disabled", "%s: the link is disabled", c->port->name);
	error_hint(error, "'pcietool -s %s link enable' enables it", c->port->name);
	return rc;
}

int link_retrain(struct link_control *c, struct link_result *result, struct error *error)
{
	uint64_t start = clock_ns();
	int rc = check_enabled(c, error);

	if (rc == 0)
		rc = retrain(c, error);
	if (rc == 0)
		rc = wait_for_answer(c, error);
	if (rc == 0)
		fill(c, start, result);
	return rc;
}

/* --- speed ----------------------------------------------------------------------------------------- */

/* The highest generation of one end; 0: not known. */
static unsigned int highest(struct device *device)
{
	struct config_map *map = NULL;
	struct config_value_of v;
	struct error ignored;

	if (!device || config_map_make(device, &map, &ignored) < 0)
		return 0;
	config_value_read(map, device, "EXP.LNKCAP.SPEED", &v);
	config_map_free(map);
	return v.reason ? 0 : (unsigned int)v.value;
}

static int check_speed(const struct link_control *c, unsigned int generation, struct error *error)
{
	const struct device *ends[] = { c->port, c->partner };

	for (size_t i = 0; i < 2; i++) {
		unsigned int most = ends[i] ? highest((struct device *)ends[i]) : 0;
		int rc;

		if (!most || generation <= most)
			continue;
		rc = error_set(error, ERROR_UNSUPPORTED, "speed", "%s: it cannot do %g GT/s", ends[i]->name,
			       link_generation_speed(generation));
		error_hint(error, "the most that it can do is %g GT/s, generation %u",
			   link_generation_speed(most), most);
		return rc;
	}
	return 0;
}

static int verify_speed(const struct link_control *c, unsigned int generation, struct error *error)
{
	unsigned int now = (unsigned int)field(c, "EXP.LNKSTA.SPEED");

	if (field(c, "EXP.LNKCTL2.SPEED") != generation)
		return error_set(error, ERROR_DIFFERS, "differs",
				 "%s: the port did not take the target speed", c->port->name);
	if (now != generation)
		return error_set(error, ERROR_DIFFERS, "differs",
				 "%s: the link came back at %g GT/s instead of %g", c->port->name,
				 link_generation_speed(now), link_generation_speed(generation));
	return 0;
}

/* A signal must not keep the old speed from coming back. */
static void put_back_speed(struct link_control *c, uint64_t old)
{
	link_stopped stopped = c->stopped;
	struct error ignored;

	c->stopped = NULL;
	if (config_value_undo(c->map, c->port, "EXP.LNKCTL2.SPEED", old, &ignored) == 0)
		retrain(c, &ignored);
	c->stopped = stopped;
}

int link_set_speed(struct link_control *c, unsigned int generation, struct link_result *result,
		   struct error *error)
{
	uint64_t start = clock_ns();
	uint64_t old;
	int rc;

	rc = check_enabled(c, error);
	if (rc == 0)
		rc = check_speed(c, generation, error);
	if (rc == 0)
		rc = config_value_write(c->map, c->port, "EXP.LNKCTL2.SPEED", generation, &old, error);
	if (rc < 0)
		return rc;
	rc = retrain(c, error);
	if (rc == 0)
		rc = verify_speed(c, generation, error);
	if (rc == 0)
		rc = wait_for_answer(c, error);
	if (rc < 0) {
		put_back_speed(c, old);
		return rc;
	}
	fill(c, start, result);
	return 0;
}

/* --- disable, enable ------------------------------------------------------------------------------- */

static int set_disable(struct link_control *c, bool disable, struct link_result *result, struct error *error)
{
	const char *what = disable ? "disabling" : "enabling";
	uint64_t start = clock_ns();
	struct error ignored;
	uint64_t old;
	int rc;

	rc = config_value_write(c->map, c->port, "EXP.LNKCTL.DISABLE", disable, &old, error);
	if (rc < 0)
		return rc;
	if (field(c, "EXP.LNKCTL.DISABLE") != disable)
		return error_set(error, ERROR_UNSUPPORTED, "differs",
				 "%s: the port does not take Link Disable", c->port->name);
	rc = wait_for(c, !disable, what, error);
	if (rc == 0 && !disable)
		rc = wait_for_answer(c, error);
	if (rc == 0)
		fill(c, start, result);
	else if (disable) /* enabling what was off stays: that the link is not up is not its fault */
		config_value_undo(c->map, c->port, "EXP.LNKCTL.DISABLE", old, &ignored);
	return rc;
}

int link_disable(struct link_control *c, struct link_result *result, struct error *error)
{
	return set_disable(c, true, result, error);
}

int link_enable(struct link_control *c, struct link_result *result, struct error *error)
{
	return set_disable(c, false, result, error);
}
