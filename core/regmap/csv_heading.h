/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A CSV whose first row is a heading, private to the reader of text maps: what a spreadsheet saves. Its rows become
 * register rows.
 */
#ifndef PCIETOOL_CSV_HEADING_H
#define PCIETOOL_CSV_HEADING_H

#include "core/regmap/text.h"

/* Is the first row of the map's text a heading with a name and an offset in it? */
bool csv_heading_is_one(const char *text, size_t length);
/* Takes all of the map's text. 0, also where problems were noted; -ENOMEM. */
int csv_heading_take(struct text_map *t);

#endif
