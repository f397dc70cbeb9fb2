/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Config space as it was saved: of each register the bits that software sets (RW in the table) are written where they
 * differ, status bits as zeroes, the rest as it is. What the kernel keeps (bus numbers, windows, interrupt vectors, the
 * slot) is left alone. BARs come first, with decoding off, COMMAND last.
 */
#ifndef PCIETOOL_CONFIG_RESTORE_H
#define PCIETOOL_CONFIG_RESTORE_H

#include "core/config/map.h"

struct config_write {
	const struct regmap_register *reg;
	uint32_t old;
	uint32_t new;
	uint32_t mask; /* the bits that are to change, and are checked afterwards */
};

struct config_plan {
	struct config_map *map;
	struct config_write *writes;
	size_t count;
	const struct regmap_register *
		*left; /* that differ too, and are the kernel's, or would start something */
	size_t left_count;
};

enum config_restore_what {
	CONFIG_RESTORE_ALL,
	CONFIG_RESTORE_CAPABILITIES, /* not the header: addresses and COMMAND are the kernel's that enumerated it anew */
};

/*
 * What has to be written to DEVICE so that it is as SAVED. ERROR_DIFFERS where it is another device: ids, class,
 * header type, subsystem, or a capability at another place. *PLAN is the caller's to free.
 */
int config_restore_plan(struct device *device, struct device *saved, enum config_restore_what what,
			struct config_plan **plan, struct error *error);
void config_plan_free(struct config_plan *plan); /* accepts NULL */

/* Writes it. ERROR_DIFFERS names the first register that did not take it; the others are written all the same. */
int config_restore(struct device *device, const struct config_plan *plan, struct error *error);

#endif
