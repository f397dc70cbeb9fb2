// SPDX-License-Identifier: GPL-2.0-or-later
/* A device out of the kernel's tree, and looked for again, by sysfs' files remove and rescan. */
#include "core/control/hotplug.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/pci/attribute.h"
#include "core/driver/driver.h"
#include "core/kernel/sysfs.h"

int hotplug_check_remove(const struct device *device, struct error *error)
{
	int rc = driver_check_session(device, error);
	char physical[PCI_ADDRESS_SIZE];

	if (rc < 0 || attribute_exists(device, "remove"))
		return rc;
	rc = attribute_check_device(device, error);
	if (rc < 0)
		return rc;
	rc = error_set(error, ERROR_UNSUPPORTED, "no-remove", "%s: the kernel does not let it be removed",
		       device->name);
	if (sysfs_link_name(device->ctx, physical, sizeof(physical), SYSFS_PCI_DEVICES "/%s/physfn",
			    device->name) == 0)
		error_hint(
			error,
			"a virtual function goes with all others of its physical one: 'pcietool -s %s sriov "
			"numvfs 0'",
			physical);
	return rc;
}

int hotplug_remove(const struct device *device, struct error *error)
{
	int rc = hotplug_check_remove(device, error);

	return rc == 0 ? attribute_write(device, "remove", "1", error) : rc;
}

static int explain(int rc, const char *what, struct error *error)
{
	error_errno(error, rc, "rescanning %s", what);
	if ((rc == -EACCES || rc == -EPERM) && geteuid() != 0)
		error_hint(error, "run as root");
	return rc;
}

int hotplug_rescan(const struct context *ctx, struct error *error)
{
	int rc = sysfs_write(ctx, "1", "/sys/bus/pci/rescan");

	return rc < 0 ? explain(rc, "all buses", error) : 0;
}

static int no_bus(uint32_t domain, uint8_t bus, struct error *error)
{
	return error_set(error, ERROR_SELECT, "no-bus", "there is no bus %04x:%02x", domain, bus);
}

int hotplug_check_bus(const struct context *ctx, uint32_t domain, uint8_t bus, struct error *error)
{
	char path[PATH_MAX];
	int rc = sysfs_path(ctx, path, sizeof(path), "/sys/class/pci_bus/%04x:%02x/rescan", domain, bus);

	if (rc < 0)
		return error_errno(error, rc, "bus %04x:%02x", domain, bus);
	return access(path, F_OK) < 0 ? no_bus(domain, bus, error) : 0;
}

int hotplug_rescan_bus(const struct context *ctx, uint32_t domain, uint8_t bus, struct error *error)
{
	char name[32];
	int rc;

	snprintf(name, sizeof(name), "bus %04x:%02x", domain, bus);
	rc = sysfs_write(ctx, "1", "/sys/class/pci_bus/%04x:%02x/rescan", domain, bus);
	if (rc == -ENOENT)
		return no_bus(domain, bus, error);
	return rc < 0 ? explain(rc, name, error) : 0;
}

static void read_ids(const struct context *ctx, struct device_entry *entry)
{
	char name[PCI_ADDRESS_SIZE];
	uint64_t vendor;
	uint64_t device;

	pci_address_format(&entry->address, name);
	if (sysfs_read_number(ctx, &vendor, SYSFS_PCI_DEVICES "/%s/vendor", name) < 0 ||
	    sysfs_read_number(ctx, &device, SYSFS_PCI_DEVICES "/%s/device", name) < 0)
		return;
	entry->vendor = (uint16_t)vendor;
	entry->device = (uint16_t)device;
	entry->has_id = true;
}

int device_set_read(const struct context *ctx, struct device_set *set, struct error *error)
{
	struct pci_address *list = NULL;
	struct device_entry *entries;
	struct selector all;
	size_t count = 0;
	int rc;

	selector_init(&all);
	rc = selector_list(ctx, &all, &list, &count, error);
	if (rc < 0)
		return rc;
	entries = calloc(count + 1, sizeof(*entries));
	if (!entries) {
		free(list);
		return error_errno(error, -ENOMEM, "listing devices");
	}
	for (size_t i = 0; i < count; i++) {
		entries[i].address = list[i];
		read_ids(ctx, &entries[i]);
	}
	free(list);
	set->list = entries;
	set->count = count;
	return 0;
}

void device_set_free(struct device_set *set)
{
	free(set->list);
	*set = (struct device_set){ .count = 0 };
}

static bool is_same(const struct device_entry *a, const struct device_entry *b)
{
	return a->address.domain == b->address.domain && a->address.bus == b->address.bus &&
	       a->address.device == b->address.device && a->address.function == b->address.function &&
	       a->vendor == b->vendor && a->device == b->device;
}

const struct device_entry *device_set_next_new(const struct device_set *set, const struct device_set *other,
					       size_t *i)
{
	while (*i < set->count) {
		const struct device_entry *entry = &set->list[(*i)++];
		bool known = false;

		for (size_t k = 0; k < other->count && !known; k++)
			known = is_same(entry, &other->list[k]);
		if (!known)
			return entry;
	}
	return NULL;
}
