/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A map as a file of either format. What each cannot hold is in pcietool-map(5) too. */
#ifndef PCIETOOL_REGMAP_WRITE_H
#define PCIETOOL_REGMAP_WRITE_H

#include "core/regmap/regmap.h"

/* Takes LENGTH bytes, which are no string. 0, or -errno with ERROR filled. */
typedef int (*regmap_put)(void *data, const char *text, size_t length, struct error *error);

/*
 * All that the model holds; arrays are written out. A comma in the name of a device becomes a blank, a description ends
 * where a row would be too long to read back.
 */
int regmap_write_text(const struct regmap *map, regmap_put put, void *data, struct error *error);
/*
 * CMSIS-SVD 1.3. What it has no words for is lost: BARs, the base, the device's id; or is written as what is nearest and
 * no less careful: "unsafe" to read as "modify", a field that reads harmlessly in a register that does not as the
 * register, the access of a register as unknown where a field's is. Names get their block in front. A register of
 * several words becomes one for each, NAME1 in front of NAME0, as LiteX has them, each with its part of the fields;
 * one that is accessed wider than its bits say has the bits of the access.
 */
int regmap_write_svd(const struct regmap *map, regmap_put put, void *data, struct error *error);

#endif
