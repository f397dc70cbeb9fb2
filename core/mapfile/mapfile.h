/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A register map's file: read into the model, whatever its format, and written from it. */
#ifndef PCIETOOL_MAPFILE_H
#define PCIETOOL_MAPFILE_H

#include "core/regmap/regmap.h"

/* Largest file, in bytes: far above any that a generator writes, far below what hurts. */
#define REGMAP_FILE_MAX (64u << 20)

/*
 * Reads a map of any format (XML starts with '<'). *MAP is the caller's to close. A text map with problems is
 * refused, with the first of them and its line: who wrote it mends it. Of XML, which a vendor wrote, what is
 * wrong is left out, in as small a piece as can be (a value, a field, a register), with one warning; it is refused where
 * the context is strict (CTX NULL: it is), where nothing is left, and where reading had to end.
 */
int regmap_load(const struct context *ctx, const char *path, struct regmap **map, struct error *error);
/* The same of a file that nobody named: denied when it is neither the caller's nor root's; never waits for a FIFO. */
int regmap_load_found(const struct context *ctx, const char *path, struct regmap **map, struct error *error);
/*
 * Either, IS_FOUND saying which, for whoever looks up names with regmap_find() and regmap_match() only. Where the context has a
 * folder for compiled maps and the map is there, its registers, fields and values are zeroes until they are found, or until
 * regmap_complete().
 */
int regmap_load_part(const struct context *ctx, const char *path, bool is_found, struct regmap **map,
		     struct error *error);
/*
 * The same for whoever wants all problems: fails only where nothing could be read at all; see
 * map->problems, in the order of the file.
 */
int regmap_load_anyhow(const char *path, struct regmap **map, struct error *error);

/* --- a map as a file; what each format cannot hold: pcietool-map(5) ---------------------------------- */

/* Takes LENGTH bytes, which are no string. 0, or -errno with ERROR filled. */
typedef int (*regmap_put)(void *data, const char *text, size_t length, struct error *error);

/*
 * All that the model holds; arrays are written out. A comma in the name of a device becomes a blank, a description ends
 * where a row would be too long to read back.
 */
int regmap_write_text(const struct regmap *map, regmap_put put, void *data, struct error *error);
/* A text map to begin with: a row of each kind, with comments; regmap_load() takes it (text.c). */
int regmap_write_template(regmap_put put, void *data, struct error *error);
/*
 * CMSIS-SVD 1.3. What it has no words for is lost: BARs, the base, the device's id; or is written as what is nearest and
 * no less careful: "unsafe" to read as "modify", a field that reads harmlessly in a register that does not as the
 * register, the access of a register as unknown where a field's is. Names get their block in front. A register of
 * several words becomes one for each, NAME1 in front of NAME0, as LiteX has them, each with its part of the fields;
 * one that is accessed wider than its bits say has the bits of the access. That fields are lacking is lost.
 */
int regmap_write_svd(const struct regmap *map, regmap_put put, void *data, struct error *error);
/*
 * IP-XACT, IEEE 1685-2014: as SVD, but a register of more than 64 bits is left out, the order of words is lost, dots and
 * brackets in names become '_', bits of a value that do not matter, names of all other values, and what is an alternate are
 * lost (losses.h counts them), and a reset value is that of fields: where
 * there are some, of them only.
 */
int regmap_write_ipxact(const struct regmap *map, regmap_put put, void *data, struct error *error);
/* A C header: macros for offsets in the BAR, masks, shifts, values; access and effects are comments. */
int regmap_write_header(const struct regmap *map, regmap_put put, void *data, struct error *error);
/* Tables in Markdown. */
int regmap_write_markdown(const struct regmap *map, regmap_put put, void *data, struct error *error);

#endif
