// SPDX-License-Identifier: GPL-2.0-or-later
/* Files of /sys/bus/pci/slots and of the LEDs of an enclosure. */
#include "core/control/slot.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"
#include "core/pci/fact.h"
#include "core/pci/power.h"

#define SLOTS "/sys/bus/pci/slots"
#define ENCLOSURE ":enclosure:"

static bool leads_to(const struct context *ctx, const struct topology_node *port, const struct slot *slot)
{
	struct fact_number bus;
	struct device *device;
	struct error ignored;
	char path[PATH_MAX];

	if (!port->is_bridge || port->address.domain != slot->address.domain)
		return false;
	if (port->child)
		return port->child->address.bus == slot->address.bus;
	/* nothing is below it: the folder of its bus tells, or its register, which may wake it */
	if (sysfs_path(ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s/pci_bus", port->name) == 0 &&
	    access(path, F_OK) == 0) {
		snprintf(path + strlen(path), sizeof(path) - strlen(path), "/%04x:%02x", slot->address.domain,
			 slot->address.bus);
		return access(path, F_OK) == 0;
	}
	if (device_open(ctx, &port->address, &device, &ignored) < 0)
		return false;
	bus.reason = POWER_SUSPENDED;
	if (!power_is_asleep(device))
		fact_read_config(device, PCI_SECONDARY_BUS, 8, &bus);
	device_close(device);
	return !bus.reason && bus.value == slot->address.bus;
}

const struct topology_node *slot_port(const struct context *ctx, const struct topology *topology,
				      const struct slot *slot)
{
	for (size_t i = 0; i < topology->count; i++) {
		if (leads_to(ctx, &topology->nodes[i], slot))
			return &topology->nodes[i];
	}
	return NULL;
}

static bool is_on_bus_of(const struct slot *slot, const struct pci_address *address)
{
	return address->domain == slot->address.domain && address->bus == slot->address.bus;
}

bool slot_has_bus(const struct slot_list *list, const struct slot *slot)
{
	if (slot->address.device)
		return false;
	for (size_t i = 0; i < list->count; i++) {
		const struct pci_address *other = &list->slots[i].address;

		if (is_on_bus_of(slot, other) && other->device)
			return false;
	}
	return true;
}

bool slot_has_function(const struct slot *slot, const struct pci_address *address)
{
	return is_on_bus_of(slot, address) && address->device == slot->address.device;
}

static const char *reason_of(int rc)
{
	return rc == -ENOENT ? "the slot's driver does not tell" : fact_reason(rc);
}

static void read_number(const struct context *ctx, const struct slot *slot, const char *file,
			struct fact_number *fact)
{
	int rc = sysfs_read_number(ctx, &fact->value, SLOTS "/%s/%s", slot->name, file);

	fact->reason = rc < 0 ? reason_of(rc) : NULL;
}

static void read_text(const struct context *ctx, const struct slot *slot, const char *file,
		      struct fact_text *fact)
{
	int rc = sysfs_read(ctx, fact->text, sizeof(fact->text), SLOTS "/%s/%s", slot->name, file);

	fact->reason = rc < 0 ? reason_of(rc) : NULL;
}

void slot_state_read(const struct context *ctx, const struct slot *slot, struct slot_state *state)
{
	read_number(ctx, slot, "power", &state->power);
	read_number(ctx, slot, "attention", &state->attention);
	read_number(ctx, slot, "latch", &state->latch);
	read_number(ctx, slot, "adapter", &state->adapter);
	read_text(ctx, slot, "cur_bus_speed", &state->speed);
	read_text(ctx, slot, "max_bus_speed", &state->max_speed);
}

static int failed(int rc, const struct slot *slot, const char *file, struct error *error)
{
	if (rc == -ENOENT) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-switch",
			       "slot %s: its driver has no switch for that: there is no %s", slot->name,
			       file);
		error_hint(error, "'pcietool slot show' shows what each slot has");
		return rc;
	}
	error_errno(error, rc, "slot %s: writing %s", slot->name, file);
	if (rc == -ENODEV)
		error_hint(
			error,
			"its driver finds no card there, or the power or the link fails: see 'pcietool slot "
			"show' and 'dmesg'");
	if ((rc == -EACCES || rc == -EPERM) && geteuid() != 0)
		error_hint(error, "run as root");
	return rc;
}

/* A file that a driver cannot write is there for reading only. */
static int check_file(const struct context *ctx, const struct slot *slot, const char *file,
		      struct error *error)
{
	char path[PATH_MAX];
	int rc = sysfs_path(ctx, path, sizeof(path), SLOTS "/%s/%s", slot->name, file);

	if (rc >= 0 && access(path, F_OK) < 0)
		rc = -errno;
	return rc < 0 ? failed(rc, slot, file, error) : 0;
}

int slot_check_power(const struct context *ctx, const struct slot *slot, struct error *error)
{
	return check_file(ctx, slot, "power", error);
}

int slot_check_attention(const struct context *ctx, const struct slot *slot, struct error *error)
{
	return check_file(ctx, slot, "attention", error);
}

static int write_number(const struct context *ctx, const struct slot *slot, const char *file,
			unsigned int number, struct error *error)
{
	char text[16];
	int rc;

	snprintf(text, sizeof(text), "%u", number);
	rc = sysfs_write(ctx, text, SLOTS "/%s/%s", slot->name, file);
	return rc < 0 ? failed(rc, slot, file, error) : 0;
}

