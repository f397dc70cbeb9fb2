// SPDX-License-Identifier: GPL-2.0-or-later
/* remove, rescan: out of the kernel's tree of devices, and into it. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/device.h"
#include "core/backend/pool.h"
#include "core/driver/driver.h"
#include "core/control/functions.h"
#include "core/control/hotplug.h"
#include "core/fabric/empty_port.h"
#include "core/fabric/link.h"
#include "core/fabric/upstream_bridge.h"
#include "core/kernel/sysfs.h"
#include "core/pci/power.h"

static void render_entry(struct writer *w, const struct device_entry *entry, const char *sign)
{
	char name[PCI_ADDRESS_SIZE];

	pci_address_format(&entry->address, name);
	writer_object(w, NULL);
	writer_string(w, "address", sign, name);
	if (entry->has_id) {
		writer_id(w, "vendor", " ", entry->vendor, 4);
		writer_id(w, "device", ":", entry->device, 4);
	} else {
		writer_null(w, "vendor", NULL, "not given by the kernel");
		writer_null(w, "device", NULL, "not given by the kernel");
	}
	writer_line(w);
	writer_end(w);
}

/* How many there were. */
static unsigned int render_change(struct writer *w, const char *key, const char *sign,
				  const struct device_set *set, const struct device_set *other)
{
	const struct device_entry *entry;
	unsigned int count = 0;
	size_t i = 0;

	writer_array(w, key);
	for (; (entry = device_set_next_new(set, other, &i)); count++)
		render_entry(w, entry, sign);
	writer_end(w);
	return count;
}

/* What there is now against what there was. */
static int render_changes(struct invocation *inv, const struct device_set *before, unsigned int *changes)
{
	struct device_set after;
	int rc;

	rc = device_set_read(&inv->ctx, &after, &inv->error);
	if (rc < 0)
		return rc;
	*changes = render_change(inv->out, "gone", "- ", before, &after);
	*changes += render_change(inv->out, "appeared", "+ ", &after, before);
	device_set_free(&after);
	return 0;
}

/* --- remove ---------------------------------------------------------------------------------------- */

static int remove_device(struct invocation *inv, const struct device *device)
{
	struct device_set before = { .count = 0 };
	unsigned int changes;
	int rc;

	rc = device_set_read(&inv->ctx, &before, &inv->error);
	if (rc == 0)
		rc = inv->dry_run ? hotplug_check_remove(device, &inv->error)
				  : hotplug_remove(device, &inv->error);
	if (rc == 0) {
		writer_document(inv->out, inv->command->name);
		writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
		writer_string(inv->out, "address", inv->dry_run ? "" : NULL, device->name);
		if (inv->dry_run)
			writer_text(inv->out, " would be removed\n");
		rc = render_changes(inv, &before, &changes);
	}
	device_set_free(&before);
	return rc;
}

static int run_remove(struct invocation *inv)
{
	struct device *device = NULL;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = functions_check_session(device, &inv->error);
	if (rc == 0)
		rc = functions_check_use(device, &inv->error);
	if (rc == 0)
		rc = remove_device(inv, device);
	device_close(device);
	/* what the next line of a batch finds at the address is another one */
	if (inv->ctx.pool)
		device_pool_drop(inv->ctx.pool, true);
	return rc;
}

/* --- rescan ---------------------------------------------------------------------------------------- */

/* Which bus: of the devices that are selected, or of the address where there is none now. */
static int find_bus(struct invocation *inv, uint32_t *domain, uint8_t *bus)
{
	const struct selector *s = &inv->selector;
	struct pci_address *list = NULL;
	size_t count = 0;
	int rc;

	rc = selector_list(&inv->ctx, s, &list, &count, &inv->error);
	if (rc < 0)
		return rc;
	for (size_t i = 1; rc == 0 && i < count; i++) {
		if (list[i].domain != list[0].domain || list[i].bus != list[0].bus)
			rc = error_set(&inv->error, ERROR_SELECT, "several-buses",
				       "the devices that match are on several buses");
	}
	if (rc < 0) {
		error_hint(&inv->error, "without -s and -d all buses are rescanned");
	} else if (count > 0) {
		*domain = list[0].domain;
		*bus = list[0].bus;
	} else if (s->has_slot && s->bus != SELECT_ANY) {
		*domain = s->domain == SELECT_ANY ? 0 : (uint32_t)s->domain;
		*bus = (uint8_t)s->bus;
	} else {
		rc = no_match(inv);
		error_hint(&inv->error, "without -s and -d all buses are rescanned");
	}
	free(list);
	return rc;
}

static void render_bus(struct invocation *inv, bool all, uint32_t domain, uint8_t bus)
{
	char name[32];

	snprintf(name, sizeof(name), "%04x:%02x", domain, bus);
	writer_document(inv->out, inv->command->name);
	writer_bool(inv->out, "dry_run", NULL, inv->dry_run);
	if (all)
		writer_null(inv->out, "bus", inv->dry_run ? "would rescan " : NULL, "all buses");
	else
		writer_string(inv->out, "bus", inv->dry_run ? "would rescan bus " : NULL, name);
	if (inv->dry_run)
		writer_line(inv->out);
}

