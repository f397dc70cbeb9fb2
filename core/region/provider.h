/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For the files that make regions: the kinds of access, and what a back end (a word of --via) is to BARs. Each back end
 * opens a BAR as a region after the preflight has passed; its window is mapped at once, so that a refusal is found before
 * any access.
 */
#ifndef PCIETOOL_PROVIDER_H
#define PCIETOOL_PROVIDER_H

#include "core/region/region.h"

extern const struct region_ops region_mapped_ops; /* mapped.c: loads and stores */
extern const struct region_ops region_port_ops; /* port.c: pread, pwrite */

struct backend {
	const char *name;
	int (*open_bar)(struct device *device, const struct bar *bar, bool write, struct region **region,
			struct error *error);
};

extern const struct backend backend_sysfs; /* sysfs.c */
extern const struct backend backend_devmem; /* devmem.c */

/* A copy of *TEMPLATE on the heap, for the caller to close. */
int region_new(const struct region *template, struct region **region, struct error *error);

/* Maps the first window of a region of region_mapped_ops; -errno, no record. */
int region_map(struct region *region);
/* The same, for a BAR of which NODE is mapped; fills the record by preflight_explain(). */
int region_map_bar(struct region *region, const char *node, struct error *error);

/*
 * Fills the record for an op that failed with RC: a device that is gone is named as such, -EFAULT and
 * -EREMOTEIO are a SIGBUS that was caught, see sigbus_errno(). WHAT: "reading", "writing". Returns a -errno.
 */
int region_failed(struct region *region, const char *what, uint64_t offset, int rc, struct error *error);

/*
 * VFIO claims a BAR when it is first mapped, read or written, and without a lock: of the first uses by several processes at
 * a time all but one get EBUSY, and have touched nothing (Linux drivers/vfio/pci/vfio_pci_core.c and vfio_pci_rdwr.c,
 * barmap). Whether RC is that and another try is due, before which it pauses; *TRIES starts at 0.
 */
bool region_claim_raced(int rc, unsigned int *tries);

/*
 * The size of a window of a BAR: all of a usual BAR, so that an access maps once, and small enough that a BAR of
 * many GiB does not cost page tables for all of it.
 */
#define REGION_BAR_GRANULE (16u << 20)

#endif
