/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UIO counts a device's events in 32 bits; here they are 64, from one command to the next. */
#ifndef PCIETOOL_UIO_COUNT_H
#define PCIETOOL_UIO_COUNT_H

#include "core/pci/device.h"

/* The count that NOW (its lower 32 bits) means, when it was LAST before: it has wrapped at most once since. */
uint64_t uio_count_after(uint64_t last, uint32_t now);
/* The one nearest to NEAR, before or behind it: where nothing is known of the past. */
uint64_t uio_count_near(uint64_t near, uint32_t now);

/*
 * What the kernel's counter NOW means, as far as /run/pcietool remembers what it was for this binding; who may not write
 * there has NEAR to go by, a count from before.
 */
uint64_t uio_count_extend(const struct device *device, uint32_t now, uint64_t near);

#endif
