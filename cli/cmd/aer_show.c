// SPDX-License-Identifier: GPL-2.0-or-later
/* aer show: registers of both ends, the TLP of the first error, the kernel's counters. */
#include <stdlib.h>

#include "cli/cmd/aer.h"
#include "cli/fields.h"
#include "cli/cmd/link.h"
#include "cli/device.h"
#include "core/fabric/aer_counters.h"
#include "core/fabric/aer.h"
#include "core/fabric/link.h"

#define COLUMN 16

static void title(struct writer *w, const char *text)
{
	writer_text(w, "  %s", text);
	writer_column(w, COLUMN);
	writer_text(w, " ");
}

/* --- registers --------------------------------------------------------------------------------------- */

/* One of the two registers of status, with what tells more of it. */
struct half {
	const char *key;
	const char *name; /* of its status register */
	const struct fact_number *status;
	const struct fact_number *mask;
	const struct fact_number *severity; /* NULL: there is none */
};

static void write_register(struct writer *w, const char *key, const struct fact_number *reg)
{
	if (reg->reason)
		writer_null(w, key, NULL, reg->reason);
	else
		writer_hex(w, key, NULL, reg->value, 8);
}

static void write_severity_of(struct writer *w, const struct half *half, uint32_t bit)
{
	if (!half->severity)
		return;
	if (half->severity->reason) {
		writer_null(w, "severity", NULL, half->severity->reason);
		writer_text(w, ", severity unknown");
	} else {
		writer_string(w, "severity", ", ", half->severity->value & bit ? "fatal" : "nonfatal");
	}
}

static void write_mask_of(struct writer *w, const struct half *half, uint32_t bit)
{
	if (half->mask->reason) {
		writer_null(w, "masked", NULL, half->mask->reason);
		writer_text(w, ", mask unknown");
		return;
	}
	writer_bool(w, "masked", NULL, half->mask->value & bit);
	writer_text(w, "%s", half->mask->value & bit ? ", masked" : "");
}

/* What is not known to be the first may be it. */
static void write_first_of(struct writer *w, const struct half *half, const struct aer_state *s,
			   unsigned int lsb)
{
	bool is_first = half->severity && s->has_first && lsb == s->first;

	if (half->severity && s->first_reason && !s->has_first)
		writer_null(w, "first", NULL, s->first_reason);
	else
		writer_bool(w, "first", NULL, is_first);
	writer_text(w, "%s)", is_first ? ", the first" : "");
}

static void write_error(struct writer *w, const struct half *half, const struct aer_state *s,
			const struct regmap_field *f)
{
	uint32_t bit = 1u << f->lsb;

	writer_object(w, NULL);
	writer_tone(w, half->severity ? TONE_CRITICAL : TONE_WARNING);
	writer_string(w, "name", "", f->name);
	writer_tone(w, TONE_PLAIN);
	writer_string(w, "title", " (", f->description);
	write_severity_of(w, half, bit);
	write_mask_of(w, half, bit);
	write_first_of(w, half, s, f->lsb);
	writer_end(w);
}

/* Those that are set. */
static void write_errors(struct writer *w, const struct config_map *map, const struct half *half,
			 const struct aer_state *s)
{
	struct regmap_item item = { 0 };
	bool has_some = false;

	if (half->status->reason) {
		writer_null(w, "errors", "", half->status->reason);
		return;
	}
	writer_array(w, "errors");
	if (regmap_find(map->regmap, half->name, &item, NULL) == 0) {
		for (uint32_t i = 0; i < item.reg->field_count; i++) {
			const struct regmap_field *f = regmap_field_at(map->regmap, item.reg, i);

			if (!(half->status->value & 1u << f->lsb))
				continue;
			writer_text(w, "%s", has_some ? ", " : "");
			write_error(w, half, s, f);
			has_some = true;
		}
	}
	writer_end(w);
	if (!has_some)
		writer_text(w, "none");
}

