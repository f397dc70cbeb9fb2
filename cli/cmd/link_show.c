// SPDX-License-Identifier: GPL-2.0-or-later
/* link show: one link with both ends, or all of them. */
#include <string.h>

#include "cli/cmd/link.h"
#include "cli/fields.h"
#include "cli/device.h"
#include "core/fabric/dpc.h"
#include "core/fabric/empty_port.h"
#include "core/fabric/link_end.h"
#include "core/fabric/payload.h"
#include "core/pci/power.h"

#define COLUMN 22
#define END_COLUMN 20

/* --- what both ends have of it --------------------------------------------------------------------- */

static const struct {
	const char *key;
	const char *label;
	bool always; /* in the text without -v */
} end_fields[LINK_END_FIELDS] = {
	[LINK_END_TARGET_SPEED] = { "target_speed", "target speed", true },
	[LINK_END_ASPM] = { "aspm", "ASPM", true },
	[LINK_END_ASPM_POSSIBLE] = { "aspm_possible", "ASPM possible", true },
	[LINK_END_L1_1_ASPM] = { "l1_1_aspm", "L1.1 with ASPM", true },
	[LINK_END_L1_2_ASPM] = { "l1_2_aspm", "L1.2 with ASPM", true },
	[LINK_END_L1_1_PCIPM] = { "l1_1_pcipm", "L1.1 with PCI-PM", false },
	[LINK_END_L1_2_PCIPM] = { "l1_2_pcipm", "L1.2 with PCI-PM", false },
	[LINK_END_L0S_EXIT] = { "l0s_exit", "L0s exit", false },
	[LINK_END_L1_EXIT] = { "l1_exit", "L1 exit", false },
	[LINK_END_CLOCK_PM] = { "clock_pm", "clock PM", false },
	[LINK_END_COMMON_CLOCK] = { "common_clock", "common clock", false },
	[LINK_END_DISABLE] = { "link_disable", "disabled", true },
	[LINK_END_TRAINING] = { "training", "training", true },
	[LINK_END_DLL_ACTIVE] = { "dll_active", "link layer active", true },
	[LINK_END_BANDWIDTH_MANAGED] = { "bandwidth_managed", "was retrained", true },
	[LINK_END_BANDWIDTH_AUTONOMOUS] = { "bandwidth_autonomous", "changed by itself", true },
	[LINK_END_AUTO_WIDTH_DISABLE] = { "auto_width_disable", "fixed width", false },
	[LINK_END_AUTO_SPEED_DISABLE] = { "auto_speed_disable", "fixed speed", false },
	[LINK_END_DEEMPHASIS] = { "deemphasis", "de-emphasis", false },
	[LINK_END_EQUALIZATION_8] = { "equalization_8", "equalized 8GT/s", true },
	[LINK_END_EQUALIZATION_8_PHASE1] = { "equalization_8_phase1", "  phase 1", false },
	[LINK_END_EQUALIZATION_8_PHASE2] = { "equalization_8_phase2", "  phase 2", false },
	[LINK_END_EQUALIZATION_8_PHASE3] = { "equalization_8_phase3", "  phase 3", false },
	[LINK_END_EQUALIZATION_8_REQUEST] = { "equalization_8_request", "  requested", false },
	[LINK_END_EQUALIZATION_16] = { "equalization_16", "equalized 16GT/s", true },
	[LINK_END_EQUALIZATION_32] = { "equalization_32", "equalized 32GT/s", true },
	[LINK_END_EQUALIZATION_64] = { "equalization_64", "equalized 64GT/s", true },
	[LINK_END_RETIMER] = { "retimer", "retimer", true },
	[LINK_END_TWO_RETIMERS] = { "two_retimers", "two retimers", false },
	[LINK_END_FLIT_MODE] = { "flit_mode", "flit mode", false },
	[LINK_END_LANE_ERRORS] = { "lane_errors", "lane errors", true },
	[LINK_END_SLOT_PRESENCE] = { "slot_presence", "slot", false },
};

static void write_value(struct writer *w, const char *key, const char *label, const struct config_value_of *v)
{
	if (v->reason)
		writer_null(w, key, label, v->reason);
	else if (v->word)
		writer_string(w, key, label, v->word);
	else if (v->is_flag)
		writer_bool(w, key, NULL, v->value);
	else
		writer_hex(w, key, label, v->value, 1);
	if (v->is_flag && !v->reason && label)
		writer_text(w, "%s%s", label, v->value ? "yes" : "no");
}

