/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was found out about a device, or why it was not: one unreadable attribute must not cost the rest
 * of an answer. REASON is NULL when the value is known, otherwise a literal to show in its place.
 */
#ifndef PCIETOOL_FACT_H
#define PCIETOOL_FACT_H

#include <stdint.h>

#include "core/pci/device.h"

#define FACT_TEXT_SIZE 256

struct fact_number {
	const char *reason;
	uint64_t value;
};

struct fact_text {
	const char *reason;
	char text[FACT_TEXT_SIZE];
};

/* The reason that stands for an -errno. */
const char *fact_reason(int rc);

/* An attribute in the device's folder of sysfs, such as "vendor" or "power/runtime_status". */
void fact_read_number(const struct device *device, const char *attribute, struct fact_number *fact);
void fact_read_text(const struct device *device, const char *attribute, struct fact_text *fact);

/* A register of config space; what lies past the 64 bytes that everybody may read "needs root". */
void fact_read_config(struct device *device, unsigned int offset, unsigned int width,
		      struct fact_number *fact);

#endif
