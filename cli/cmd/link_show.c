// SPDX-License-Identifier: GPL-2.0-or-later
/* link show: one link with both ends, or all of them. */
#include <stdlib.h>
#include <string.h>

#include "cli/cmd/link.h"
#include "cli/fields.h"
#include "cli/device.h"
#include "core/config/map.h"
#include "core/pci/power.h"

#define COLUMN 22
#define END_COLUMN 20

/* --- what both ends have of it --------------------------------------------------------------------- */

struct end_field {
	const char *key;
	const char *label;
	const char *name; /* in the table of config space */
	bool always; /* in the text without -v */
};

static const struct end_field end_fields[] = {
	{ "target_speed", "target speed", "EXP.LNKCTL2.SPEED", true },
	{ "aspm", "ASPM", "EXP.LNKCTL.ASPM", true },
	{ "aspm_possible", "ASPM possible", "EXP.LNKCAP.ASPM", true },
	{ "l1_1_aspm", "L1.1 with ASPM", "L1PM.CTL1.ASPM_L1_1", true },
	{ "l1_2_aspm", "L1.2 with ASPM", "L1PM.CTL1.ASPM_L1_2", true },
	{ "l1_1_pcipm", "L1.1 with PCI-PM", "L1PM.CTL1.PCIPM_L1_1", false },
	{ "l1_2_pcipm", "L1.2 with PCI-PM", "L1PM.CTL1.PCIPM_L1_2", false },
	{ "l0s_exit", "L0s exit", "EXP.LNKCAP.L0S_EXIT", false },
	{ "l1_exit", "L1 exit", "EXP.LNKCAP.L1_EXIT", false },
	{ "clock_pm", "clock PM", "EXP.LNKCTL.CLOCK_PM", false },
	{ "common_clock", "common clock", "EXP.LNKCTL.COMMON_CLOCK", false },
	{ "link_disable", "disabled", "EXP.LNKCTL.DISABLE", true },
	{ "training", "training", "EXP.LNKSTA.TRAINING", true },
	{ "dll_active", "link layer active", "EXP.LNKSTA.DLL_ACTIVE", true },
	{ "bandwidth_managed", "was retrained", "EXP.LNKSTA.BW_MANAGEMENT", true },
	{ "bandwidth_autonomous", "changed by itself", "EXP.LNKSTA.AUTO_BW", true },
	{ "auto_width_disable", "fixed width", "EXP.LNKCTL.AUTO_WIDTH_DISABLE", false },
	{ "auto_speed_disable", "fixed speed", "EXP.LNKCTL2.AUTO_SPEED_DISABLE", false },
	{ "deemphasis", "de-emphasis", "EXP.LNKSTA2.DEEMPHASIS", false },
	{ "equalization_8", "equalized 8GT/s", "EXP.LNKSTA2.EQ_COMPLETE", true },
	{ "equalization_8_phase1", "  phase 1", "EXP.LNKSTA2.EQ_PHASE1", false },
	{ "equalization_8_phase2", "  phase 2", "EXP.LNKSTA2.EQ_PHASE2", false },
	{ "equalization_8_phase3", "  phase 3", "EXP.LNKSTA2.EQ_PHASE3", false },
	{ "equalization_8_request", "  requested", "EXP.LNKSTA2.EQ_REQUEST", false },
	{ "equalization_16", "equalized 16GT/s", "PL_16GT.STATUS.EQ_COMPLETE", true },
	{ "equalization_32", "equalized 32GT/s", "PL_32GT.STATUS.EQ_COMPLETE", true },
	{ "equalization_64", "equalized 64GT/s", "PL_64GT.STATUS.EQ_COMPLETE", true },
	{ "retimer", "retimer", "EXP.LNKSTA2.RETIMER", true },
	{ "two_retimers", "two retimers", "EXP.LNKSTA2.TWO_RETIMERS", false },
	{ "flit_mode", "flit mode", "EXP.LNKSTA2.FLIT_MODE", false },
	{ "lane_errors", "lane errors", "SECPCI.LANE_ERR", true },
	{ "slot_presence", "slot", "EXP.SLTSTA.PRESENCE_STATE", false },
};

#define END_FIELDS (sizeof(end_fields) / sizeof(end_fields[0]))

struct end {
	const struct topology_node *node;
	struct device *device;
	struct config_map *map;
	const char *reason; /* why nothing is known */
	struct config_value_of values[END_FIELDS];
};

/* Without LNKCAP's bit, which devices do not have, LNKSTA's is always 0: PCIe 6.0 sections 7.5.3.6 and 7.5.3.8. */
static bool says_nothing(const struct end *end, const char *name)
{
	struct config_value_of reporting;

	if (strcmp(name, "EXP.LNKSTA.DLL_ACTIVE") != 0)
		return false;
	config_value_read(end->map, end->device, "EXP.LNKCAP.DLL_ACTIVE", &reporting);
	return !reporting.reason && !reporting.value;
}