static void write_ends_json(struct writer *w, const struct link_end ends[2])
{
	static const char *const keys[] = { "up_end", "down_end" };

	for (unsigned int e = 0; e < 2; e++) {
		writer_object(w, keys[e]);
		for (size_t i = 0; i < LINK_END_FIELDS; i++)
			write_value(w, end_fields[i].key, NULL, &ends[e].values[i]);
		writer_end(w);
	}
}

static bool is_worth_a_line(const struct invocation *inv, const struct link_end ends[2], size_t i)
{
	if (inv->verbosity > 0)
		return true;
	return end_fields[i].always && !(ends[0].values[i].reason && ends[1].values[i].reason);
}

static void write_cell(struct writer *w, const struct config_value_of *v)
{
	writer_text(w, " ");
	if (v->reason)
		writer_text(w, "%s", v->reason);
	else if (v->word)
		writer_text(w, "%s", v->word);
	else if (v->is_flag)
		writer_text(w, "%s", v->value ? "yes" : "no");
	else
		writer_text(w, "0x%llx", (unsigned long long)v->value);
}

/* Two columns, the port's and the device's. */
static void write_ends_text(struct invocation *inv, const struct link_end ends[2])
{
	struct writer *w = inv->out;

	writer_column(w, COLUMN);
	writer_text(w, " %s", ends[0].node ? ends[0].node->name : "-");
	writer_column(w, COLUMN + END_COLUMN);
	writer_text(w, " %s", ends[1].node ? ends[1].node->name : "-");
	writer_line(w);
	for (size_t i = 0; i < LINK_END_FIELDS; i++) {
		if (!is_worth_a_line(inv, ends, i))
			continue;
		writer_text(w, "  %s", end_fields[i].label);
		writer_column(w, COLUMN);
		write_cell(w, &ends[0].values[i]);
		writer_column(w, COLUMN + END_COLUMN);
		write_cell(w, &ends[1].values[i]);
		writer_line(w);
	}
}

/* --- payload sizes on the way from the root --------------------------------------------------------- */

static void write_size(struct writer *w, const char *key, const char *label, const char *reason,
		       unsigned int size)
{
	if (reason || size > PAYLOAD_SIZE_MAX)
		writer_null(w, key, label, reason ? reason : "reserved value");
	else
		writer_number(w, key, label, size);
}

/* Whose setting is in effect, where that is not its own. */
static void write_decider(struct writer *w, const struct payload *p)
{
	if (p->reason || p->mps_reason)
		writer_null(w, "mps_by", NULL, p->reason ? p->reason : p->mps_reason);
	else if (!p->decider)
		writer_null(w, "mps_by", NULL, "its own");
	else
		writer_string(w, "mps_by", ", MPS is that of ", p->decider->name);
}

/* Of the components above and including NODE, into *PATH too; *MISMATCH when two of them use different sizes. */
static void write_path(const struct invocation *inv, const struct topology_node *node,
		       struct payload_path *path, unsigned int *first, bool *mismatch)
{
	struct writer *w = inv->out;
	struct payload p;

	if (node->parent)
		write_path(inv, node->parent, path, first, mismatch);
	payload_read_of(&inv->ctx, node, &p);
	payload_path_add(path, &p);
	writer_object(w, NULL);
	writer_string(w, "address", "  ", node->name);
	writer_column(w, COLUMN);
	write_size(w, "mps", " MPS ", p.reason ? p.reason : p.mps_reason, p.mps);
	write_size(w, "mps_supported", p.reason ? NULL : " of ", p.reason, p.possible);
	write_size(w, "mrrs", p.reason ? NULL : ", MRRS ", p.reason, p.mrrs);
	write_decider(w, &p);
	if (!p.reason && !p.decider && p.mps > p.possible) {
		writer_tone(w, TONE_CRITICAL);
		writer_text(w, ", ABOVE ITS OWN LIMIT");
	}
	writer_line(w);
	writer_end(w);
	if (p.reason || p.mps_reason)
		return;
	if (!*first)
		*first = p.mps;
	*mismatch |= *first != p.mps;
}

/* --- one link ---------------------------------------------------------------------------------------- */

static void write_title(struct writer *w, const struct link *link)
{
	static const enum writer_tone verdict_tones[] = {
		[LINK_GOOD] = TONE_GOOD,      [LINK_SLOW] = TONE_WARNING,
		[LINK_NARROW] = TONE_WARNING, [LINK_SLOW_AND_NARROW] = TONE_WARNING,
		[LINK_DOWN] = TONE_CRITICAL,  [LINK_UNKNOWN] = TONE_PLAIN,
	};

	if (link->up)
		writer_string(w, "up", "", link->up->name);
	else
		writer_null(w, "up", "", "not seen");
	if (link->down)
		writer_string(w, "down", " -> ", link->down->name);
	else
		writer_null(w, "down", " -> ", "not seen");
	writer_text(w, ": ");
	writer_tone(w, verdict_tones[link->verdict]);
	writer_string(w, "verdict", "", link_verdict_name(link->verdict));
	writer_tone(w, TONE_PLAIN);
}

