/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs alone says of one function: for everybody, cheap, without waking it. `list` shows it, a survey starts with it. */
#ifndef PCIETOOL_SUMMARY_H
#define PCIETOOL_SUMMARY_H

#include "core/fabric/link.h"
#include "core/pci/fact.h"
#include "core/pci/ids.h"

struct device_ids {
	struct fact_number vendor_id;
	struct fact_number device_id;
	struct fact_number class_id; /* class, subclass, programming interface: 24 bits */
	struct fact_number subsystem_vendor_id;
	struct fact_number subsystem_device_id;
};

/* And the DRIVER that is bound, reason "none". One file of sysfs where it has all in one. */
void device_ids_read(const struct device *device, struct device_ids *ids, struct fact_text *driver);

/* A device without these registers, such as a bridge, shows zeroes: reason "none" then. */
void device_ids_check_subsystem(struct device_ids *ids);

struct device_summary {
	char address[PCI_ADDRESS_SIZE];
	struct device_ids ids;
	struct fact_number revision;
	struct fact_text vendor; /* names */
	struct fact_text device;
	struct fact_text subsystem_vendor;
	struct fact_text subsystem;
	struct fact_text class_name;
	struct fact_text driver; /* reason "none" */
	struct link_state link;
	const char *bars_reason; /* why the BARs are unknown; NULL: they are known */
	struct bar bars[DEVICE_BARS + 1];
};

/* The address, the ids, their names and the driver only, not the revision and the subsystem. NAMES NULL: without names. */
void device_summary_identity(struct device *device, struct names *names, struct device_summary *summary);
/* Link and BARs too, and with DETAILS those two. */
void device_summary_read(struct device *device, struct names *names, bool details,
			 struct device_summary *summary);

/* What the kernel made of a device: "net" "eth0", "nvme" "nvme0". */
#define KERNEL_NAME_SIZE 32
#define KERNEL_NAMES_MAX 16

struct kernel_name {
	char class_name[16];
	char name[KERNEL_NAME_SIZE];
};

struct kernel_names {
	unsigned int count;
	struct kernel_name names[KERNEL_NAMES_MAX];
};

/* In order of class and name. */
void kernel_names_read(const struct device *device, struct kernel_names *names);

/* One name, of what a device of CLASS_ID (24 bits) is for where it has that; "": none. */
void kernel_name_first(const struct device *device, uint64_t class_id, char name[KERNEL_NAME_SIZE]);

#endif