static void read_value(const struct end *end, const char *name, struct config_value_of *value)
{
	config_value_read(end->map, end->device, name, value);
	if (!value->reason && says_nothing(end, name))
		value->reason = "not reported";
}

static void open_end(const struct context *ctx, const struct topology_node *node, struct end *end)
{
	struct error ignored;

	*end = (struct end){ .node = node };
	if (!node)
		end->reason = "not seen";
	else if (device_open(ctx, &node->address, &end->device, &ignored) < 0)
		end->reason = "it cannot be read";
	else if (power_is_asleep(end->device))
		end->reason = LINK_STATE_SUSPENDED;
	else if (config_map_make(end->device, &end->map, &ignored) < 0)
		end->reason = "it cannot be read";
	for (size_t i = 0; i < END_FIELDS; i++) {
		if (end->reason)
			end->values[i].reason = end->reason;
		else
			read_value(end, end_fields[i].name, &end->values[i]);
	}
}

static void close_end(struct end *end)
{
	config_map_free(end->map);
	device_close(end->device);
}

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

static void write_ends_json(struct writer *w, const struct end ends[2])
{
	static const char *const keys[] = { "up_end", "down_end" };

	for (unsigned int e = 0; e < 2; e++) {
		writer_object(w, keys[e]);
		for (size_t i = 0; i < END_FIELDS; i++)
			write_value(w, end_fields[i].key, NULL, &ends[e].values[i]);
		writer_end(w);
	}
}