/* Has the kernel a function in it? */
static bool is_occupied(const struct context *ctx, const struct slot *slot)
{
	struct pci_address address = slot->address;
	char path[PATH_MAX];
	char name[PCI_ADDRESS_SIZE];

	for (address.function = 0; address.function < 8; address.function++) {
		pci_address_format(&address, name);
		if (sysfs_path(ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s", name) == 0 &&
		    access(path, F_OK) == 0)
			return true;
	}
	return false;
}

/* pciehp takes a card out of a slot without a power controller too, and cannot turn its power off. */
static int still_on(const struct slot *slot, bool occupied, struct error *error)
{
	int rc;

	if (occupied) {
		rc = error_set(error, ERROR_DIFFERS, "power", "slot %s: its power is on all the same",
			       slot->name);
		error_hint(error, "see 'pcietool slot show' and 'dmesg'");
		return rc;
	}
	rc = error_set(
		error, ERROR_DIFFERS, "power",
		"slot %s: no device is in it any more for the kernel, but its power is on all the same",
		slot->name);
	error_hint(
		error,
		"a slot without a power controller keeps it; 'pcietool -s slot:%s slot power on' finds its "
		"card again",
		slot->name);
	return rc;
}

static int still_off(const struct slot *slot, struct error *error)
{
	int rc = error_set(error, ERROR_DIFFERS, "power", "slot %s: its power is off all the same",
			   slot->name);

	error_hint(error, "a latch that is open, a power fault? See 'pcietool slot show' and 'dmesg'");
	return rc;
}

/* pciehp and shpchp refuse what is so already, with the ENODEV of a slot without a card. */
int slot_set_power(const struct context *ctx, const struct slot *slot, bool on, struct error *error)
{
	struct fact_number power;
	struct error why;
	bool occupied;
	bool refused;
	bool is_on;
	int rc = write_number(ctx, slot, "power", on, &why);

	refused = rc == -ENODEV || rc == -EINVAL;
	if (rc < 0 && !refused) {
		*error = why;
		return rc;
	}
	read_number(ctx, slot, "power", &power);
	occupied = is_occupied(ctx, slot);
	is_on = !power.reason && power.value;
	/* what is so already is done */
	if (refused && (power.reason || (on ? !(is_on && occupied) : is_on && occupied))) {
		*error = why;
		return rc;
	}
	if (power.reason || is_on == on)
		return 0;
	return on ? still_off(slot, error) : still_on(slot, occupied, error);
}

int slot_set_attention(const struct context *ctx, const struct slot *slot, enum slot_attention attention,
		       struct error *error)
{
	return write_number(ctx, slot, "attention", attention, error);
}

/* --- an enclosure -------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct slot_indication *)a)->name, ((const struct slot_indication *)b)->name);
}

unsigned int slot_indications_read(const struct context *ctx, const struct pci_address *address,
				   struct slot_indication list[SLOT_INDICATIONS])
{
	char device[PCI_ADDRESS_SIZE];
	unsigned int count = 0;
	struct dirent *entry;
	DIR *dir;

	pci_address_format(address, device);
	dir = sysfs_opendir(ctx, SYSFS_PCI_DEVICES "/%s/leds", device);
	if (!dir)
		return 0;
	while (count < SLOT_INDICATIONS && (entry = readdir(dir)) != NULL) {
		const char *name = strstr(entry->d_name, ENCLOSURE);
		uint64_t brightness;

		if (!name || strlen(name + strlen(ENCLOSURE)) >= sizeof(list[0].name) ||
		    sysfs_read_number(ctx, &brightness, SYSFS_PCI_DEVICES "/%s/leds/%s/brightness", device,
				      entry->d_name) < 0)
			continue;
		snprintf(list[count].name, sizeof(list[0].name), "%s", name + strlen(ENCLOSURE));
		list[count++].is_on = brightness != 0;
	}
	closedir(dir);
	qsort(list, count, sizeof(list[0]), compare);
	return count;
}

static int indication_failed(int rc, const char *device, const char *name, struct error *error)
{
	if (rc == -ENOENT) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-indication", "%s: it has no indication '%s'",
			       device, name);
		error_hint(error, "'pcietool slot show' lists those that there are");
		return rc;
	}
	return rc < 0 ? error_errno(error, rc, "%s: the indication '%s'", device, name) : 0;
}

int slot_check_indication(const struct context *ctx, const struct pci_address *address, const char *name,
			  struct error *error)
{
	char device[PCI_ADDRESS_SIZE];
	uint64_t brightness;

	pci_address_format(address, device);
	return indication_failed(sysfs_read_number(ctx, &brightness,
						   SYSFS_PCI_DEVICES "/%s/leds/%s" ENCLOSURE "%s/brightness",
						   device, device, name),
				 device, name, error);
}

int slot_set_indication(const struct context *ctx, const struct pci_address *address, const char *name,
			bool on, struct error *error)
{
	char device[PCI_ADDRESS_SIZE];

	pci_address_format(address, device);
	return indication_failed(sysfs_write(ctx, on ? "1" : "0",
					     SYSFS_PCI_DEVICES "/%s/leds/%s" ENCLOSURE "%s/brightness",
					     device, device, name),
				 device, name, error);
}
