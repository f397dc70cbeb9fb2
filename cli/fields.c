// SPDX-License-Identifier: GPL-2.0-or-later
/* How several commands show one thing of core's: no other file has its keys. */
#include "cli/fields.h"

#include <linux/pci_regs.h>
#include <stdio.h>

#include "core/preflight/no_room.h"

void field_number(struct writer *w, const char *key, const char *label, const struct fact_number *fact)
{
	if (fact->reason)
		writer_null(w, key, label, fact->reason);
	else
		writer_number(w, key, label, fact->value);
}

void field_hex(struct writer *w, const char *key, const char *label, const struct fact_number *fact,
	       int digits)
{
	if (fact->reason)
		writer_null(w, key, label, fact->reason);
	else
		writer_hex(w, key, label, fact->value, digits);
}

void field_id(struct writer *w, const char *key, const char *label, const struct fact_number *fact,
	      int digits)
{
	if (fact->reason)
		writer_null(w, key, label, fact->reason);
	else
		writer_id(w, key, label, fact->value, digits);
}

void field_text(struct writer *w, const char *key, const char *label, const struct fact_text *fact)
{
	if (fact->reason)
		writer_null(w, key, label, fact->reason);
	else
		writer_string(w, key, label, fact->text);
}

void field_name(struct writer *w, const char *key, const char *label, const struct fact_text *fact)
{
	field_text(w, key, fact->reason ? NULL : label, fact);
}

void field_identity(struct writer *w, const struct device_summary *s)
{
	bool named = !s->vendor.reason || !s->device.reason;

	writer_string(w, "address", "", s->address);
	writer_cell(w, "ID");
	field_id(w, "vendor_id", " ", &s->ids.vendor_id, 4);
	/* one reason is enough */
	field_id(w, "device_id", s->ids.vendor_id.reason ? NULL : ":", &s->ids.device_id, 4);
	/* where there is little room, the number only when it has no name */
	writer_cell(w, s->class_name.reason ? "NAME" : NULL);
	field_id(w, "class_id", " [", &s->ids.class_id, 6);
	writer_text(w, "]");
	writer_cell(w, "NAME");
	field_name(w, "class", " ", &s->class_name);
	writer_text(w, "%s", named && !s->class_name.reason ? ":" : "");
	field_name(w, "vendor", " ", &s->vendor);
	field_name(w, "device", " ", &s->device);
}

/* What a link could be; half of it may be unknown, which is 0. No LABEL: not in the text. */
static void write_could_be(struct writer *w, const char *const keys[2], const char *label, double speed,
			   unsigned int width)
{
	if (speed > 0)
		writer_real(w, keys[0], label, speed);
	else
		writer_null(w, keys[0], label, "not known");
	if (width)
		writer_number(w, keys[1], !label ? NULL : speed > 0 ? "GT/s x" : " x", width);
	else
		writer_null(w, keys[1], !label ? NULL : speed > 0 ? "GT/s, width " : ", width ", "not known");
}

void field_link(struct writer *w, const char *label, const struct link_state *link, bool show)
{
	bool reduced = link_state_is_reduced(link);
	bool is_table = writer_is_table(w);
	const char *possible = is_table ? " of " : " (possible ";
	static const char *const keys[] = { "max_speed_gts", "max_width" };

	if (link->reason) {
		writer_null(w, "link", show ? label : NULL, link->reason);
		return;
	}
	writer_object(w, "link");
	writer_real(w, "speed_gts", show ? label : NULL, link->speed);
	writer_number(w, "width", show ? "GT/s x" : NULL, link->width);
	/* no lower than what is known of it */
	if (reduced || (link->max_speed > 0 && link->max_width))
		writer_bool(w, "reduced", NULL, reduced);
	else
		writer_null(w, "reduced", NULL, "not known");
	write_could_be(w, keys, show && reduced ? possible : NULL, link->max_speed, link->max_width);
	writer_text(w, "%s", show && reduced && !is_table ? ")" : "");
	writer_end(w);
}

static void bar_decoded(struct writer *w, const struct bar *bar, bool full, const struct fact_number *command)
{
	unsigned int bit = bar->io ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
	bool decoded = command->value & bit;

	if (command->reason) {
		writer_null(w, "decoded", NULL, command->reason);
		return;
	}
	writer_bool(w, "decoded", NULL, decoded);
	if (full && !decoded)
		writer_text(w, ", not decoded");
}

/* Of a BAR that the kernel found no room for, the keys that any has; the text says that. */
static void no_room_fields(struct writer *w, unsigned int index, uint64_t size, bool io)
{
	char text[NO_ROOM_TEXT];

	writer_number(w, "index", NULL, index);
	writer_string(w, "type", NULL, io ? "io" : "mem");
	if (size)
		writer_size(w, "size", NULL, size);
	else
		writer_null(w, "size", NULL, "not known");
	writer_bool(w, "assigned", NULL, false);
	writer_null(w, "address", NULL, "no room");
	no_room_text(index, size, text);
	writer_text(w, "%s", text);
}

