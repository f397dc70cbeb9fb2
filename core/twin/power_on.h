/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What config space has after power-on of what may be written to it, and what an FLR leaves of that; of the table of core/config. */
#ifndef PCIETOOL_TWIN_POWER_ON_H
#define PCIETOOL_TWIN_POWER_ON_H

#include "core/config/map.h"

struct power_on {
	uint32_t forgets; /* bits that a driver, the firmware or the past has set */
	uint32_t value; /* of those, the ones that are 1 after power-on */
	uint32_t
		flr_leaves; /* bits that are none of the function's alone, as the link's: PCIe 6.0 section 6.6.2 */
};

/* Of the I-th register of MAP, which is BLOCK's. What has no default in the specification is as it is. */
struct power_on power_on(const struct config_map *map, const struct config_map_block *block, size_t i);

#endif
