/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For the files that make regions: the ways of access, each in a file of its own. */
#ifndef PCIETOOL_REGION_OPS_H
#define PCIETOOL_REGION_OPS_H

#include "core/region/region.h"

extern const struct region_ops region_mapped_ops; /* region_mapped.c: loads and stores */
extern const struct region_ops region_port_ops; /* region_port.c: pread, pwrite */
extern const struct region_ops region_config_ops; /* region_config.c */

/* A copy of *TEMPLATE on the heap, for the caller to close. */
int region_new(const struct region *template, struct region **region, struct error *error);

/* Maps the first window of a region of region_mapped_ops; -errno, no record. */
int region_map(struct region *region);

/*
 * Fills the record for an op that failed with RC: a device that is gone is named as such, -EFAULT is a
 * SIGBUS that was caught. WHAT: "reading", "writing". Returns a -errno.
 */
int region_failed(struct region *region, const char *what, uint64_t offset, int rc, struct error *error);

/*
 * The size of a window of a BAR: all of a usual BAR, so that an access maps once, and small enough that a BAR of
 * many GiB does not cost page tables for all of it.
 */
#define REGION_BAR_GRANULE (16u << 20)

#endif
