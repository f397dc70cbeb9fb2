/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a function's error registers say: Advanced Error Reporting and Device Status. PCIe 6.0 section 7.8.4, 6.2. */
#ifndef PCIETOOL_AER_STATE_H
#define PCIETOOL_AER_STATE_H

#include "core/config/map.h"
#include "core/fabric/aer_counters.h"
#include "core/fabric/aer_log.h"
#include "core/fabric/aer_reporting.h"
#include "core/fabric/dpc.h"
#include "core/fabric/topology.h"

/* Root Error Status, PCIe 6.0 section 7.8.4.10: above are the interrupt's vector and reserved bits. */
#define AER_ROOT_ERRORS 0x7fu
/* Device Status, PCIe 6.0 section 7.5.3.5: above are states. */
#define AER_DEVICE_ERRORS 0xfu

struct aer_state {
	const char *reason; /* why none of the AER registers is known; NULL: see the reason of each */
	/* where one has a reason its value is 0 */
	struct fact_number uncor_status;
	struct fact_number uncor_mask;
	struct fact_number uncor_severity; /* set: fatal */
	struct fact_number cor_status;
	struct fact_number cor_mask;
	const char *first_reason; /* why it is not known whether there is a first error; NULL: it is */
	bool has_first; /* the first error is one whose status bit is still set */
	unsigned int first; /* its bit */
	struct aer_log log; /* of it */
	const char *
		root_reason; /* why a root port's or event collector's status is not known, or there is none; NULL: it is */
	uint32_t root_status;
	struct fact_number cor_source; /* requester ids */
	struct fact_number uncor_source;
	struct config_value_of device_status; /* DEVSTA */
	struct aer_reporting reporting;
	struct dpc_state dpc;
};

/*
 * Clears what is set in the status registers, DEVSTA too, by writing it back. *CLEARED says how many registers that
 * were; with DRY_RUN none is written.
 */
int aer_state_clear(const struct config_map *map, struct device *device, bool dry_run, unsigned int *cleared,
		    struct error *error);

/* One end of the link that errors are about: errors of one are often reported by the other. */
struct aer_end {
	const struct topology_node *node;
	const char *role; /* "port" above, "device" */
	struct device *device;
	struct config_map *map; /* NULL: it sleeps */
};

/*
 * The port above NODE's link, if it has one, and NODE: *COUNT of them, the caller's to close. One that sleeps is left
 * asleep, unless the context says otherwise.
 */
int aer_ends_open(const struct context *ctx, const struct topology_node *node, struct aer_end ends[2],
		  unsigned int *count, struct error *error);
void aer_ends_close(struct aer_end *ends, unsigned int count);

/* Of one that sleeps the reason says so. */
void aer_end_read(const struct aer_end *end, struct aer_state *state);

/* The two registers that say which errors are not reported, PCIe 6.0 sections 7.8.4.3 and 7.8.4.6. */
#define AER_UNCOR_MASK "AER.UNCOR_MASK"
#define AER_COR_MASK "AER.COR_MASK"

struct aer_masks {
	uint32_t uncorrectable; /* bits to set, or to clear */
	uint32_t correctable;
	uint32_t old_uncorrectable; /* what was in them */
	uint32_t old_correctable;
};

/* What is in them now. ERROR_UNSUPPORTED where DEVICE has none that can be seen. */
int aer_masks_read(const struct config_map *map, struct device *device, struct aer_masks *masks,
		   struct error *error);

/* Adds the bit of an error by its name: "BAD_TLP"; of a name that both registers have, "COR.INTERNAL". */
int aer_masks_add(const struct config_map *map, const char *word, struct aer_masks *masks,
		  struct error *error);

/* Writes both where they differ from the old ones of NOW, and sees that they were taken. */
int aer_masks_write(const struct config_map *map, struct device *device, uint32_t uncorrectable,
		    uint32_t correctable, const struct aer_masks *now, struct error *error);

#endif
