/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many errors the kernel has counted for a device: sysfs' aer_dev_* and, of a root port, aer_rootport_*
 * (Documentation/ABI/testing/sysfs-bus-pci-devices-aer_stats). For everybody; wakes nothing.
 */
#ifndef PCIETOOL_AER_COUNTERS_H
#define PCIETOOL_AER_COUNTERS_H

#include "core/device.h"

enum aer_severity { AER_CORRECTABLE, AER_NONFATAL, AER_FATAL, AER_SEVERITIES };

/* The file has at most as many types as a register has bits. */
#define AER_TYPES_MAX 32
#define AER_NAME_SIZE 24

struct aer_count {
	char name[AER_NAME_SIZE]; /* the kernel's, in lower case with '_': "bad_tlp", "relay_num_rollover" */
	uint64_t count;
};

struct aer_counts {
	const char *reason; /* why nothing is known; NULL: the rest is valid */
	uint64_t total; /* the kernel's TOTAL_ERR line: not always the sum of the types */
	unsigned int count;
	struct aer_count types[AER_TYPES_MAX];
};

struct aer_counters {
	struct aer_counts severity[AER_SEVERITIES];
	/* messages that a root port received; reason where it is none */
	struct {
		const char *reason;
		uint64_t count;
	} root[AER_SEVERITIES];
};

void aer_counters_read(const struct device *device, struct aer_counters *counters);

/* "correctable", "nonfatal", "fatal". */
const char *aer_severity_name(enum aer_severity severity);

#endif
