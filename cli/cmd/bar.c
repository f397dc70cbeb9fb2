// SPDX-License-Identifier: GPL-2.0-or-later
/* bar: the address ranges of devices, how bridges pass them on, and the size of those that can be resized. */
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/device.h"
#include "cli/fields.h"
#include "core/base/number.h"
#include "core/control/bar_resize.h"
#include "core/control/sriov.h"
#include "core/fabric/bridge_map.h"
#include "core/kernel/sysfs.h"
#include "core/pci/attribute.h"
#include "core/pci/power.h"
#include "core/preflight/decoding.h"
#include "core/preflight/no_room.h"

/* --- list --------------------------------------------------------------------------------------------- */

/* What of a device decides whether its ranges are decoded; read once. */
struct decoding {
	struct fact_number command;
	struct fact_number rom; /* the register */
	struct fact_number numvfs; /* 0: VF BARs are not decoded */
	struct fact_number totalvfs; /* of the device: its driver may allow less */
	struct bar bars[DEVICE_BARS + 1];
	bool has_bars;
	bool is_asleep; /* its registers are left alone */
};

static void read_decoding(struct device *device, bool is_bridge, struct decoding *d)
{
	struct error ignored;

	d->has_bars = device_bars(device, d->bars, &ignored) == 0;
	d->is_asleep = power_is_asleep(device);
	if (d->is_asleep) {
		d->command.reason = POWER_SUSPENDED;
		d->rom.reason = POWER_SUSPENDED;
	} else {
		fact_read_config(device, PCI_COMMAND, 16, &d->command);
		decoding_apply(device, &d->command);
		fact_read_config(device, is_bridge ? PCI_ROM_ADDRESS1 : PCI_ROM_ADDRESS, 32, &d->rom);
	}
	fact_read_number(device, "sriov_numvfs", &d->numvfs);
	sriov_device_total(device, &d->totalvfs);
}

static void write_decoded(struct writer *w, const struct resource *r, const struct decoding *d)
{
	uint64_t bit = r->io ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY;
	const char *reason = d->command.reason;
	bool decoded = d->command.value & bit;

	if (r->kind == RESOURCE_ROM) {
		reason = reason ? reason : d->rom.reason;
		decoded = decoded && d->rom.value & PCI_ROM_ADDRESS_ENABLE;
	} else if (r->kind == RESOURCE_VF_BAR) {
		/* the kernel turns decoding of virtual functions on when it makes them */
		reason = d->numvfs.reason;
		decoded = d->numvfs.value != 0;
	}
	if (reason) {
		writer_null(w, "decoded",
			    reason == FACT_NO_ANSWER || (r->assigned && d->is_asleep) ? ", " : NULL, reason);
		return;
	}
	writer_bool(w, "decoded", NULL, decoded);
	if (r->assigned && !decoded)
		writer_text(w, ", not decoded");
}

/* Has the device still the address that the kernel gave it? */
static void write_lost(struct writer *w, struct device *device, const struct resource *r,
		       const struct decoding *d)
{
	struct fact_number lost = { .reason = NULL };

	if (d->command.reason == FACT_NO_ANSWER || d->is_asleep)
		lost.reason = d->command.reason;
	else if (r->kind == RESOURCE_BAR && d->has_bars)
		decoding_lost_read(device, &d->bars[r->index], &(const struct fact_number){ 0 }, &lost);
	field_lost(w, &lost);
}

/* The sizes that a BAR may be given, as an array; null where it cannot. */
static void write_sizes(struct writer *w, struct device *device, const struct resource *r)
{
	char text[BAR_SIZES_TEXT];
	struct bar_sizes sizes;

	bar_sizes_read(device, r->index, &sizes);
	if (sizes.reason) {
		writer_null(w, "sizes", bar_sizes_can(&sizes) ? ", sizes: " : NULL, sizes.reason);
		return;
	}
	bar_sizes_format(&sizes, text);
	writer_text(w, ", sizes: %s", text);
	writer_array(w, "sizes");
	for (unsigned int bit = 0; bit < 44; bit++) {
		if (sizes.bitmap >> bit & 1)
			writer_size(w, NULL, NULL, UINT64_C(1) << (bit + 20));
	}
	writer_end(w);
}

/* The range is that of all VFs that the device has, one behind the other. */
static void write_vfs(struct writer *w, const struct resource *r, const struct fact_number *total)
{
	const char *reason = total->reason ? total->reason : !total->value ? "none" : NULL;

	if (reason) {
		writer_null(w, "vfs", ", number of VFs: ", reason);
		writer_null(w, "size_each", NULL, reason);
		return;
	}
	writer_number(w, "vfs", ", for ", total->value);
	writer_size(w, "size_each", " VFs of ", r->size / total->value);
}

static void write_resource(struct writer *w, struct device *device, const struct resource *r,
			   const struct decoding *d)
{
	writer_column(w, FIELDS_COLUMN);
	writer_object(w, NULL);
	field_resource(w, r, true);
	if (r->kind == RESOURCE_VF_BAR)
		write_vfs(w, r, &d->totalvfs);
	write_decoded(w, r, d);
	write_lost(w, device, r, d);
	if (r->kind == RESOURCE_BAR)
		write_sizes(w, device, r);
	writer_end(w);
	writer_line(w);
}