static void write_half(struct writer *w, const struct config_map *map, const struct half *half,
		       const struct aer_state *s)
{
	title(w, half->key);
	if (half->status->reason && half->mask->reason && (!half->severity || half->severity->reason)) {
		writer_null(w, half->key, "", half->status->reason);
		writer_line(w);
		return;
	}
	writer_object(w, half->key);
	write_register(w, "status", half->status);
	write_register(w, "mask", half->mask);
	if (half->severity)
		write_register(w, "severity", half->severity);
	write_errors(w, map, half, s);
	writer_end(w);
	writer_line(w);
}

static void write_id(struct writer *w, const char *key, const char *label, uint16_t id)
{
	char text[16];

	snprintf(text, sizeof(text), "%02x:%02x.%x", id >> 8, id >> 3 & 0x1f, id & 7);
	writer_string(w, key, label, text);
}

static void write_words(struct writer *w, const char *key, const uint32_t *words, unsigned int count)
{
	writer_array(w, key);
	for (unsigned int i = 0; i < count; i++)
		writer_hex(w, NULL, i ? " " : "", words[i], 8);
	writer_end(w);
}

static void write_log(struct writer *w, const struct aer_log *log)
{
	writer_text(w, " [");
	write_words(w, "header", log->header, log->count);
	writer_text(w, "]");
	if (log->prefix_count)
		writer_text(w, ", prefixes [");
	write_words(w, "prefixes", log->prefixes, log->prefix_count);
	if (log->prefix_count)
		writer_text(w, "]");
}

/* What a header of its type has, as far as that is known. */
static void write_header_fields(struct writer *w, const struct tlp *tlp)
{
	const char *unknown = tlp->logged < tlp->size ? "too little of the header was logged"
						      : "not known of a TLP of this type";

	if (tlp->has_fields)
		write_id(w, "requester", NULL, tlp->requester);
	else
		writer_null(w, "requester", NULL, unknown);
	if (tlp->has_tag)
		writer_hex(w, "tag", NULL, tlp->tag, 2);
	else
		writer_null(w, "tag", NULL, tlp->has_fields ? "it has none" : unknown);
	if (tlp->has_address)
		writer_hex(w, "address", NULL, tlp->address, 8);
	else
		writer_null(w, "address", NULL, tlp->has_fields ? "it has none" : unknown);
	if (tlp->has_length)
		writer_number(w, "length", NULL, tlp->length);
	else
		writer_null(w, "length", NULL, tlp->has_fields ? "it has no data" : unknown);
	if (tlp->has_fields)
		writer_bool(w, "poisoned", NULL, tlp->is_poisoned);
	else
		writer_null(w, "poisoned", NULL, unknown);
}

static void write_tlp(struct writer *w, const struct aer_state *s)
{
	const char *reason = s->first_reason ? s->first_reason : s->log.reason;
	struct tlp tlp;
	char text[160];

	if (!s->first_reason && !s->has_first)
		reason = "no uncorrectable error is logged";
	if (reason) {
		writer_null(w, "tlp", NULL, reason);
		return;
	}
	aer_log_decode(&s->log, &tlp);
	tlp_format(&tlp, text, sizeof(text));
	title(w, "TLP");
	writer_object(w, "tlp");
	writer_string(w, "text", "", text);
	writer_string(w, "type", NULL, tlp.type);
	writer_bool(w, "flit", NULL, tlp.is_flit);
	write_header_fields(w, &tlp);
	write_log(w, &s->log);
	writer_end(w);
	writer_line(w);
}

static void write_flags(struct writer *w, const struct config_map *map, const char *name, const char *key,
			uint32_t value)
{
	struct regmap_item item = { 0 };

	writer_object(w, key);
	writer_hex(w, "value", "", value, 4);
	if (regmap_find(map->regmap, name, &item, NULL) == 0) {
		for (uint32_t i = 0; i < item.reg->field_count; i++) {
			const struct regmap_field *f = regmap_field_at(map->regmap, item.reg, i);

			if (f->bits == 1 && value >> f->lsb & 1)
				writer_text(w, " %s", f->name);
		}
	}
	writer_end(w);
}

