/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two config spaces, register by register by name, and by place where nothing has a name. */
#ifndef PCIETOOL_CONFIG_COMPARE_H
#define PCIETOOL_CONFIG_COMPARE_H

#include "core/config/map.h"

struct config_difference {
	const struct regmap *map; /* of the first, or of the second where only that has it */
	const struct regmap_register *reg; /* NULL: no name */
	unsigned int offset;
	unsigned int width;
	bool has_old;
	bool has_new;
	uint32_t old;
	uint32_t new;
};

typedef void (*config_tell)(void *data, const struct config_difference *difference);

/*
 * Tells what is not the same. What cannot be read in one of them (a file of 64 bytes) is not compared; *SKIPPED says
 * how many registers that were.
 */
int config_compare(struct device *a, struct device *b, config_tell tell, void *data, unsigned int *skipped,
		   struct error *error);

#endif