static void write_none(struct writer *w, const struct device *device, const struct no_room *no_room)
{
	bool is_complete = no_room_would_tell(no_room, &device->address);

	writer_text(w, "none%s", is_complete ? "" : FIELDS_BARS_UNTOLD);
	writer_line(w);
}

/* The registers of virtual functions' BARs are 0, those of one that sleeps are not asked for. */
static bool may_look(const struct device *device)
{
	return !device_is_virtual(device) && !power_is_asleep(device);
}

static int list_one(struct invocation *inv, struct device *device, const void *data)
{
	const struct no_room *no_room = data;
	struct writer *w = inv->out;
	struct resource_list list;
	struct decoding decoding;
	struct error why;
	int rc;

	writer_object(w, NULL);
	writer_string(w, "address", "", device->name);
	writer_column(w, FIELDS_COLUMN);
	rc = resource_list_read(device, &list, &why);
	if (rc < 0) {
		writer_null(w, "resources", "", fact_reason(rc));
		writer_line(w);
		writer_end(w);
		return 0;
	}
	no_room_apply_list(no_room, device, may_look(device), &list);
	read_decoding(device, list.is_bridge, &decoding);
	writer_array(w, "resources");
	for (unsigned int i = 0; i < list.count; i++)
		write_resource(w, device, &list.items[i], &decoding);
	writer_end(w);
	if (!list.count)
		write_none(w, device, no_room);
	writer_end(w);
	return 0;
}

static int run_list(struct invocation *inv)
{
	struct pci_address *list;
	struct no_room no_room;
	size_t count;
	int rc;

	/* before the document is begun: does anything match? */
	rc = matches_list(inv, &list, &count);
	if (rc < 0)
		return rc;
	free(list);
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "devices");
	no_room_read(&inv->ctx, &no_room);
	rc = matches_show(inv, list_one, &no_room);
	no_room_free(&no_room);
	writer_end(inv->out);
	return rc;
}

/* --- windows ------------------------------------------------------------------------------------------- */

static void write_window(struct writer *w, const struct bridge_window *window)
{
	bool on = window->resource.assigned;

	writer_column(w, FIELDS_COLUMN);
	writer_object(w, NULL);
	field_resource(w, &window->resource, true);
	writer_size(w, "used", on ? ": used " : NULL, window->used);
	writer_size(w, "free", on ? ", free " : NULL, window->free);
	writer_size(w, "largest_free", window->largest ? ", room for a BAR of " : NULL, window->largest);
	writer_end(w);
	writer_line(w);
}

static void write_overlap(struct writer *w, const struct bridge_claim *c, bool show)
{
	char other[PCI_ADDRESS_SIZE + RESOURCE_NAME_SIZE];
	char name[RESOURCE_NAME_SIZE];

	if (!c->overlaps) {
		writer_null(w, "overlaps", NULL, "none");
		return;
	}
	resource_name_format(&c->overlaps->resource, name);
	snprintf(other, sizeof(other), "%s %s", c->overlaps->node->name, name);
	writer_string(w, "overlaps", show ? ", OVERLAPS " : NULL, other);
}

static void write_claim(struct writer *w, const struct bridge_map *map, const struct bridge_claim *c,
			bool verbose)
{
	bool is_lost = c->outside && !map->is_transparent;
	bool show = verbose || is_lost || c->overlaps || !c->resource.assigned;

	if (show)
		writer_column(w, FIELDS_COLUMN);
	writer_object(w, NULL);
	writer_string(w, "device", show ? "" : NULL, c->node->name);
	writer_text(w, "%s", show ? " " : "");
	field_resource(w, &c->resource, show);
	if (c->window < 0)
		writer_null(w, "in_window", NULL, c->resource.assigned ? "outside" : "unassigned");
	else
		writer_string(w, "in_window", show ? ", in window " : NULL,
			      resource_window_name((unsigned int)c->window));
	writer_bool(w, "outside", NULL, is_lost);
	writer_text(w, "%s", is_lost ? ", OUTSIDE of every window" : "");
	write_overlap(w, c, show);
	writer_end(w);
	if (show)
		writer_line(w);
}

static void write_map(struct invocation *inv, const struct bridge_map *map)
{
	struct writer *w = inv->out;

	writer_object(w, NULL);
	writer_string(w, "address", "", map->bridge->name);
	writer_bool(w, "transparent", NULL, map->is_transparent);
	writer_array(w, "windows");
	for (int i = 0; i < WINDOWS; i++)
		write_window(w, &map->windows[i]);
	writer_end(w);
	writer_array(w, "below");
	for (size_t i = 0; i < map->count; i++)
		write_claim(w, map, &map->claims[i], inv->verbosity > 0);
	writer_end(w);
	writer_end(w);
}