void field_lost(struct writer *w, const struct fact_number *lost)
{
	if (lost->reason) {
		writer_null(w, "lost", NULL, lost->reason);
		return;
	}
	writer_bool(w, "lost", NULL, lost->value);
	if (lost->value)
		writer_text(w, ", LOST: the device has 0 there");
}

void field_bar(struct writer *w, const char *key, const struct bar *bar, bool full,
	       const struct fact_number *command, const struct fact_number *lost)
{
	bool rom = bar->index == DEVICE_ROM;

	writer_object(w, key);
	if (bar->state == BAR_NO_ROOM) {
		no_room_fields(w, bar->index, bar->size, bar->io);
		full = false;
	} else {
		if (!rom)
			writer_number(w, "index", "BAR", bar->index);
		writer_string(w, "type", rom ? NULL : " ", bar->io ? "io" : "mem");
		writer_size(w, "size", rom ? "ROM " : " ", bar->size);
		writer_bool(w, "assigned", NULL, bar->state == BAR_ASSIGNED);
		if (bar->state == BAR_ASSIGNED)
			writer_hex(w, "address", full ? " at " : NULL, bar->start, bar->io ? 4 : 8);
		else
			writer_null(w, "address", " ", "unassigned");
	}
	writer_number(w, "bits", NULL, bar->is_64bit ? 64 : 32);
	writer_bool(w, "prefetchable", NULL, bar->prefetchable);
	if (full && !bar->io && !rom)
		writer_text(w, ", %u-bit%s", bar->is_64bit ? 64 : 32,
			    bar->prefetchable ? ", prefetchable" : "");
	if (command)
		bar_decoded(w, bar, full, command);
	if (lost)
		field_lost(w, lost);
	writer_end(w);
}

void acs_text(struct writer *w, const char *label, unsigned int set)
{
	const char *separator = "";

	writer_text(w, "%s", label);
	for (const struct acs_bit *bit = acs_bits; bit->mask; bit++) {
		if (!(set & bit->mask))
			continue;
		writer_text(w, "%s%s", separator, bit->name);
		separator = ", ";
	}
	writer_text(w, "%s", *separator ? "" : "none");
}

static void write_enhanced(struct writer *w, const struct acs *acs)
{
	struct acs_enhanced e;

	if (!acs_enhanced_of(acs, &e)) {
		writer_null(w, "enhanced", NULL, "not possible");
		return;
	}
	writer_object(w, "enhanced");
	writer_bool(w, "io_blocking", NULL, e.io_blocking);
	writer_string(w, "downstream_target", NULL, e.downstream_target);
	if (e.upstream_target) {
		writer_string(w, "upstream_target", NULL, e.upstream_target);
		writer_bool(w, "unclaimed_redirect", NULL, e.unclaimed_redirect);
	} else {
		writer_null(w, "upstream_target", NULL, "no port of a switch");
		writer_null(w, "unclaimed_redirect", NULL, "no port of a switch");
	}
	writer_end(w);
}

void field_acs(struct writer *w, const char *label, const struct acs *acs)
{
	if (acs->reason) {
		writer_null(w, "acs", label, acs->reason);
		return;
	}
	acs_text(w, label, acs->control);
	writer_object(w, "acs");
	writer_hex(w, "offset", NULL, acs->place.offset, 3);
	writer_hex(w, "capability", NULL, acs->capability, 4);
	writer_hex(w, "control", NULL, acs->control, 4);
	for (const struct acs_bit *bit = acs_bits; bit->mask; bit++) {
		writer_object(w, bit->key);
		writer_bool(w, "capable", NULL, acs->capability & bit->mask);
		writer_bool(w, "enabled", NULL, acs->control & bit->mask);
		writer_end(w);
	}
	write_enhanced(w, acs);
	writer_end(w);
}

static void write_partner(struct writer *w, const char *key, const struct topology_node *node)
{
	if (node)
		writer_string(w, key, NULL, node->name);
	else
		writer_null(w, key, NULL, "not seen");
}

void link_fields_edge(struct writer *w, const struct link *link)
{
	bool is_up = !link->reason && link->verdict != LINK_DOWN;
	bool less = is_up && link->verdict != LINK_GOOD && link->verdict != LINK_UNKNOWN;
	static const char *const keys[] = { "expected_speed_gts", "expected_width" };
	/* "of" says it too */
	bool names_verdict = less && !writer_is_table(w);

	if (link->reason) {
		writer_null(w, "link", "[link ", link->reason);
		writer_text(w, "] ");
		return;
	}
	writer_object(w, "link");
	write_partner(w, "up", link->up);
	write_partner(w, "down", link->down);
	writer_text(w, "%s", is_up ? "[" : "[link down] ");
	writer_real(w, "speed_gts", is_up ? "" : NULL, link->speed);
	writer_number(w, "width", is_up ? "GT/s x" : NULL, link->width);
	write_could_be(w, keys, less ? " of " : NULL, link->expected_speed, link->expected_width);
	writer_string(w, "verdict", names_verdict ? ", " : NULL, link_verdict_name(link->verdict));
	writer_text(w, "%s", is_up ? "] " : "");
	writer_end(w);
}

