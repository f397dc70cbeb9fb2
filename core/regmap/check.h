/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong or doubtful in a map that could be read: for whoever writes one. */
#ifndef PCIETOOL_REGMAP_CHECK_H
#define PCIETOOL_REGMAP_CHECK_H

#include "core/regmap/regmap.h"

/*
 * Adds to map->problems, in the order of the file: registers that overlap, that are misaligned, outside of their block or
 * called alike; fields and values that overlap or are called alike; reset values that do not fit. 0 or -ENOMEM.
 */
int regmap_check(struct regmap *map);

#endif
