/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A device's link: what it runs at and what the device could do. */
#ifndef PCIETOOL_LINK_STATE_H
#define PCIETOOL_LINK_STATE_H

#include <stdbool.h>

#include "core/pci/device.h"

/* Reasons, to be compared by their address */
extern const char LINK_STATE_NO_LINK[]; /* there is one, and it is down */
extern const char LINK_STATE_NOT_EXPRESS[];
extern const char LINK_STATE_SUSPENDED[];

struct link_state {
	const char *reason; /* why nothing is known; NULL: the rest is valid */
	double speed; /* GT/s per lane */
	unsigned int width; /* lanes */
	double max_speed;
	unsigned int max_width;
};

/*
 * From sysfs, for everybody. A device that sleeps (runtime PM) is left asleep, as reading its link would
 * wake it up.
 */
void link_state_read(const struct device *device, struct link_state *link);

/* From the PCI Express capability at OFFSET. */
void link_state_read_config(struct device *device, unsigned int offset, struct link_state *link);

/* Does it run slower or narrower than this device could? (The other end may be the reason.) */
bool link_state_is_reduced(const struct link_state *link);

#endif
