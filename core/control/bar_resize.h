/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Resizable BARs: the sizes that a device offers, and choosing one, by the kernel's resourceN_resize
 * (Linux Documentation/ABI/testing/sysfs-bus-pci), which knows what else has to move. PCIe 5.0 section 7.8.6.
 */
#ifndef PCIETOOL_BAR_RESIZE_H
#define PCIETOOL_BAR_RESIZE_H

#include "core/pci/device.h"

#define BAR_SIZES_TEXT 256

/* The sizes that a BAR may have, one bit each: bit 0 is 1 MiB. */
struct bar_sizes {
	const char *reason; /* not resizable, or unknown; NULL: the rest is valid */
	uint64_t bitmap;
};

/* Looking wakes a device that sleeps: such a one is left asleep, and its sizes are unknown. */
void bar_sizes_read(struct device *device, unsigned int bar, struct bar_sizes *sizes);

/* Is it resizable, whether its sizes are known or not? */
bool bar_sizes_can(const struct bar_sizes *sizes);

/* "1M 2M 4M" */
void bar_sizes_format(const struct bar_sizes *sizes, char text[BAR_SIZES_TEXT]);

struct bar_resize {
	struct bar bar; /* as it is now */
	struct bar_sizes sizes;
	uint64_t size; /* wanted */
	unsigned int bit; /* that stands for it */
};

/*
 * What resizing BAR to SIZE would be, and whether it may: the BAR and the size are possible, no driver is bound, no
 * virtual function exists. Changes nothing (but wakes the device).
 */
int bar_resize_plan(struct device *device, unsigned int bar, uint64_t size, struct bar_resize *plan,
		    struct error *error);

/* Does it; RESIZED is the BAR afterwards. The kernel moves BARs of the same kind with it. */
int bar_resize(struct device *device, const struct bar_resize *plan, struct bar *resized,
	       struct error *error);

#endif
