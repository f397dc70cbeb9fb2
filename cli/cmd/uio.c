// SPDX-License-Identifier: GPL-2.0-or-later
/* uio: the devices of UIO drivers, PCI or not. */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/fields.h"
#include "core/backend/uio.h"

static void render_map(struct writer *w, const struct uio_map *map)
{
	writer_object(w, NULL);
	writer_number(w, "index", "  map ", map->index);
	field_text(w, "name", " ", &map->name);
	writer_column(w, 24);
	field_hex(w, "address", "address ", &map->address, 0);
	field_hex(w, "size", " size ", &map->size, 0);
	field_hex(w, "offset", " offset ", &map->offset, 0);
	writer_line(w);
	writer_end(w);
}

static void render_port(struct writer *w, const struct uio_port *port)
{
	writer_object(w, NULL);
	writer_number(w, "index", "  port ", port->index);
	field_text(w, "name", " ", &port->name);
	writer_column(w, 24);
	field_hex(w, "start", "start ", &port->start, 0);
	field_hex(w, "size", " size ", &port->size, 0);
	field_text(w, "type", " ", &port->type);
	writer_line(w);
	writer_end(w);
}

static void render(struct writer *w, const struct uio_device *uio)
{
	writer_object(w, NULL);
	writer_number(w, "number", "uio", uio->number);
	field_text(w, "name", " ", &uio->name);
	field_text(w, "version", ", version ", &uio->version);
	field_text(w, "device", ", device ", &uio->parent);
	writer_bool(w, "is_pci", NULL, uio->is_pci);
	field_number(w, "events", ", events ", &uio->events);
	writer_line(w);
	writer_array(w, "maps");
	for (size_t i = 0; i < uio->map_count; i++)
		render_map(w, &uio->maps[i]);
	writer_end(w);
	writer_array(w, "ports");
	for (size_t i = 0; i < uio->port_count; i++)
		render_port(w, &uio->ports[i]);
	writer_end(w);
	writer_end(w);
}

/* With a selection only what it means: the UIO device itself, or that of the PCI device. */
static int is_meant(struct invocation *inv, const struct uio_device *uio, bool *meant)
{
	struct pci_address *list = NULL;
	size_t count = 0;
	int rc;

	*meant = !inv->selected || inv->selector.uio == (int)uio->number;
	if (*meant || inv->selector.uio >= 0 || !uio->is_pci)
		return 0;
	rc = selector_list(&inv->ctx, &inv->selector, &list, &count, &inv->error);
	for (size_t i = 0; rc == 0 && i < count; i++)
		*meant |= pci_address_compare(&list[i], &uio->address) == 0;
	free(list);
	return rc;
}

static int none_meant(struct error *error)
{
	int rc = error_set(error, ERROR_SELECT, "no-device", "no UIO device matches");

	error_hint(error, "'pcietool uio list' without -s and -d shows all there are");
	return rc;
}

/* The document is begun with the first, so that a selection without any can be refused. */
static int write_meant(struct invocation *inv, const unsigned int *numbers, size_t count)
{
	struct uio_device uio;
	struct error ignored;
	bool any = false;
	bool meant;
	int rc = 0;

	for (size_t i = 0; i < count; i++) {
		/* it may have gone meanwhile */
		if (uio_read(&inv->ctx, numbers[i], &uio, &ignored) < 0)
			continue;
		rc = is_meant(inv, &uio, &meant);
		if (rc < 0)
			return rc;
		if (!meant)
			continue;
		if (!any) {
			writer_document(inv->out, inv->command->name);
			writer_array(inv->out, "devices");
		}
		any = true;
		render(inv->out, &uio);
	}
	if (any)
		return 0;
	if (inv->selected)
		return none_meant(&inv->error);
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "devices");
	return 0;
}

static int run_list(struct invocation *inv)
{
	unsigned int *numbers = NULL;
	struct uio_device uio;
	size_t count = 0;
	int rc;

	rc = uio_list(&inv->ctx, &numbers, &count, &inv->error);
	/* one that is asked for by its number has to be there */
	if (rc == 0 && inv->selector.uio >= 0)
		rc = uio_read(&inv->ctx, (unsigned int)inv->selector.uio, &uio, &inv->error);
	if (rc == 0)
		rc = write_meant(inv, numbers, count);
	free(numbers);
	return rc;
}

const struct command uio_commands[] = {
	{
		.name = "uio list",
		.all_by_default = true,
		.summary = "Show UIO devices: name, version, maps, port regions, events",
		.details = "A device of it is selected by -s uio:N, for regs (a number before the ':' is "
			   "the map's) and irq, also one that is no PCI device.",
		.pages = true,
		.run = run_list,
	},
	{ 0 },
};