static void write_source(struct writer *w, const char *key, const char *label, const struct fact_number *id)
{
	if (id->reason)
		writer_null(w, key, label, id->reason);
	else
		write_id(w, key, label, (uint16_t)id->value);
}

static void write_root(struct writer *w, const struct config_map *map, const struct aer_state *s)
{
	if (s->root_reason) {
		writer_null(w, "root", NULL, s->root_reason);
		return;
	}
	title(w, "root");
	writer_object(w, "root");
	write_flags(w, map, "AER.ROOT_STATUS", "status", s->root_status);
	write_source(w, "correctable_source", s->root_status & 1 ? ", correctable from " : NULL,
		     &s->cor_source);
	write_source(w, "uncorrectable_source", s->root_status & 4 ? ", uncorrectable from " : NULL,
		     &s->uncor_source);
	writer_end(w);
	writer_line(w);
}

static void write_device_status(struct writer *w, const struct config_map *map, const struct aer_state *s)
{
	title(w, "device status");
	if (s->device_status.reason)
		writer_null(w, "device_status", "", s->device_status.reason);
	else
		write_flags(w, map, "EXP.DEVSTA", "device_status", (uint32_t)s->device_status.value);
	writer_line(w);
}

static void write_registers(struct writer *w, const struct config_map *map, const struct aer_state *s)
{
	const struct half uncorrectable = {
		"uncorrectable", "AER.UNCOR_STATUS", &s->uncor_status, &s->uncor_mask, &s->uncor_severity,
	};
	const struct half correctable = {
		.key = "correctable",
		.name = "AER.COR_STATUS",
		.status = &s->cor_status,
		.mask = &s->cor_mask,
	};

	write_device_status(w, map, s);
	if (s->reason) {
		title(w, "registers");
		writer_null(w, "uncorrectable", "", s->reason);
		writer_line(w);
		writer_null(w, "correctable", NULL, s->reason);
		writer_null(w, "tlp", NULL, s->reason);
		writer_null(w, "root", NULL, s->reason);
		return;
	}
	write_half(w, map, &uncorrectable, s);
	write_tlp(w, s);
	write_half(w, map, &correctable, s);
	write_root(w, map, s);
}

static void write_dpc(struct writer *w, const struct dpc_state *dpc)
{
	char text[DPC_TEXT];

	if (dpc->reason || !dpc->is_contained) {
		writer_null(w, "dpc", NULL, dpc->reason ? dpc->reason : "not triggered");
		return;
	}
	dpc_text(dpc, text);
	title(w, "contained");
	writer_object(w, "dpc");
	writer_tone(w, TONE_CRITICAL);
	writer_string(w, "text", "", text);
	writer_tone(w, TONE_PLAIN);
	writer_string(w, "trigger", NULL, dpc->trigger);
	if (dpc->has_source)
		write_id(w, "source", NULL, dpc->source);
	else
		writer_null(w, "source", NULL, "no message triggered it");
	writer_bool(w, "busy", NULL, dpc->is_busy);
	writer_end(w);
	writer_line(w);
}

/* Which errors it keeps to itself: their counts are 0 whatever happens. */
static void write_unreported(struct writer *w, const struct aer_state *s)
{
	unsigned int shown = 0;

	if (s->reporting.reason) {
		writer_null(w, "unreported", NULL, s->reporting.reason);
		return;
	}
	writer_array(w, "unreported");
	for (unsigned int i = 0; i < AER_SEVERITIES; i++) {
		if (!s->reporting.is_unreported[i])
			continue;
		if (!shown)
			title(w, "not reported");
		writer_string(w, NULL, shown++ ? ", " : "", aer_severity_name(i));
	}
	writer_end(w);
	if (!shown)
		return;
	writer_text(w, ": off in Device Control, a count of 0 says nothing");
	writer_line(w);
}

