// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/resource_fields.h"

#include <stdio.h>

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
