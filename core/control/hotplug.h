/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices taken out of the kernel's tree and found again. Linux Documentation/ABI/testing/sysfs-bus-pci. */
#ifndef PCIETOOL_HOTPLUG_H
#define PCIETOOL_HOTPLUG_H

#include "core/pci/device.h"

/* Whether it may be: not in a session of it, and not where the kernel has no switch for it. */
int hotplug_check_remove(const struct device *device, struct error *error);
/* Its driver, and those of the devices below it, are unbound first. */
int hotplug_remove(const struct device *device, struct error *error);

/* All buses. */
int hotplug_rescan(const struct context *ctx, struct error *error);
/* Is there one? ERROR_SELECT: there is not. */
int hotplug_check_bus(const struct context *ctx, uint32_t domain, uint8_t bus, struct error *error);
/* One and those below it; a bridge's windows are made anew when there is nothing on its bus. */
int hotplug_rescan_bus(const struct context *ctx, uint32_t domain, uint8_t bus, struct error *error);

/* What there is at a moment. */
struct device_entry {
	struct pci_address address;
	bool has_id;
	uint16_t vendor;
	uint16_t device;
};

struct device_set {
	struct device_entry *list; /* in order of address */
	size_t count;
};

int device_set_read(const struct context *ctx, struct device_set *set, struct error *error);
void device_set_free(struct device_set *set);
/* The next of SET, from *I on, that is not in OTHER with the same ids; NULL: no more. *I is moved behind it. */
const struct device_entry *device_set_next_new(const struct device_set *set, const struct device_set *other,
					       size_t *i);

#endif
