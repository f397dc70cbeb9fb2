/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A register map as a file of each format; what each cannot hold: pcietool-map(5), losses.h. */
#ifndef PCIETOOL_CONVERT_H
#define PCIETOOL_CONVERT_H

#include "core/mapfile/mapfile.h"

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
 * one that is accessed wider than its bits say has the bits of the access. Bits in no field become one, BITS_31_10, of
 * unknown access, where fields are lacking.
 */
int regmap_write_svd(const struct regmap *map, regmap_put put, void *data, struct error *error);
/*
 * IP-XACT, IEEE 1685-2014: as SVD, but a register of more than 64 bits is left out, the order of words is lost, dots and
 * brackets in names become '_', bits of a value that do not matter, names of all other values, and what is an alternate are
 * lost (losses.h counts them). Effects and a reset value are those of fields: bits in none become one, BITS_31_10, where they
 * have an effect, or a reset value that is not 0 or is what they are written with.
 */
int regmap_write_ipxact(const struct regmap *map, regmap_put put, void *data, struct error *error);
/* A C header: macros for offsets in the BAR, masks, shifts, values; access and effects are comments. */
int regmap_write_header(const struct regmap *map, regmap_put put, void *data, struct error *error);
/* Tables in Markdown. */
int regmap_write_markdown(const struct regmap *map, regmap_put put, void *data, struct error *error);

#endif
