// SPDX-License-Identifier: GPL-2.0-or-later
/* A trace as the verbs of trace want it, and how its lines are shown. */
#include <errno.h>
#include <stdlib.h>

#include "cli/cmd/trace.h"
#include "cli/maps.h"
#include "cli/register_view.h"

static void warn(const struct invocation *inv, const char *path, const struct trace_file *file)
{
	if (file->cut)
		context_log(&inv->ctx, LOG_WARN, "%s: %u line%s cut off, and left out", path, file->cut,
			    file->cut == 1 ? " is" : "s are");
	if (file->lost || file->lost_unknown)
		context_log(&inv->ctx, LOG_WARN, "%s: %llu%s accesses are missing in it", path,
			    (unsigned long long)file->lost, file->lost_unknown ? " or more" : "");
}

/* A map that is asked for must be there; one of the device is a gift. */
static int find_map(struct invocation *inv, struct regmap **map)
{
	struct regmap_id id;

	if (!inv->ctx.map_file && !map_choice_id(inv, &id))
		return 0;
	return inv->ctx.map_file ? map_choice(inv, map) : regmap_set_get(&inv->ctx, &id, map, &inv->error);
}

/*
 * Of several devices in one file, the one that is selected. What the environment selects may be another one than a trace of one
 * device is of: that is read everywhere.
 */
static int choose_device(struct invocation *inv, const char *path, struct trace_file *file)
{
	char device[PCI_ADDRESS_SIZE];
	struct pci_address address;
	size_t others;
	int rc;

	if (!inv->selected || (inv->by_environment && file->devices < 2))
		return 0;
	if (!selector_file_address(&inv->selector, &address)) {
		if (!inv->selector.has_slot || inv->by_environment)
			return 0;
		return error_set(&inv->error, ERROR_USAGE, "bad-option",
				 "%s: a device in a trace is selected by its whole address", path);
	}
	pci_address_format(&address, device);
	rc = trace_file_keep(path, file, device, &others, &inv->error);
	if (rc == 0 && others)
		context_log(&inv->ctx, LOG_NOTE, "%s: %s alone; %zu line%s left out", path, device, others,
			    others == 1 ? " of another device is" : "s of others are");
	return rc;
}

int trace_view_open(struct invocation *inv, const char *path, struct trace_view *view)
{
	int rc = find_map(inv, &view->map);

	if (rc == 0)
		rc = trace_file_read(path, &view->file, &inv->error);
	if (rc == 0)
		rc = choose_device(inv, path, &view->file);
	if (rc < 0)
		return rc;
	rc = trace_names_open(&inv->ctx, view->map, &view->names);
	if (rc == 0)
		rc = trace_steps(&view->file, &view->steps, &view->count);
	if (rc < 0)
		return error_errno(&inv->error, rc, "%s", path);
	warn(inv, path, &view->file);
	return 0;
}

void trace_view_close(struct trace_view *view)
{
	free(view->steps);
	trace_names_close(view->names);
	trace_file_free(&view->file);
}

void trace_view_place(struct writer *w, const struct trace_view *view, const struct trace_line *line)
{
	const struct regmap_register *reg = trace_names_find(view->names, line);
	const char *name = line->name ? line->name : reg ? reg->name : NULL;

	if (line->device)
		writer_string(w, "device", NULL, line->device);
	writer_string(w, "place", "", line->place);
	if (name)
		writer_string(w, "name", " ", name);
}

void trace_view_what(struct writer *w, const struct trace_line *line)
{
	const char op[] = { (char)line->op, '\0' };
	bool is_access = line->op == TRACE_READ || line->op == TRACE_WRITE || line->op == TRACE_STOP;

	writer_string(w, "op", "", op);
	if (line->width)
		writer_number(w, "width", NULL, line->width);
	if (line->has_value)
		writer_hex(w, "value", " ", line->value,
			   is_access ? register_digits((unsigned int)line->width) : 0);
	else
		writer_null(w, "value", " ", "none");
	if (line->error)
		writer_string(w, "error", " ", line->error);
}
