/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A map as a file of either format. */
#ifndef PCIETOOL_REGMAP_WRITE_H
#define PCIETOOL_REGMAP_WRITE_H

#include "core/regmap.h"

typedef int (*regmap_put)(void *data, const char *text, size_t length, struct error *error);

/* All that the model holds; arrays are written out. */
int regmap_write_text(const struct regmap *map, regmap_put put, void *data, struct error *error);
/*
 * CMSIS-SVD 1.3. What it has no words for is lost: BARs, the base, "unsafe"; a register of several words becomes one for
 * each, NAME1 in front of NAME0, as LiteX has them.
 */
int regmap_write_svd(const struct regmap *map, regmap_put put, void *data, struct error *error);

#endif