/* Of what matches the bridges; a single function that is none is an error. */
static int write_bridges(struct invocation *inv, const struct topology *t, const struct pci_address *list,
			 size_t count)
{
	struct no_room no_room;
	struct bridge_map map;
	size_t shown = 0;
	int rc = 0;

	no_room_read(&inv->ctx, &no_room);
	for (size_t i = 0; i < count; i++) {
		const struct topology_node *node = topology_find(t, &list[i]);

		if (!node || (!node->is_bridge && (!inv->selected || count > 1)))
			continue;
		rc = bridge_map_read(&inv->ctx, node, &no_room, &map, &inv->error);
		if (rc < 0)
			break;
		if (shown++ == 0) {
			writer_document(inv->out, inv->command->name);
			writer_array(inv->out, "bridges");
		}
		write_map(inv, &map);
		bridge_map_free(&map);
	}
	no_room_free(&no_room);
	if (rc < 0 || shown)
		return rc;
	if (inv->selected)
		return error_set(&inv->error, ERROR_UNSUPPORTED, "no-bridge",
				 "none of the devices that match is a bridge");
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "bridges");
	return 0;
}

static int run_windows(struct invocation *inv)
{
	struct topology *topology = NULL;
	struct pci_address *list;
	size_t count;
	int rc;

	rc = matches_list(inv, &list, &count);
	if (rc < 0)
		return rc;
	rc = topology_read(&inv->ctx, &topology, &inv->error);
	if (rc == 0)
		rc = write_bridges(inv, topology, list, count);
	topology_free(topology);
	free(list);
	return rc;
}

/* --- resize --------------------------------------------------------------------------------------------- */

static int parse_bar(const char *text, unsigned int *bar, struct error *error)
{
	uint64_t n;
	int rc = number_parse(text, &n, error);

	if (rc < 0)
		return rc;
	if (n >= DEVICE_BARS)
		return error_set(error, ERROR_USAGE, "bad-bar", "BARs are 0 to %d, not %s", DEVICE_BARS - 1,
				 text);
	*bar = (unsigned int)n;
	return 0;
}

static int parse_bar_size(const char *text, uint64_t *size, struct error *error)
{
	int rc = size_parse(text, size, error);

	if (rc < 0)
		return rc;
	if (*size < 1 << 20 || *size & (*size - 1))
		return error_set(error, ERROR_USAGE, "bad-size",
				 "a BAR's size is a power of two from 1M on, not %s", text);
	return 0;
}

/* AFTER NULL: it was not done. */
static void write_resized(struct invocation *inv, const struct device *device, const struct bar_resize *plan,
			  const struct bar *after)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_bool(w, "dry_run", NULL, inv->dry_run);
	writer_string(w, "address", NULL, device->name);
	writer_number(w, "bar", "BAR", plan->bar.index);
	writer_size(w, "old_size", " ", plan->bar.size);
	writer_size(w, "size", " -> ", plan->size);
	if (!after)
		writer_null(w, "bar_address", NULL, "dry run");
	else if (after->state == BAR_ASSIGNED)
		writer_hex(w, "bar_address", " at ", after->start, 8);
	else
		writer_null(w, "bar_address", " ", "unassigned");
	writer_line(w);
}

static int run_resize(struct invocation *inv)
{
	struct bar_resize plan;
	struct device *device;
	unsigned int index;
	struct bar after;
	uint64_t size;
	int rc;

	rc = parse_bar(inv->operands[0], &index, &inv->error);
	if (rc == 0)
		rc = parse_bar_size(inv->operands[1], &size, &inv->error);
	if (rc == 0)
		rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = bar_resize_plan(device, index, size, &plan, &inv->error);
	if (rc == 0 && !inv->dry_run && plan.bar.size != size)
		rc = bar_resize(device, &plan, &after, &inv->error);
	else
		after = plan.bar;
	if (rc == 0)
		write_resized(inv, device, &plan, inv->dry_run ? NULL : &after);
	device_close(device);
	return rc;
}

const struct command bar_commands[] = {
	{
		.name = "bar list",
		.summary =
			"List the address ranges: BARs, ROM, those of virtual functions, a bridge's windows",
		.details =
			"Of each device that matches, or all, with the sizes that a resizable BAR can have "
			"(for root; a device that sleeps is left asleep).",
		.run = run_list,
	},
	{
		.name = "bar windows",
		.summary = "Show what of a bridge's windows is used, what is free, what lies outside",
		.details =
			"Of each bridge that matches, or all. What is right below it is measured; -v lists "
			"all of that, otherwise only what overlaps, lies outside or has no address.",
		.run = run_windows,
	},
	{
		.name = "bar resize",
		.operands = "BAR SIZE",
		.summary = "Give a resizable BAR another size",
		.details = "The kernel does it, and moves the device's other BARs of the same kind. No "
			   "driver may be bound. Prints the BAR's new address.",
		.min_operands = 2,
		.max_operands = 2,
		.operand_kind = WORD_BAR,
		.reopens = REOPENS_ALL,
		.run = run_resize,
	},
	{ 0 },
};
