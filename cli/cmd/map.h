/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of map that have a file of their own. */
#ifndef PCIETOOL_CLI_MAP_H
#define PCIETOOL_CLI_MAP_H

#include "cli/command.h"
#include "cli/writer.h"
#include "core/regmap/regmap.h"

int map_list(struct invocation *inv);
int map_show(struct invocation *inv);

/* Whose map it is, as vendor and device; the name of its file's format. */
void map_view_id(struct writer *w, const struct regmap *map);
const char *map_format_name(const struct regmap *map);

#endif
