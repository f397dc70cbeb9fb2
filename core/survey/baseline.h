/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a machine should have: a file that `snapshot` wrote when it was well, JSON of the schema pcietool/snapshot/1.
 * Keyed by path (topology_path()), which stays when buses get other numbers.
 */
#ifndef PCIETOOL_BASELINE_H
#define PCIETOOL_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pci/device.h"
#include "core/base/error.h"
#include "core/pci/select.h"
#include "core/fabric/topology.h"

#define BASELINE_NAME "snapshot"
#define BASELINE_SCHEMA "pcietool/" BASELINE_NAME "/1"

/* What is not known of a device in the baseline is not compared. */
struct baseline_device {
	char path[TOPOLOGY_PATH_SIZE];
	char address[PCI_ADDRESS_SIZE];
	uint32_t vendor_id;
	uint32_t device_id;
	bool has_class;
	uint32_t class_id;
	bool has_subsystem;
	uint32_t subsystem_vendor_id;
	uint32_t subsystem_device_id;
	bool has_driver; /* it is known which one, or that there was none */
	char driver[64]; /* empty: none */
	double speed; /* GT/s; 0: not known */
	unsigned int width; /* 0: not known */
	unsigned int mps; /* bytes; 0: not known */
	unsigned int mrrs;
	bool has_bars;
	uint64_t bars[DEVICE_BARS]; /* sizes in bytes; 0: there was none */
};

struct baseline {
	struct baseline_device *devices; /* in order of path */
	size_t count;
};

/* A file that is broken or of another kind is a usage error that says what is wrong. *BASELINE is the caller's to free. */
int baseline_read(const char *path, struct baseline **baseline, struct error *error);
void baseline_free(struct baseline *baseline); /* accepts NULL */

/* NULL: it has none of that path. */
const struct baseline_device *baseline_find(const struct baseline *baseline, const char *path);

#endif
