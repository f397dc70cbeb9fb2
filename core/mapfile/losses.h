/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a map that some format has no words for, counted. */
#ifndef PCIETOOL_LOSSES_H
#define PCIETOOL_LOSSES_H

#include "core/regmap/regmap.h"

struct regmap_losses {
	size_t masked; /* values of which some bits do not matter */
	size_t defaults; /* names of all other values, which have none themselves */
	size_t across; /* registers of several words, and fields across them, with values or a write constraint */
	size_t constraints; /* registers and fields with one */
	size_t lacking; /* registers that lack fields */
	size_t alternates;
	size_t resets; /* registers whose reset value has bits in no field, though they have some */
};

void regmap_losses_count(const struct regmap *map, struct regmap_losses *losses);

#endif