void link_fields_rate(struct writer *w, const char *key, const char *label, double speed, unsigned int width,
		      bool is_flit)
{
	double rate = link_bandwidth(speed, width, is_flit);

	if (speed <= 0 || width == 0) {
		writer_null(w, key, label, "not known");
		return;
	}
	writer_object(w, key);
	writer_real(w, "speed_gts", label, speed);
	writer_number(w, "width", label ? "GT/s x" : NULL, width);
	writer_real(w, "bytes_per_second", NULL, rate);
	if (label)
		writer_text(w, ", %.3f GB/s", rate / 1e9);
	writer_end(w);
}

void field_ceiling(struct writer *w, const char *key, const char *label, const struct link *link,
		   const struct link_ceiling *c)
{
	if (c->reason) {
		writer_null(w, key, label, c->reason);
		return;
	}
	writer_object(w, key);
	write_partner(w, "up", link->up);
	write_partner(w, "down", link->down);
	writer_text(w, "%swrites %.3f GB/s, reads %.3f GB/s: ", label, c->write / 1e9, c->read / 1e9);
	writer_real(w, "speed_gts", "", c->of.speed);
	writer_number(w, "width", "GT/s x", c->of.width);
	writer_string(w, "encoding", ", ", c->encoding);
	writer_bool(w, "flit_mode", NULL, c->of.is_flit);
	writer_text(w, "%s", c->of.is_flit ? " in flits" : "");
	writer_number(w, "mps", ", MPS ", c->of.mps);
	writer_number(w, "mrrs", ", MRRS ", c->of.mrrs);
	writer_number(w, "framing_bytes", NULL, c->framing);
	writer_real(w, "link_bytes_per_second", NULL, c->link);
	writer_real(w, "write_bytes_per_second", NULL, c->write);
	writer_real(w, "write_high_bytes_per_second", NULL, c->write_high);
	writer_real(w, "read_bytes_per_second", NULL, c->read);
	writer_end(w);
}

void resource_name_format(const struct resource *r, char name[RESOURCE_NAME_SIZE])
{
	switch (r->kind) {
	case RESOURCE_BAR:
		snprintf(name, RESOURCE_NAME_SIZE, "BAR%u", r->index);
		break;
	case RESOURCE_ROM:
		snprintf(name, RESOURCE_NAME_SIZE, "ROM");
		break;
	case RESOURCE_VF_BAR:
		snprintf(name, RESOURCE_NAME_SIZE, "VF BAR%u", r->index);
		break;
	case RESOURCE_WINDOW:
		snprintf(name, RESOURCE_NAME_SIZE, "window %s", resource_window_name(r->index));
		break;
	}
}

void field_resource(struct writer *w, const struct resource *r, bool show)
{
	bool is_window = r->kind == RESOURCE_WINDOW;
	char name[RESOURCE_NAME_SIZE];

	resource_name_format(r, name);
	if (r->has_no_room) {
		writer_string(w, "name", NULL, name);
		writer_string(w, "kind", NULL, resource_kind_name(r->kind));
		no_room_fields(w, r->index, r->size, r->io);
		writer_number(w, "bits", NULL, r->is_64bit ? 64 : 32);
		writer_bool(w, "prefetchable", NULL, r->prefetchable);
		return;
	}
	writer_string(w, "name", show ? "" : NULL, name);
	writer_string(w, "kind", NULL, resource_kind_name(r->kind));
	if (r->kind == RESOURCE_BAR || r->kind == RESOURCE_VF_BAR)
		writer_number(w, "index", NULL, r->index);
	if (is_window)
		writer_string(w, "window", NULL, resource_window_name(r->index));
	writer_string(w, "type", show && !is_window && r->kind != RESOURCE_ROM ? " " : NULL,
		      r->io ? "io" : "mem");
	writer_bool(w, "assigned", NULL, r->assigned);
	writer_size(w, "size", show && (r->assigned || !is_window) ? " " : NULL, r->size);
	if (r->assigned)
		writer_hex(w, "address", show ? " at " : NULL, r->start, r->io ? 4 : 8);
	else
		writer_null(w, "address", show ? " " : NULL, is_window ? "off" : "unassigned");
	writer_number(w, "bits", NULL, r->is_64bit ? 64 : 32);
	writer_bool(w, "prefetchable", NULL, r->prefetchable);
	if (show && r->assigned && !r->io && r->kind != RESOURCE_ROM)
		writer_text(w, ", %u-bit%s", r->is_64bit ? 64 : 32,
			    r->prefetchable && !is_window ? ", prefetchable" : "");
}
