/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `list` shows of each device: from sysfs alone, for everybody, and cheap. */
#ifndef PCIETOOL_DEVICE_SUMMARY_H
#define PCIETOOL_DEVICE_SUMMARY_H

#include "core/pci/fact.h"
#include "core/fabric/link.h"
#include "core/pci/ids.h"

struct device_summary {
	char address[PCI_ADDRESS_SIZE];
	struct fact_number vendor_id;
	struct fact_number device_id;
	struct fact_number subsystem_vendor_id;
	struct fact_number subsystem_device_id;
	struct fact_number class_id; /* class, subclass, programming interface: 24 bits */
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

/* The address, the ids, their names and the driver only, not the subsystem. NAMES NULL: without names. */
void device_summary_identity(struct device *device, struct names *names, struct device_summary *summary);
/* Link and BARs too, and with SUBSYSTEM that. */
void device_summary_read(struct device *device, struct names *names, bool subsystem,
			 struct device_summary *summary);

#endif