/* --- counters ---------------------------------------------------------------------------------------- */

static void write_severity(struct writer *w, const struct aer_counts *c, enum aer_severity severity, bool all)
{
	const char *name = aer_severity_name(severity);
	unsigned int shown = 0;

	title(w, severity == 0 ? "counted" : "");
	writer_text(w, "%s ", name);
	if (c->reason) {
		writer_null(w, name, "", c->reason);
		writer_line(w);
		return;
	}
	writer_object(w, name);
	if (c->total)
		writer_tone(w, severity == AER_CORRECTABLE ? TONE_WARNING : TONE_CRITICAL);
	writer_number(w, "total", "", c->total);
	writer_tone(w, TONE_PLAIN);
	writer_object(w, "types");
	for (unsigned int i = 0; i < c->type_count; i++) {
		char type[AER_NAME_SIZE];

		if (!c->types[i].count && !all)
			continue;
		aer_type_name(c->types[i].name, type);
		writer_text(w, "%s%s", shown++ ? ", " : ": ", type);
		writer_number(w, type, " ", c->types[i].count);
	}
	writer_end(w);
	writer_end(w);
	writer_line(w);
}

static void write_root_counts(struct writer *w, const struct aer_root_counters *c)
{
	if (!c->reason) {
		title(w, "");
		writer_text(w, "received");
	}
	for (unsigned int i = 0; i < AER_SEVERITIES; i++) {
		char key[32];
		char label[32];

		snprintf(key, sizeof(key), "received_%s", aer_severity_name(i));
		snprintf(label, sizeof(label), "%s %s ", i ? "," : "", aer_severity_name(i));
		if (c->reason)
			writer_null(w, key, NULL, c->reason);
		else
			writer_number(w, key, label, c->totals[i]);
	}
	if (!c->reason)
		writer_line(w);
}

static void write_counters(struct writer *w, const struct aer_counters *c,
			   const struct aer_root_counters *root, bool all)
{
	writer_object(w, "counters");
	for (unsigned int i = 0; i < AER_SEVERITIES; i++)
		write_severity(w, &c->counts[i], i, all);
	write_root_counts(w, root);
	writer_end(w);
}

/* --- which ------------------------------------------------------------------------------------------- */

static void show_end(struct invocation *inv, const struct aer_end *end)
{
	const struct option_values *o = &inv->options;
	struct aer_counters counters;
	struct aer_root_counters root;
	struct aer_state state;

	aer_end_read(end, &state);
	aer_counters_read(end->device, &counters);
	aer_root_counters_read(end->device, &root);
	writer_object(inv->out, NULL);
	writer_string(inv->out, "address", "", end->node->name);
	writer_string(inv->out, "role", " (", end->role);
	writer_text(inv->out, ")");
	writer_line(inv->out);
	write_registers(inv->out, end->map, &state);
	write_dpc(inv->out, &state.dpc);
	write_unreported(inv->out, &state);
	write_counters(inv->out, &counters, &root, o->all);
	writer_end(inv->out);
}

/* What a look at a device gives. */
struct look {
	bool is_known; /* registers or counters */
	bool has_errors;
};

static void look_at(const struct aer_end *end, struct look *look)
{
	struct aer_counters counters;
	struct aer_root_counters root;
	struct aer_state state;

	aer_end_read(end, &state);
	aer_counters_read(end->device, &counters);
	aer_root_counters_read(end->device, &root);
	/* errors that are not reported are not counted, but its registers would have them */
	look->is_known = (!state.reason && !state.uncor_status.reason && !state.cor_status.reason) ||
			 (!counters.counts[AER_CORRECTABLE].reason && !aer_reporting_lacks(&state.reporting));
	look->has_errors = !state.reason && (state.uncor_status.value || state.cor_status.value ||
					     (!state.root_reason && state.root_status & AER_ROOT_ERRORS));
	look->has_errors |= state.dpc.is_contained;
	/* all that a device without AER has of them */
	if (state.reason && !state.device_status.reason)
		look->has_errors |= state.device_status.value & AER_DEVICE_ERRORS;
	for (unsigned int i = 0; i < AER_SEVERITIES; i++)
		look->has_errors |= counters.counts[i].total || (!root.reason && root.totals[i]);
}

