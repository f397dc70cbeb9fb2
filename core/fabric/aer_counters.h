/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel counted of errors that a device reported (Advanced Error Reporting): since the device was found, for
 * everybody to read, without waking it. Documentation/ABI/testing/sysfs-bus-pci-devices-aer_stats of the kernel.
 *
 * The device that reports an error need not be the one to blame: look at both ends of the link. And only where the kernel
 * handles errors, its counters mean anything: firmware may keep them to itself ("firmware first"), or nobody has them.
 */
#ifndef PCIETOOL_AER_COUNTERS_H
#define PCIETOOL_AER_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/context.h"
#include "core/pci/device.h"

enum aer_severity {
	AER_CORRECTABLE,
	AER_NONFATAL,
	AER_FATAL,
	AER_SEVERITIES, /* how many there are */
};

#define AER_NAME_SIZE 48
#define AER_TYPES_MAX 32 /* a bit of a status register each */

struct aer_count {
	char name[AER_NAME_SIZE]; /* the kernel's: "BadTLP", "Replay Timer Timeout" */
	uint64_t count;
};

struct aer_counts {
	const char *reason; /* why nothing is known; NULL: the rest is valid */
	unsigned int type_count;
	struct aer_count types[AER_TYPES_MAX]; /* in the kernel's order, zeroes too */
	/*
	 * Messages with this severity. Not the sum of the types by design: one message may tell of several errors. The
	 * sum where the kernel gives no total.
	 */
	uint64_t total;
};

struct aer_counters {
	struct aer_counts counts[AER_SEVERITIES];
};

/* What a root port received from all below it, messages by severity. */
struct aer_root_counters {
	const char *reason; /* why nothing is known: no root port, mostly; NULL: the rest is valid */
	uint64_t totals[AER_SEVERITIES];
};

/* A file that cannot be read or understood costs its own part. */
void aer_counters_read(const struct device *device, struct aer_counters *counters);
void aer_root_counters_read(const struct device *device, struct aer_root_counters *counters);
/* The same where the device's folder is open already; -ENOENT: the device has none. */
int aer_counters_read_at(int folder, struct aer_counters *counters);
int aer_root_counters_read_at(int folder, struct aer_root_counters *counters);

/* "correctable", "nonfatal", "fatal". */
const char *aer_severity_name(enum aer_severity severity);

/* A type's name for programs: "BadTLP" is "bad_tlp", "RELAY_NUM Rollover" is "replay_num_rollover". */
void aer_type_name(const char *kernel_name, char name[AER_NAME_SIZE]);

enum aer_owner {
	AER_OWNER_UNKNOWN,
	AER_OWNER_KERNEL,
	AER_OWNER_FIRMWARE,
	AER_OWNER_NOT_KERNEL, /* firmware or nobody */
};

/* For what is below such a port, "the kernel does not handle ..." */
extern const char AER_NOT_HANDLED[];

/* Of what is below the root port NAME: the kernel or not, as long as the port has the kernel's driver for ports. */
enum aer_owner aer_owner_of_root(const struct context *ctx, const char *name);
/* The same where the port's folder is open and its driver known. */
enum aer_owner aer_owner_of_root_at(int folder, const char *name, const char *driver);

/*
 * From what the kernel logged of ACPI's _OSC when it started (PCI Firmware 3.3 section 4.5.1). Unknown where the log does
 * not reach back to that, or may not be read.
 */
enum aer_owner aer_owner_of_log(const struct context *ctx);

#endif
