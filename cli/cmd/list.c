// SPDX-License-Identifier: GPL-2.0-or-later
/* `list`: the devices that match, all of them without -s and -d. PCIETOOL_DEVICE does not count here. */
#include "cli/cmd/list.h"

#include <stdlib.h>

#include "cli/cmd/list_tree.h"
#include "cli/command.h"
#include "cli/device.h"
#include "cli/fields.h"
#include "cli/table.h"
#include "core/preflight/no_room.h"
#include "core/survey/summary.h"

/* Below this many columns the names are worth more than the BARs. */
#define WIDE 120

static const struct table_column narrow[] = {
	{ "ADDRESS", false }, { "ID", false },	{ "DRIVER", false },
	{ "LINK", false },    { "NAME", true }, { NULL, false },
};

static const struct table_column wide[] = {
	{ "ADDRESS", false }, { "ID", false },	 { "DRIVER", false }, { "LINK", false },
	{ "NAME", true },     { "BARS", false }, { NULL, false },
};

static bool is_shown(const struct bar *bar)
{
	return bar->state == BAR_ASSIGNED || bar->state == BAR_UNASSIGNED || bar->state == BAR_NO_ROOM;
}

/* In one line, or one line each with the addresses. */
static void write_bars(struct writer *w, const struct device_summary *s, bool full)
{
	if (s->bars_reason) {
		writer_null(w, "bars", ", BARs: ", s->bars_reason);
		return;
	}
	writer_array(w, "bars");
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		if (!is_shown(&s->bars[i]))
			continue;
		if (full) {
			writer_line(w);
			writer_column(w, FIELDS_COLUMN);
		} else {
			writer_text(w, ", ");
		}
		field_bar(w, NULL, &s->bars[i], full, NULL, NULL);
	}
	writer_end(w);
}

static void write_device(struct writer *w, const struct device_summary *s, bool full)
{
	bool is_table = writer_is_table(w);

	writer_object(w, NULL);
	writer_cell(w, "ADDRESS");
	field_identity(w, s);
	field_id(w, "revision", full ? ", revision " : NULL, &s->revision, 2);
	if (!is_table)
		writer_line(w);
	writer_column(w, FIELDS_COLUMN);
	writer_cell(w, "DRIVER");
	field_text(w, "driver", is_table ? "" : "driver ", &s->driver);
	writer_cell(w, "LINK");
	field_link(w, is_table ? "" : ", link ", &s->link,
		   !s->link.reason || full || s->link.reason == FACT_NO_ANSWER);
	writer_cell(w, "BARS");
	write_bars(w, s, full);
	writer_line(w);
	if (full && !s->ids.subsystem_vendor_id.reason) {
		writer_column(w, FIELDS_COLUMN);
		writer_text(w, "subsystem ");
	} else {
		full = false;
	}
	field_id(w, "subsystem_vendor_id", full ? "" : NULL, &s->ids.subsystem_vendor_id, 4);
	field_id(w, "subsystem_device_id", full ? ":" : NULL, &s->ids.subsystem_device_id, 4);
	field_name(w, "subsystem_vendor", full ? " " : NULL, &s->subsystem_vendor);
	field_name(w, "subsystem", full ? " " : NULL, &s->subsystem);
	if (full)
		writer_line(w);
	writer_end(w);
}

void list_write(struct writer *w, const struct context *ctx, const struct pci_address *list, size_t count,
		struct names *names, bool full)
{
	bool details = full || writer_is_json(w);
	struct device_summary summary;
	struct no_room no_room;
	struct device *device;
	struct error error;

	no_room_read(ctx, &no_room);
	writer_document(w, "list");
	if (!full)
		writer_table(w, writer_width(w) < WIDE ? narrow : wide);
	writer_array(w, "devices");
	for (size_t i = 0; i < count; i++) {
		if (device_open(ctx, &list[i], &device, &error) < 0)
			continue;
		device_summary_read(device, names, details, &summary);
		/* no look at registers: nothing is woken */
		if (!summary.bars_reason)
			no_room_apply(&no_room, device, false, summary.bars);
		device_close(device);
		write_device(w, &summary, full);
	}
	no_room_free(&no_room);
	writer_document_end(w);
}

static int run_list(struct invocation *inv)
{
	const struct option_values *options = &inv->options;
	struct names *names = NULL;
	struct pci_address *list;
	size_t count;
	int rc;

	rc = selector_list(&inv->ctx, &inv->selector, &list, &count, &inv->error);
	if (rc < 0)
		return rc;
	if (count == 0 && inv->selected) {
		rc = no_match(inv);
	} else if (!options->numeric && count > 0) {
		rc = names_open(&inv->ctx, &names);
		if (rc < 0)
			error_errno(&inv->error, rc, "names");
	}
	if (rc == 0 && options->tree)
		rc = list_tree(inv, names, list, count);
	else if (rc == 0)
		list_write(inv->out, &inv->ctx, list, count, names, inv->verbosity > 0);
	names_close(names);
	free(list);
	return rc;
}

const struct command list_commands[] = {
	{
		.name = "list",
		.all_by_default = true,
		.summary = "List the devices: ids, names, driver, link, BARs",
		.details =
			"With -s or -d only those that match; none is exit status 3. With -v each BAR "
			"with its address, and the subsystem. On a terminal a device is one line, as wide as "
			"that, with the BARs where there is room.",
		.options = TAKES(OPTION_TREE, OPTION_NUMERIC),
		.offline = true,
		.pages = true,
		.run = run_list,
	},
	{ 0 },
};