static void write_rate(struct writer *w, const char *key, const char *label, const struct link *link)
{
	if (link->reason)
		writer_null(w, key, label, link->reason);
	else if (link->verdict == LINK_DOWN)
		writer_null(w, key, label, "link down");
	else
		link_fields_rate(w, key, label, link->speed, link->width, link->is_flit);
}

static void write_possible(struct writer *w, const char *key, const char *label,
			   const struct link_state *state, const struct topology_node *node, bool is_flit)
{
	if (!node || !link_state_has_possible(state))
		writer_null(w, key, label, node ? state->reason : "not seen");
	else
		link_fields_rate(w, key, label, state->max_speed, state->max_width, is_flit);
}

static void write_expected(struct writer *w, const char *label, const struct link *link)
{
	const char *reason = link_expected_reason(link);

	/* of a link that is down, what the end that is seen could do */
	if (reason && link->verdict != LINK_DOWN)
		writer_null(w, "expected", label, reason);
	else
		link_fields_rate(w, "expected", label, link->expected_speed, link->expected_width,
				 link->is_flit);
}

static void write_end_rate(struct writer *w, const char *key, const char *label,
			   const struct link_state *state, const struct topology_node *node, bool is_flit)
{
	if (!node || state->reason)
		writer_null(w, key, NULL, node ? state->reason : "not seen");
	else
		link_fields_rate(w, key, label, state->speed, state->width, is_flit);
}

/* What each end says of now; in the text where they disagree. */
static void write_ends_now(struct writer *w, const struct link *link, const char *separator)
{
	bool disagree = link_ends_disagree(link);

	if (disagree)
		writer_text(w, "%s%s says ", separator, link->up->name);
	write_end_rate(w, "up_now", disagree ? "" : NULL, &link->up_state, link->up, link->is_flit);
	if (disagree)
		writer_text(w, ", %s says ", link->down->name);
	write_end_rate(w, "down_now", disagree ? "" : NULL, &link->down_state, link->down, link->is_flit);
	writer_bool(w, "ends_disagree", NULL, disagree);
}

static void write_bottleneck(struct invocation *inv, const struct link *link)
{
	struct writer *w = inv->out;
	struct link slowest;

	if (!link->down || !link_bottleneck(&inv->ctx, link->down, &slowest)) {
		writer_null(w, "bottleneck", NULL, "no link on the way is known");
		return;
	}
	writer_object(w, "bottleneck");
	writer_text(w, "bottleneck");
	writer_column(w, COLUMN);
	if (slowest.up)
		writer_string(w, "up", " ", slowest.up->name);
	else
		writer_null(w, "up", " ", "not seen");
	writer_string(w, "down", " -> ", slowest.down->name);
	link_fields_rate(w, "rate", ": ", slowest.speed, slowest.width, slowest.is_flit);
	writer_bool(w, "is_this_link", NULL, slowest.down == link->down);
	writer_text(w, "%s", slowest.down == link->down ? " (this link)" : "");
	writer_end(w);
	writer_line(w);
}

static void write_rates(struct invocation *inv, const struct link *link)
{
	struct writer *w = inv->out;

	writer_text(w, "now");
	writer_column(w, COLUMN);
	write_rate(w, "now", " ", link);
	writer_line(w);
	if (link_ends_disagree(link)) {
		writer_tone(w, TONE_WARNING);
		writer_text(w, "the ends disagree");
		writer_tone(w, TONE_PLAIN);
		writer_column(w, COLUMN);
	}
	write_ends_now(w, link, " ");
	if (link_ends_disagree(link))
		writer_line(w);
	writer_text(w, "expected");
	writer_column(w, COLUMN);
	write_expected(w, " ", link);
	writer_line(w);
	writer_text(w, "possible, port");
	writer_column(w, COLUMN);
	write_possible(w, "up_possible", " ", &link->up_state, link->up, link->is_flit);
	writer_line(w);
	writer_text(w, "possible, device");
	writer_column(w, COLUMN);
	write_possible(w, "down_possible", " ", &link->down_state, link->down, link->is_flit);
	writer_line(w);
	write_bottleneck(inv, link);
}

