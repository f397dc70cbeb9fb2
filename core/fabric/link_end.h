/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the registers of one end of a link say of it, besides what it runs at (link.h): Link Capabilities, Control and Status
 * (PCIe 6.0 sections 7.5.3.6 to 7.5.3.8) and the second of each (7.5.3.18 to 7.5.3.20), Slot Status (7.5.3.11), Lane Error
 * Status (7.7.3.3), Physical Layer 16, 32 and 64 GT/s (7.7.5 to 7.7.7), L1 PM Substates (7.8.3). Needs root.
 */
#ifndef PCIETOOL_LINK_END_H
#define PCIETOOL_LINK_END_H

#include "core/config/map.h"
#include "core/fabric/topology.h"

enum link_end_field {
	LINK_END_TARGET_SPEED,
	LINK_END_ASPM,
	LINK_END_ASPM_POSSIBLE,
	LINK_END_L1_1_ASPM,
	LINK_END_L1_2_ASPM,
	LINK_END_L1_1_PCIPM,
	LINK_END_L1_2_PCIPM,
	LINK_END_L0S_EXIT,
	LINK_END_L1_EXIT,
	LINK_END_CLOCK_PM,
	LINK_END_COMMON_CLOCK,
	LINK_END_DISABLE,
	LINK_END_TRAINING,
	LINK_END_DLL_ACTIVE,
	LINK_END_BANDWIDTH_MANAGED,
	LINK_END_BANDWIDTH_AUTONOMOUS,
	LINK_END_AUTO_WIDTH_DISABLE,
	LINK_END_AUTO_SPEED_DISABLE,
	LINK_END_DEEMPHASIS,
	LINK_END_EQUALIZATION_8,
	LINK_END_EQUALIZATION_8_PHASE1,
	LINK_END_EQUALIZATION_8_PHASE2,
	LINK_END_EQUALIZATION_8_PHASE3,
	LINK_END_EQUALIZATION_8_REQUEST,
	LINK_END_EQUALIZATION_16,
	LINK_END_EQUALIZATION_32,
	LINK_END_EQUALIZATION_64,
	LINK_END_RETIMER,
	LINK_END_TWO_RETIMERS,
	LINK_END_FLIT_MODE,
	LINK_END_LANE_ERRORS,
	LINK_END_SLOT_PRESENCE,
	LINK_END_FIELDS, /* how many there are */
};

struct link_end {
	const struct topology_node *node; /* NULL: it is not seen */
	struct config_value_of values[LINK_END_FIELDS]; /* each with a reason where it is not known */
	struct device *device;
	struct config_map *map;
};

/*
 * Of NODE, which may be NULL. An end that sleeps is left asleep, unless the context says otherwise. Nothing fails: what
 * cannot be read has a reason. END is the caller's to close, and TOPOLOGY's node outlives it.
 */
void link_end_open(const struct context *ctx, const struct topology_node *node, struct link_end *end);
void link_end_close(struct link_end *end);

#endif
