// SPDX-License-Identifier: GPL-2.0-or-later
/* A twin's options as its verbs have them, and what it is, shown. */
#include "cli/cmd/twin.h"

#include <stdio.h>

int twin_bar_number(const char *text, unsigned int *bar, const char **size, struct error *error)
{
	unsigned int number = (unsigned int)(text[0] - '0');

	if (number >= DEVICE_BARS || text[1] != '=')
		return error_set(error, ERROR_USAGE, "bad-option",
				 "--bar: '%s' is not N=SIZE, with N from 0 to %d", text, DEVICE_BARS - 1);
	*bar = number;
	*size = text + 2;
	return 0;
}

int twin_make_options(struct invocation *inv, struct twin_options *options, struct pci_address *address)
{
	const struct option_values *o = &inv->options;
	int rc = 0;

	*options = (struct twin_options){ .config = o->config,
					  .rom = o->rom,
					  .snapshot = o->snapshot,
					  .model = o->model,
					  .replay = o->replay,
					  .log = o->log };
	if (inv->selected && selector_file_address(&inv->selector, address))
		options->address = address;
	for (unsigned int i = 0; rc == 0 && i < DEVICE_BARS; i++) {
		if (o->twin_bars[i])
			rc = twin_bar_parse(o->twin_bars[i], &options->bars[i], &inv->error);
	}
	if (rc < 0)
		error_prefix(&inv->error, "--bar");
	return rc;
}

static void render_bars(struct writer *w, const struct twin_summary *s)
{
	writer_array(w, "bars");
	for (unsigned int i = 0; i < DEVICE_BARS; i++) {
		if (!s->bars[i].size)
			continue;
		writer_object(w, NULL);
		writer_number(w, "bar", "  BAR ", i);
		writer_size(w, "size", ": ", s->bars[i].size);
		writer_string(w, "type", " ", s->bars[i].is_io ? "io" : "mem");
		writer_bool(w, "is_64bit", NULL, s->bars[i].is_64bit);
		writer_string(w, "behaves", ", ",
			      s->bars[i].is_replayed ? "recording"
			      : s->bars[i].is_memory ? "memory"
						     : "registers");
		writer_number(w, "registers", s->bars[i].registers ? " of the map: " : NULL,
			      s->bars[i].registers);
		writer_line(w);
		writer_end(w);
	}
	writer_end(w);
}

/* BEFORE is what stands before it as text. */
static void render(struct writer *w, const struct twin *twin, const char *before)
{
	struct twin_summary s;

	twin_summary(twin, &s);
	writer_id(w, "vendor_id", before, s.vendor, 4);
	writer_id(w, "device_id", ":", s.device, 4);
	writer_number(w, "config_size", ", config space ", s.config_size);
	writer_number(w, "intx", ", vectors: INTx ", s.vectors[0]);
	writer_number(w, "msi", ", MSI ", s.vectors[1]);
	writer_number(w, "msix", ", MSI-X ", s.vectors[2]);
	writer_line(w);
	render_bars(w, &s);
	if (s.rom) {
		writer_size(w, "rom", "  ROM: ", s.rom);
		writer_line(w);
	} else {
		writer_null(w, "rom", NULL, "there is none");
	}
}

void twin_render(struct invocation *inv, const struct twin *twin, const char *socket)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "socket", "", socket);
	render(w, twin, ": ");
	/* whoever waits for it connects now */
	writer_document_end(w);
	fflush(stdout);
}

void twin_members_render(struct invocation *inv, const struct twin_members *members)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	render(w, members->list[0].twin, "");
	writer_array(w, "others");
	for (size_t i = 1; i < members->count; i++) {
		writer_object(w, NULL);
		writer_string(w, "file", "", members->list[i].file);
		render(w, members->list[i].twin, ": ");
		writer_end(w);
	}
	writer_end(w);
	writer_document_end(w);
}