static bool is_worth_a_line(const struct invocation *inv, const struct end ends[2], size_t i)
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
static void write_ends_text(struct invocation *inv, const struct end ends[2])
{
	struct writer *w = inv->out;

	writer_column(w, COLUMN);
	writer_text(w, " %s", ends[0].node ? ends[0].node->name : "-");
	writer_column(w, COLUMN + END_COLUMN);
	writer_text(w, " %s", ends[1].node ? ends[1].node->name : "-");
	writer_line(w);
	for (size_t i = 0; i < END_FIELDS; i++) {
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

struct path_payload {
	struct config_value_of mps;
	struct config_value_of supported;
	struct config_value_of mrrs;
};

static void read_payload(const struct context *ctx, const struct topology_node *node, struct path_payload *p)
{
	const struct config_value_of unknown = { .reason = "it cannot be read" };
	struct config_map *map = NULL;
	struct device *device = NULL;
	struct error ignored;

	*p = (struct path_payload){ unknown, unknown, unknown };
	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return;
	if (power_is_asleep(device)) {
		p->mps.reason = p->supported.reason = p->mrrs.reason = LINK_STATE_SUSPENDED;
	} else if (config_map_make(device, &map, &ignored) == 0) {
		config_value_read(map, device, "EXP.DEVCTL.MPS", &p->mps);
		config_value_read(map, device, "EXP.DEVCAP.MPS", &p->supported);
		config_value_read(map, device, "EXP.DEVCTL.MRRS", &p->mrrs);
	}
	config_map_free(map);
	device_close(device);
}

static void write_size(struct writer *w, const char *key, const char *label, const struct config_value_of *v)
{
	if (v->reason || !v->word)
		writer_null(w, key, label, v->reason ? v->reason : "reserved value");
	else
		writer_number(w, key, label, (uint64_t)atoi(v->word));
}

/* Of the components above and including NODE; *MISMATCH when two of them use different sizes. */
static void write_path(const struct invocation *inv, const struct topology_node *node, unsigned int *first,
		       bool *mismatch)
{
	struct writer *w = inv->out;
	struct path_payload p;

	if (node->parent)
		write_path(inv, node->parent, first, mismatch);
	read_payload(&inv->ctx, node, &p);
	writer_object(w, NULL);
	writer_string(w, "address", "  ", node->name);
	writer_column(w, COLUMN);
	write_size(w, "mps", " MPS ", &p.mps);
	write_size(w, "mps_supported", p.mps.reason ? NULL : " of ", &p.supported);
	write_size(w, "mrrs", p.mps.reason ? NULL : ", MRRS ", &p.mrrs);
	writer_line(w);
	writer_end(w);
	if (p.mps.reason)
		return;
	if (*first == UINT32_MAX)
		*first = (unsigned int)p.mps.value;
	*mismatch |= *first != p.mps.value;
}

/* --- one link ---------------------------------------------------------------------------------------- */

static void write_title(struct writer *w, const struct link *link)
{
	if (link->up)
		writer_string(w, "up", "", link->up->name);
	else
		writer_null(w, "up", "", "not seen");
	if (link->down)
		writer_string(w, "down", " -> ", link->down->name);
	else
		writer_null(w, "down", " -> ", "not seen");
	writer_string(w, "verdict", ": ", link_verdict_name(link->verdict));
}

static void write_rate(struct writer *w, const char *key, const char *label, const struct link *link)
{
	if (link->reason)
		writer_null(w, key, label, link->reason);
	else if (link->verdict == LINK_DOWN)
		writer_null(w, key, label, "link down");
	else
		link_fields_rate(w, key, label, link->speed, link->width);
}

static void write_possible(struct writer *w, const char *key, const char *label,
			   const struct link_state *state, const struct topology_node *node)
{
	if (!node || (state->reason && state->reason != LINK_STATE_NO_LINK))
		writer_null(w, key, label, node ? state->reason : "not seen");
	else
		link_fields_rate(w, key, label, state->max_speed, state->max_width);
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
	link_fields_rate(w, "rate", ": ", slowest.speed, slowest.width);
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
	writer_text(w, "expected");
	writer_column(w, COLUMN);
	link_fields_rate(w, "expected", " ", link->expected_speed, link->expected_width);
	writer_line(w);
	writer_text(w, "possible, port");
	writer_column(w, COLUMN);
	write_possible(w, "up_possible", " ", &link->up_state, link->up);
	writer_line(w);
	writer_text(w, "possible, device");
	writer_column(w, COLUMN);
	write_possible(w, "down_possible", " ", &link->down_state, link->down);
	writer_line(w);
	write_bottleneck(inv, link);
}

static void write_payloads(struct invocation *inv, const struct link *link)
{
	const struct topology_node *node = link->down ? link->down : link->up;
	unsigned int first = UINT32_MAX;
	bool mismatch = false;

	writer_text(inv->out, "payload sizes");
	writer_line(inv->out);
	writer_array(inv->out, "payload_path");
	write_path(inv, node, &first, &mismatch);
	writer_end(inv->out);
	if (first == UINT32_MAX) {
		writer_null(inv->out, "mps_mismatch", NULL, "no size is known");
		return;
	}
	writer_bool(inv->out, "mps_mismatch", NULL, mismatch);
	if (mismatch) {
		writer_text(inv->out, "  mismatch: the sizes in use differ");
		writer_line(inv->out);
	}
}

static void show_one(struct invocation *inv, const struct link *link)
{
	struct end ends[2];

	open_end(&inv->ctx, link->up, &ends[0]);
	open_end(&inv->ctx, link->down, &ends[1]);
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "links");
	writer_object(inv->out, NULL);
	write_title(inv->out, link);
	writer_line(inv->out);
	write_rates(inv, link);
	if (writer_is_json(inv->out))
		write_ends_json(inv->out, ends);
	else
		write_ends_text(inv, ends);
	write_payloads(inv, link);
	writer_document_end(inv->out);
	close_end(&ends[1]);
	close_end(&ends[0]);
}

/* --- all --------------------------------------------------------------------------------------------- */

static void show_line(struct writer *w, const struct link *link)
{
	bool less = link->verdict != LINK_GOOD && link->verdict != LINK_UNKNOWN;

	writer_object(w, NULL);
	write_title(w, link);
	write_rate(w, "now", ", ", link);
	link_fields_rate(w, "expected", less ? ", expected " : NULL, link->expected_speed,
			 link->expected_width);
	write_possible(w, "up_possible", NULL, &link->up_state, link->up);
	write_possible(w, "down_possible", NULL, &link->down_state, link->down);
	writer_line(w);
	writer_end(w);
}

static void show_all(struct invocation *inv, const struct topology *topology)
{
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "links");
	for (size_t i = 0; i < topology->count; i++) {
		const struct topology_node *node = &topology->nodes[i];
		struct link link;
		struct error ignored;

		/* each link once: at the first function below it, or at a port that has none */
		if (node->parent ? node->parent->child == node && link_above(&inv->ctx, node, &link)
				 : !node->is_bridge && link_above(&inv->ctx, node, &link))
			show_line(inv->out, &link);
		if (node->is_bridge && !node->child && link_read(&inv->ctx, node, &link, &ignored) == 0 &&
		    !link.down)
			show_line(inv->out, &link);
	}
	writer_document_end(inv->out);
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
			show_all(inv, topology);
		topology_free(topology);
		return rc;
	}
	rc = link_select(inv, &topology, &node);
	if (rc < 0)
		return rc;
	rc = link_read(&inv->ctx, node, &link, &inv->error);
	if (rc == 0)
		show_one(inv, &link);
	topology_free(topology);
	return rc;
}
