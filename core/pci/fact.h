/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Facts (core/base/fact.h) about a device. */
#ifndef PCIETOOL_FACT_H
#define PCIETOOL_FACT_H

#include "core/base/fact.h"
#include "core/pci/device.h"

/* Why nothing is known of a device whose registers read all ones; to be compared by its address. */
extern const char FACT_NO_ANSWER[];
/* Why a register is not known that is reserved in a virtual function, and 0: PCIe 6.0 sections 9.3.4 and 9.3.5. The same. */
extern const char FACT_VIRTUAL_FUNCTION[];

/* An attribute in the device's folder of sysfs, such as "vendor" or "power/runtime_status". */
void fact_read_number(const struct device *device, const char *attribute, struct fact_number *fact);
void fact_read_text(const struct device *device, const char *attribute, struct fact_text *fact);

/*
 * A register of config space; what lies past the 64 bytes that everybody may read "needs root". All ones are a value only
 * of a device that answers.
 */
void fact_read_config(struct device *device, unsigned int offset, unsigned int width,
		      struct fact_number *fact);

#endif
