// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/fields.h"

#include <linux/pci_regs.h>

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
	field_id(w, "vendor_id", " ", &s->ids.vendor_id, 4);
	field_id(w, "device_id", ":", &s->ids.device_id, 4);
	field_id(w, "class_id", " [", &s->ids.class_id, 6);
	writer_text(w, "]");
	field_name(w, "class", " ", &s->class_name);
	writer_text(w, "%s", named && !s->class_name.reason ? ":" : "");
	field_name(w, "vendor", " ", &s->vendor);
	field_name(w, "device", " ", &s->device);
}

void field_link(struct writer *w, const char *label, const struct link_state *link, bool show)
{
	bool reduced = link_state_is_reduced(link);

	if (link->reason) {
		writer_null(w, "link", show ? label : NULL, link->reason);
		return;
	}
	writer_object(w, "link");
	writer_real(w, "speed_gts", show ? label : NULL, link->speed);
	writer_number(w, "width", show ? "GT/s x" : NULL, link->width);
	writer_bool(w, "reduced", NULL, reduced);
	writer_real(w, "max_speed_gts", show && reduced ? " (possible " : NULL, link->max_speed);
	writer_number(w, "max_width", show && reduced ? "GT/s x" : NULL, link->max_width);
	writer_text(w, "%s", show && reduced ? ")" : "");
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

void field_bar(struct writer *w, const char *key, const struct bar *bar, bool full,
	       const struct fact_number *command)
{
	bool rom = bar->index == DEVICE_ROM;

	writer_object(w, key);
	if (!rom)
		writer_number(w, "index", "BAR", bar->index);
	writer_string(w, "type", rom ? NULL : " ", bar->io ? "io" : "mem");
	writer_size(w, "size", rom ? "ROM " : " ", bar->size);
	writer_bool(w, "assigned", NULL, bar->state == BAR_ASSIGNED);
	if (bar->state == BAR_ASSIGNED)
		writer_hex(w, "address", full ? " at " : NULL, bar->start, bar->io ? 4 : 8);
	else
		writer_null(w, "address", " ", "unassigned");
	writer_number(w, "bits", NULL, bar->is_64bit ? 64 : 32);
	writer_bool(w, "prefetchable", NULL, bar->prefetchable);
	if (full && !bar->io && !rom)
		writer_text(w, ", %u-bit%s", bar->is_64bit ? 64 : 32,
			    bar->prefetchable ? ", prefetchable" : "");
	if (command)
		bar_decoded(w, bar, full, command);
	writer_end(w);
}
