/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a function's error registers say: Advanced Error Reporting and Device Status. PCIe 6.0 section 7.8.4, 6.2. */
#ifndef PCIETOOL_AER_STATE_H
#define PCIETOOL_AER_STATE_H

#include "core/config/map.h"
#include "core/fabric/tlp.h"

struct aer_state {
	const char *reason; /* why the AER registers are not known; NULL: they are */
	uint32_t uncor_status;
	uint32_t uncor_mask;
	uint32_t uncor_severity; /* set: fatal */
	uint32_t cor_status;
	uint32_t cor_mask;
	bool has_first; /* the first error is one whose status bit is still set */
	unsigned int first; /* its bit */
	uint32_t header[4]; /* of the TLP that it was in; zeroes where it was none */
	bool has_root; /* a root port or event collector */
	uint32_t root_status;
	uint16_t cor_source;
	uint16_t uncor_source;
	struct config_value_of device_status; /* DEVSTA */
};

void aer_state_read(const struct config_map *map, struct device *device, struct aer_state *state);

/*
 * Clears what is set in the status registers, DEVSTA too, by writing it back. *CLEARED says how many registers that
 * were; with DRY_RUN none is written.
 */
int aer_state_clear(const struct config_map *map, struct device *device, bool dry_run, unsigned int *cleared,
		    struct error *error);

#endif
