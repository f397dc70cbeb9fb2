/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bus addresses behind an IOMMU: which are in use. What the IOMMU translates is a list of ranges; what the device can
 * send, a mask.
 */
#ifndef PCIETOOL_IOVA_H
#define PCIETOOL_IOVA_H

#include <stddef.h>
#include <stdint.h>

struct iova_range {
	uint64_t first;
	uint64_t last; /* inclusive */
};

struct iova_space;

/* RANGES are copied; LAST is the highest address that the device can send. 0 or -ENOMEM. */
int iova_space_open(const struct iova_range *ranges, size_t count, uint64_t last, struct iova_space **space);
void iova_space_close(struct iova_space *space); /* accepts NULL */

/*
 * SIZE bytes (not 0) at an address that is free and a multiple of ALIGN, a power of two: the lowest behind what was given
 * last, or else the lowest of all. An engine that is late writes to an address that was freed: it is somebody else's
 * only after all others had their turn. The page at 0 is never given: a device that was told no address writes there. Low
 * addresses are the safest: where the IOMMU passes the device through later, such a write goes to memory by that number,
 * and Linux leaves the first MiB alone on x86 (arch/x86/realmode/init.c, reserve_real_mode()).
 * -ENOSPC: there is no such room; -ENOMEM.
 */
int iova_alloc(struct iova_space *space, uint64_t size, uint64_t align, uint64_t *address);
/* What was allocated at ADDRESS; an address that was not is ignored. */
void iova_free(struct iova_space *space, uint64_t address);

/* The largest SIZE that an alloc would find, for messages. */
uint64_t iova_largest(const struct iova_space *space);

#endif
