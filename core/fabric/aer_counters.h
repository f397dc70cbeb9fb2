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

#include "core/fabric/topology.h"
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

/* A file that cannot be read or understood costs its own part. -ENOENT: the device has none. */
int aer_counters_read(const struct device *device, struct aer_counters *counters);
void aer_root_counters_read(const struct device *device, struct aer_root_counters *counters);

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

/* Of what is below the port ROOT: the kernel or not, as long as the port's DRIVER is the kernel's for ports. */
enum aer_owner aer_owner_of_root(const struct device *root, const char *driver);

/* The same for whoever has not opened it. */
enum aer_owner aer_owner_below(const struct context *ctx, const struct topology_node *root);

/*
 * Who handles what NODE reports, or any device when it is NULL: by the root ports and, where they do not tell, by what the
 * kernel logged when it started. *PORT is set to the name of a root port of which it is not the kernel.
 */
enum aer_owner aer_owner_find(const struct context *ctx, const struct topology *topology,
			      const struct topology_node *node, const char **port);

#endif