static void write_payloads(struct invocation *inv, const struct link *link, struct payload_path *path)
{
	const struct topology_node *node = link->down ? link->down : link->up;
	unsigned int first = 0; /* none */
	bool mismatch = false;

	writer_text(inv->out, "payload sizes");
	writer_line(inv->out);
	writer_array(inv->out, "payload_path");
	write_path(inv, node, path, &first, &mismatch);
	writer_end(inv->out);
	if (!first) {
		writer_null(inv->out, "mps_mismatch", NULL, "no size is known");
		return;
	}
	writer_bool(inv->out, "mps_mismatch", NULL, mismatch);
	if (mismatch) {
		writer_tone(inv->out, TONE_CRITICAL);
		writer_text(inv->out, "  mismatch: the sizes in use differ");
		writer_line(inv->out);
	}
}

/* A link that is slow because the port is set to no more. */
static void write_clamp(struct invocation *inv, const struct link *link, struct device *port)
{
	bool is_slow = link->verdict == LINK_SLOW || link->verdict == LINK_SLOW_AND_NARROW;
	unsigned int generation = 0;
	struct writer *w = inv->out;
	char command[80];
	double target;

	if (is_slow && port)
		generation = link_target_clamps(port, link->expected_speed, &target);
	if (!generation) {
		writer_null(w, "slow_by_target", NULL, "none");
		return;
	}
	writer_text(w, "slow because");
	writer_column(w, COLUMN);
	writer_text(w, " the port's target speed is %gGT/s: ", target);
	snprintf(command, sizeof(command), "pcietool -s %s link speed %u", port->name, generation);
	writer_text(w, "'");
	writer_string(w, "slow_by_target", "", command);
	writer_text(w, "'");
	writer_line(w);
}

/* A card that is there, without a device. BRIEF: the text has a line for all of it. */
static void write_nothing_below(struct invocation *inv, const struct link *link, bool brief)
{
	struct empty_port empty = { .reason = "a device is there" };
	struct writer *w = inv->out;
	char text[EMPTY_PORT_TEXT];
	struct device *port;
	struct error ignored;

	if (!link->down && device_open(&inv->ctx, &link->up->address, &port, &ignored) == 0) {
		if (power_is_asleep(port))
			empty.reason = LINK_STATE_SUSPENDED;
		else
			empty_port_read(port, &empty);
		device_close(port);
	}
	/* nobody looked there: a dump may be of some devices only */
	if (inv->ctx.dump && !empty.reason && empty.state == EMPTY_PORT_ACTIVE)
		empty.reason = "not in the dump";
	if (empty.reason || empty.state == EMPTY_PORT_EMPTY) {
		writer_null(w, "nothing_below", NULL,
			    empty.reason ? empty.reason : "the port says of no card");
		return;
	}
	empty_port_text(&empty, false, text);
	writer_text(w, "%s", brief ? "  " : "nothing below");
	if (!brief)
		writer_column(w, COLUMN);
	writer_string(w, "nothing_below", brief ? "" : " ", text);
	writer_line(w);
}

/* Of the port above; a link that is up is none that is contained. */
static void read_containment(const struct invocation *inv, const struct link *link, struct dpc_state *dpc)
{
	struct device *port;
	struct error ignored;

	*dpc = (struct dpc_state){ .reason = "the link is not down" };
	if (link->verdict != LINK_DOWN && link->reason != FACT_NO_ANSWER)
		return;
	dpc->reason = "the port is not seen";
	if (!link->up || device_open(&inv->ctx, &link->up->address, &port, &ignored) < 0)
		return;
	if (power_is_asleep(port))
		dpc->reason = LINK_STATE_SUSPENDED;
	else
		dpc_read(port, dpc);
	device_close(port);
}

/* Why a link is down that the port keeps so, and how to end that; without a device below, write_nothing_below() has told it. */
static void write_contained(struct invocation *inv, const struct link *link, bool brief)
{
	struct writer *w = inv->out;
	struct dpc_state dpc;
	char text[DPC_TEXT];

	read_containment(inv, link, &dpc);
	if (dpc.reason || !dpc.is_contained) {
		writer_null(w, "contained", NULL, dpc.reason ? dpc.reason : "not triggered");
		return;
	}
	dpc_text(&dpc, text);
	if (!link->down) {
		writer_string(w, "contained", NULL, text);
		return;
	}
	writer_text(w, "%s", brief ? "  " : "contained");
	if (!brief)
		writer_column(w, COLUMN);
	writer_string(w, "contained", brief ? "" : " ", text);
	writer_line(w);
}

