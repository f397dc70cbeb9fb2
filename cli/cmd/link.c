// SPDX-License-Identifier: GPL-2.0-or-later
/* link: what a link runs at, and what can be done to it. */
#include "cli/cmd/link.h"

#include <errno.h>
#include <string.h>

#include "cli/device.h"
#include "cli/fields.h"
#include "cli/signals.h"
#include "core/base/number.h"
#include "core/control/functions.h"
#include "core/fabric/link_control.h"
#include "core/pci/user_driver.h"
#include "core/preflight/in_use.h"

/* --- retrain, speed, disable, enable --------------------------------------------------------------- */

typedef int (*link_action)(struct link_control *control, unsigned int generation, struct link_result *result,
			   struct error *error);

static int do_retrain(struct link_control *c, unsigned int generation, struct link_result *result,
		      struct error *error)
{
	(void)generation;
	return link_retrain(c, result, error);
}

static int do_disable(struct link_control *c, unsigned int generation, struct link_result *result,
		      struct error *error)
{
	(void)generation;
	return link_disable(c, result, error);
}

static int do_enable(struct link_control *c, unsigned int generation, struct link_result *result,
		     struct error *error)
{
	(void)generation;
	return link_enable(c, result, error);
}

static int check_driver(const struct context *ctx, const struct topology_node *node, struct error *error)
{
	struct device *device;
	char driver[64];
	int rc;

	rc = device_open(ctx, &node->address, &device, error);
	if (rc < 0)
		return rc;
	if (device_driver(device, driver, sizeof(driver)) == 0 && !user_driver_is_one(driver)) {
		rc = error_set(error, ERROR_DENIED, "driver", "%s: the driver %s is bound behind the link",
			       node->name, driver);
		error_hint(error, "release it, or go ahead with --force");
	}
	device_close(device);
	return rc;
}

/* Whoever is behind a link that goes down loses it: all functions of what is below. */
static int check_use(const struct link_control *c, const struct link *link, struct error *error)
{
	char subject[96];
	int rc;

	if (c->port->ctx->force)
		return 0;
	snprintf(subject, sizeof(subject), "%s: the system uses what is behind it", c->port->name);
	rc = in_use_check(c->port, subject, "--force takes the link down all the same", error);
	if (rc == 0)
		rc = functions_check_use(c->port, error);
	for (const struct topology_node *node = link->up->child; node && rc == 0; node = node->next)
		rc = check_driver(c->port->ctx, node, error);
	return rc;
}

static void show_result(struct invocation *inv, const struct link *link, const struct link_result *r)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "up", "", link->up->name);
	if (link->down)
		writer_string(w, "down", " -> ", link->down->name);
	else
		writer_null(w, "down", " -> ", "nothing is seen");
	if (inv->dry_run) {
		writer_text(w, ": would %s the link", inv->command->name + strlen("link "));
		writer_line(w);
		return;
	}
	writer_bool(w, "link_up", NULL, r->is_up);
	if (r->is_up)
		link_fields_rate(w, "now", ": ", r->speed, r->width, r->is_flit);
	else
		writer_null(w, "now", ": ", "link down");
	writer_number(w, "time_us", NULL, r->time / 1000);
	writer_text(w, ", after %.0f ms", (double)r->time / 1e6);
	writer_line(w);
}

static int control(struct invocation *inv, link_action action, unsigned int generation, bool takes_down)
{
	const struct option_values *o = &inv->options;
	struct link_control c = {
		.timeout = o->timeout,
		.stopped = signals_stopped,
	};
	struct topology *topology = NULL;
	struct topology_node *node = NULL;
	struct link_result result = { 0 };
	struct link link;
	int rc;

	rc = link_select(inv, &topology, &node);
	if (rc < 0)
		return rc;
	rc = link_read(&inv->ctx, node, &link, &inv->error);
	if (rc == 0)
		rc = link_control_open(&inv->ctx, &link, &c, &inv->error);
	if (rc)
		goto out_free;
	if (takes_down)
		rc = check_use(&c, &link, &inv->error);
	if (rc == 0 && !inv->dry_run) {
		signals_catch();
		rc = action(&c, generation, &result, &inv->error);
		rc = signals_end(inv, false, rc);
	}
	if (rc == 0)
		show_result(inv, &link, &result);
	link_control_close(&c);
out_free:
	topology_free(topology);
	return rc;
}

static int run_retrain(struct invocation *inv)
{
	return control(inv, do_retrain, 0, false);
}

static int run_disable(struct invocation *inv)
{
	return control(inv, do_disable, 0, true);
}

