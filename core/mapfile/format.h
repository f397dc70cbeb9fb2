/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The formats, private to their readers; and what a file is that is no register map: people bring what their
 * tools wrote.
 */
#ifndef PCIETOOL_REGMAP_FORMAT_H
#define PCIETOOL_REGMAP_FORMAT_H

#include <stddef.h>

#include "core/base/text_buffer.h"
#include "core/mapfile/mapfile.h"

/*
 * What a file with this TEXT, NUL-terminated, is and what can be done with it, for a message; NULL: not recognized. Not
 * to be asked of a text map.
 */
const char *format_of_text(const char *text, size_t length);
/* The same of an XML file whose outermost element is called NAME, with its prefix. Never NULL. */
const char *format_of_root(const char *name);

/*
 * The parsers. MAP has its path and its text; they add to it. What is wrong in the file they note as problems and
 * go on where that makes sense; -errno only where they cannot work at all (no memory, no library).
 */
int regmap_parse_svd(struct regmap *map, struct error *error);
int regmap_parse_ipxact(struct regmap *map, struct error *error);
int regmap_parse_hwh(struct regmap *map, struct error *error);
int regmap_parse_text(struct regmap *map, struct error *error);

#endif
