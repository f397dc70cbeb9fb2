/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A register map's file, read into the model, whatever its format. core/convert writes it. */
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

/* Takes LENGTH bytes, which are no string. 0, or -errno with ERROR filled. */
typedef int (*regmap_put)(void *data, const char *text, size_t length, struct error *error);

/* A text map to begin with: a row of each kind, with comments; regmap_load() takes it (text.c). */
int regmap_write_template(regmap_put put, void *data, struct error *error);

#endif