static void write_owner(struct invocation *inv, const struct topology *topology,
			const struct topology_node *node)
{
	struct writer *w = inv->out;
	const char *port = "";

	switch (aer_owner_find(&inv->ctx, topology, node, &port)) {
	case AER_OWNER_KERNEL:
		writer_string(w, "owner", NULL, "kernel");
		break;
	case AER_OWNER_FIRMWARE:
		writer_string(w, "owner", NULL, "firmware");
		writer_text(w,
			    "errors are handled by firmware: the kernel counts none of them, 0 says nothing");
		writer_line(w);
		break;
	case AER_OWNER_NOT_KERNEL:
		writer_null(w, "owner", NULL, AER_NOT_HANDLED);
		if (port[0])
			writer_text(w, "%s: %s: 0 says nothing", port, AER_NOT_HANDLED);
		else
			writer_text(w, "the kernel was told not to handle errors (noaer): 0 says nothing");
		writer_line(w);
		break;
	default:
		writer_null(w, "owner", NULL, "the kernel's log does not tell");
	}
}

static int show_selected(struct invocation *inv)
{
	struct topology *topology = NULL;
	struct topology_node *node = NULL;
	struct aer_end ends[2];
	unsigned int count = 0;
	int rc;

	rc = link_select(inv, &topology, &node);
	if (rc < 0)
		return rc;
	rc = aer_ends_open(&inv->ctx, node, ends, &count, &inv->error);
	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		write_owner(inv, topology, node);
		writer_array(inv->out, "ends");
	}
	for (unsigned int i = 0; i < count; i++)
		show_end(inv, &ends[i]);
	aer_ends_close(ends, count);
	topology_free(topology);
	return rc;
}

/* Every device, each once; one that went away is left out. */
static int show_all(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct topology *topology = NULL;
	unsigned int known = 0;
	unsigned int unknown = 0;
	unsigned int shown = 0;
	int rc;

	rc = topology_read(&inv->ctx, &topology, &inv->error);
	if (rc < 0)
		return rc;
	writer_document(inv->out, inv->command->name);
	write_owner(inv, topology, NULL);
	writer_array(inv->out, "ends");
	for (size_t i = 0; i < topology->count; i++) {
		struct aer_end ends[2];
		struct error ignored;
		unsigned int count;
		struct look look;

		if (aer_ends_open(&inv->ctx, &topology->nodes[i], ends, &count, &ignored) < 0)
			continue;
		look_at(&ends[count - 1], &look);
		known += look.is_known;
		unknown += !look.is_known;
		if (o->all || look.has_errors) {
			show_end(inv, &ends[count - 1]);
			shown++;
		}
		aer_ends_close(ends, count);
	}
	writer_end(inv->out);
	writer_number(inv->out, "devices", NULL, known);
	writer_number(inv->out, "devices_unknown", NULL, unknown);
	if (!shown && known) {
		writer_text(inv->out, "%u devices: nothing is logged or counted", known);
		writer_line(inv->out);
	}
	if (!o->all && unknown) {
		writer_text(inv->out, "%u devices: unknown, neither AER registers nor counters can be seen",
			    unknown);
		writer_line(inv->out);
	}
	topology_free(topology);
	return 0;
}

int aer_show(struct invocation *inv)
{
	return inv->selected ? show_selected(inv) : show_all(inv);
}