static int run_enable(struct invocation *inv)
{
	return control(inv, do_enable, 0, false);
}

/* "3", "gen3", "8GT/s", "8". */
static int parse_generation(const char *text, unsigned int *generation, struct error *error)
{
	const char *digits = strncmp(text, "gen", 3) == 0 ? text + 3 : text;
	int rc;

	for (unsigned int g = 1; link_generation_speed(g) > 0; g++) {
		char speed[32];

		snprintf(speed, sizeof(speed), "%gGT/s", link_generation_speed(g));
		if (strcmp(text, speed) == 0 || (digits[0] == (char)('0' + g) && !digits[1])) {
			*generation = g;
			return 0;
		}
	}
	rc = error_set(error, ERROR_USAGE, "bad-operand", "'%.20s' is no speed", text);
	error_hint(error, "a generation, 1 to 7, or 2.5GT/s, 5GT/s, 8GT/s, 16GT/s, 32GT/s, 64GT/s, 128GT/s");
	return rc;
}

static int run_speed(struct invocation *inv)
{
	unsigned int generation;
	int rc = parse_generation(inv->operands[0], &generation, &inv->error);

	return rc < 0 ? rc : control(inv, link_set_speed, generation, false);
}

const struct command link_commands[] = {
	{
		.name = "link show",
		.summary = "Show a link: both ends, what it could do, what is in its way",
		.details = "Either end may be selected; without -s and -d all links, a line each. The "
			   "expected speed and width are the lower of what both ends can. -v shows every "
			   "field of both ends. A device that sleeps is left asleep.",
		.options = TAKES(OPTION_WAKE),
		.offline = true,
		.pages = true,
		.run = link_show,
	},
	{
		.name = "link watch",
		.summary = "Watch a link, and tell when it changes",
		.details = "A line for each change, and what was seen at the end. Nothing is cleared, and "
			   "a device that sleeps is left asleep.",
		.options = TAKES(OPTION_TIMEOUT_WATCH, OPTION_INTERVAL_LINK, OPTION_WAKE),
		.waits = true,
		.run = link_watch,
	},
	{
		.name = "link retrain",
		.reopens = REOPENS_ALL,
		.summary = "Retrain a link, and wait until it is up again",
		.details = "Through the port above it. Exit status 7 when the link does not come back.",
		.options = TAKES(OPTION_TIMEOUT_LINK),
		.waits = true,
		.run = run_retrain,
	},
	{
		.name = "link speed",
		.reopens = REOPENS_ALL,
		.operands = "GEN",
		.summary = "Set a link's target speed and retrain it",
		.details = "GEN is a generation (1 to 7) or a speed such as 8GT/s. When the link does not "
			   "come back at that speed (exit status 8, or 7 when it does not come back at "
			   "all), and on Ctrl-C, the old target is set again.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_GENERATION,
		.options = TAKES(OPTION_TIMEOUT_LINK),
		.waits = true,
		.run = run_speed,
	},
	{
		.name = "link aspm",
		.operands = "show|off|l0s|l1|l1ss",
		.summary = "Show or set a link's Active State Power Management, at both ends",
		.details = "Sets exactly that, at the port and at all functions below, in the order that the "
			   "specification wants, reads it back, and sets the old again where an end did not "
			   "take it. What an end cannot do is exit status 6. The kernel may set it anew.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_ASPM,
		.run = link_aspm,
	},
	{
		.name = "link disable",
		.reopens = REOPENS_ALL,
		.summary = "Take a link down",
		.details = "Refused while a driver is bound behind it, or the system uses what is there; "
			   "--force goes ahead. Ctrl-C before it is down enables it again.",
		.options = TAKES(OPTION_TIMEOUT_LINK),
		.waits = true,
		.run = run_disable,
	},
	{
		.name = "link enable",
		.reopens = REOPENS_ALL,
		.summary = "Let a link come up again",
		.options = TAKES(OPTION_TIMEOUT_LINK),
		.waits = true,
		.run = run_enable,
	},
	{
		.name = "link margin",
		.summary = "Show how far a link's receivers can be margined, and margin a lane",
		.details =
			"Lane margining at the receiver, for links at 16 and 32 GT/s. Meanwhile both ends "
			"are without ASPM and do not change speed or width by themselves; afterwards all is "
			"as it was. A receiver without a sampler of its own errs in the data then: --force.",
		.options = TAKES(OPTION_LANE, OPTION_EYE, OPTION_RECEIVER, OPTION_DWELL, OPTION_ERROR_LIMIT,
				 OPTION_TIMEOUT_MARGIN),
		.waits = true,
		.run = link_margin,
	},
	{ 0 },
};
