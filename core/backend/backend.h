/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A backend is a way to a device's BARs; --via chooses. Each opens BAR as a region after the preflight
 * has passed; its window is mapped at once so that a refusal is found before any access.
 */
#ifndef PCIETOOL_BACKEND_H
#define PCIETOOL_BACKEND_H

#include "core/region/region.h"

struct backend {
	const char *name;
	int (*open_bar)(struct device *device, const struct bar *bar, bool write, struct region **region,
			struct error *error);
};

extern const struct backend backend_sysfs;
extern const struct backend backend_devmem;
extern const struct backend backend_vfio;
extern const struct backend backend_uio;

/* Maps the first window of a region that is not on the heap yet; fills the record by preflight_explain(). */
int backend_map(struct region *region, struct device *device, const char *node, struct error *error);

#endif