static void render_port(void *data, const char *port)
{
	struct invocation *inv = data;
	struct writer *w = inv->out;

	writer_object(w, NULL);
	writer_string(w, "address", "", port);
	writer_text(w, inv->dry_run ? " would be as before a reload that was killed"
				    : " is as before a reload that was killed");
	writer_line(w);
	writer_end(w);
}

/* Not before the scan: what a hot-plug driver is told again must not come in between. */
static int restore_ports(struct invocation *inv)
{
	int rc;

	writer_array(inv->out, "restored_ports");
	rc = upstream_bridge_recover(&inv->ctx, inv->dry_run, render_port, inv, &inv->error);
	writer_end(inv->out);
	return rc;
}

static void render_driver(void *data, const char *device, const char *driver)
{
	struct invocation *inv = data;
	struct writer *w = inv->out;

	writer_object(w, NULL);
	writer_string(w, "address", "", device);
	writer_text(w, inv->dry_run ? " would have its driver " : " has its driver ");
	if (driver[0])
		writer_string(w, "driver", "", driver);
	else
		writer_null(w, "driver", "", "none");
	writer_text(w, " as before a reload that was killed");
	writer_line(w);
	writer_end(w);
}

static int restore_drivers(struct invocation *inv)
{
	int rc;

	writer_array(inv->out, "restored_drivers");
	rc = driver_recover(&inv->ctx, inv->dry_run, render_driver, inv, &inv->error);
	writer_end(inv->out);
	return rc;
}

static void tell_empty_port(const struct context *ctx, const struct topology_node *node)
{
	struct empty_port empty;
	char text[EMPTY_PORT_TEXT];
	struct device *port;
	struct error ignored;

	if (device_open(ctx, &node->address, &port, &ignored) < 0)
		return;
	if (!power_is_asleep(port)) {
		empty_port_read(port, &empty);
		empty_port_text(&empty, true, text);
		if (text[0])
			context_log(ctx, LOG_WARN, "%s: %s", node->name, text);
	}
	device_close(port);
}

/* A card that is there and that the kernel did not find all the same. */
static void tell_empty_ports(const struct context *ctx)
{
	struct topology *topology;
	struct error ignored;

	if (topology_read(ctx, &topology, &ignored) < 0)
		return;
	for (size_t i = 0; i < topology->count; i++) {
		const struct topology_node *node = &topology->nodes[i];

		if (node->is_bridge && !node->child && link_is_port(ctx, node))
			tell_empty_port(ctx, node);
	}
	topology_free(topology);
}

static int run_rescan(struct invocation *inv)
{
	/* a batch's device may be the one that is looked for */
	bool all = !inv->selected || inv->inherited;
	struct device_set before;
	unsigned int changes;
	uint32_t domain = 0;
	uint8_t bus = 0;
	int rc;

	rc = all ? 0 : find_bus(inv, &domain, &bus);
	if (rc == 0 && !all)
		rc = hotplug_check_bus(&inv->ctx, domain, bus, &inv->error);
	if (rc < 0)
		return rc;
	rc = device_set_read(&inv->ctx, &before, &inv->error);
	if (rc < 0)
		return rc;
	if (!inv->dry_run)
		rc = all ? hotplug_rescan(&inv->ctx, &inv->error)
			 : hotplug_rescan_bus(&inv->ctx, domain, bus, &inv->error);
	if (rc == 0) {
		render_bus(inv, all, domain, bus);
		rc = render_changes(inv, &before, &changes);
		if (rc == 0)
			rc = restore_ports(inv);
		if (rc == 0)
			rc = restore_drivers(inv);
		/* silence would not tell that it was done */
		if (rc == 0 && !changes && !inv->dry_run && !inv->json)
			context_log(
				&inv->ctx, LOG_WARN,
				"no device came or went; 'pcietool link show' shows the ports whose link is down");
	}
	device_set_free(&before);
	if (rc == 0 && !inv->dry_run)
		tell_empty_ports(&inv->ctx);
	return rc;
}

const struct command rescan_commands[] = {
	{
		.name = "remove",
		.reopens = REOPENS_ALL,
		.summary = "Take the device out of the kernel's tree of devices",
		.details =
			"Its driver is unbound first, as are those of the devices below it. A disk that is "
			"mounted or an interface that is up is refused by name, without --force. 'rescan' "
			"finds it again.",
		.run = run_remove,
	},
	{
		.name = "rescan",
		.reopens = REOPENS_ALL,
		.all_by_default = true,
		.summary = "Look for devices that came, on all buses or on one",
		.details =
			"Prints which came (+) and went (-). With -s or -d it is the bus of that device, or "
			"of the address where there is none now. PCIETOOL_DEVICE is not looked at. Ports and drivers "
			"that a reload left changed when it was killed are as before.",
		.run = run_rescan,
	},
	{ 0 },
};