static void write_ceiling(struct invocation *inv, const struct link *link, const struct payload_path *path)
{
	struct link_ceiling ceiling = { .reason = "nothing is below the port" };
	struct link narrowest;

	if (link->down)
		link_ceiling_read(&inv->ctx, link->down, path, &narrowest, &ceiling);
	writer_text(inv->out, "data at most");
	writer_column(inv->out, COLUMN);
	field_ceiling(inv->out, "ceiling", " ", &narrowest, &ceiling);
	writer_line(inv->out);
}

static void show_one(struct invocation *inv, const struct link *link)
{
	struct payload_path path = { 0 };
	struct link_end ends[2];

	link_end_open(&inv->ctx, link->up, &ends[0]);
	link_end_open(&inv->ctx, link->down, &ends[1]);
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "links");
	writer_object(inv->out, NULL);
	write_title(inv->out, link);
	writer_line(inv->out);
	write_rates(inv, link);
	write_clamp(inv, link, ends[0].device);
	write_nothing_below(inv, link, false);
	write_contained(inv, link, false);
	if (writer_is_json(inv->out))
		write_ends_json(inv->out, ends);
	else
		write_ends_text(inv, ends);
	write_payloads(inv, link, &path);
	write_ceiling(inv, link, &path);
	writer_end(inv->out);
	writer_end(inv->out);
	link_end_close(&ends[1]);
	link_end_close(&ends[0]);
}

/* --- all --------------------------------------------------------------------------------------------- */

static void show_line(struct invocation *inv, struct link *link)
{
	struct writer *w = inv->out;
	bool less = link->verdict != LINK_GOOD && link->verdict != LINK_UNKNOWN;

	link_flit_read(&inv->ctx, link);
	writer_object(w, NULL);
	write_title(w, link);
	write_rate(w, "now", ", ", link);
	write_expected(w, less ? ", expected " : NULL, link);
	write_possible(w, "up_possible", NULL, &link->up_state, link->up, link->is_flit);
	write_possible(w, "down_possible", NULL, &link->down_state, link->down, link->is_flit);
	write_ends_now(w, link, ", the ends disagree: ");
	writer_line(w);
	write_nothing_below(inv, link, true);
	write_contained(inv, link, true);
	writer_end(w);
}

/* Shown or not, a device that does not answer is a failure. */
static int no_answer(struct invocation *inv, const struct link *link)
{
	int rc = error_set(&inv->error, ERROR_GONE, "device-gone",
			   "%s: the device does not answer, though the link of %s is up", link->down->name,
			   link->up ? link->up->name : "its port");

	error_hint(&inv->error,
		   "it is hung or lost its power; after a repair: 'pcietool -s %s remove; pcietool rescan'",
		   link->down->name);
	return rc;
}

static int show_all(struct invocation *inv, const struct topology *topology)
{
	unsigned int shown = 0;
	int rc = 0;

	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "links");
	for (size_t i = 0; i < topology->count; i++) {
		const struct topology_node *node = &topology->nodes[i];
		struct link link;
		struct error ignored;

		/* each link once, where its upper end is in the order: of what has none in sight, its own */
		if (link_is_port(&inv->ctx, node) ? link_read(&inv->ctx, node, &link, &ignored) < 0
						  : node->parent || !link_above(&inv->ctx, node, &link))
			continue;
		show_line(inv, &link);
		shown++;
		if (link.reason == FACT_NO_ANSWER && link.down && rc == 0)
			rc = no_answer(inv, &link);
	}
	writer_end(inv->out);
	if (!shown && !inv->json)
		context_log(&inv->ctx, LOG_NOTE, "none of %zu device%s has a link", topology->count,
			    topology->count == 1 ? "" : "s");
	return rc;
}

int link_show(struct invocation *inv)
{
	struct topology *topology = NULL;
	struct topology_node *node = NULL;
	struct link link;
	int rc;

	if (!inv->selected) {
		rc = topology_read(&inv->ctx, &topology, &inv->error);
		if (rc == 0)
			rc = show_all(inv, topology);
		topology_free(topology);
		return rc;
	}
	rc = link_select(inv, &topology, &node);
	if (rc < 0)
		return rc;
	rc = link_read(&inv->ctx, node, &link, &inv->error);
	if (rc == 0) {
		link_flit_read(&inv->ctx, &link);
		show_one(inv, &link);
		if (link.reason == FACT_NO_ANSWER)
			rc = no_answer(inv, &link);
	}
	topology_free(topology);
	return rc;
}
