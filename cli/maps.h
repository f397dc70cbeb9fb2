/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The register map of a command that needs no device. */
#ifndef PCIETOOL_MAP_CHOICE_H
#define PCIETOOL_MAP_CHOICE_H

#include <limits.h>

#include "cli/command.h"
#include "core/mapfile/set.h"

/*
 * The id that -d names, or that of the selected device when it is there. False when neither is known: the map must be
 * named then.
 */
bool map_choice_id(struct invocation *inv, struct regmap_id *id);

/* --map, PCIETOOL_MAP, or the one of that id. */
int map_choice(struct invocation *inv, struct regmap **map);
/* In part, as regmap_load_part() has it. */
int map_choice_part(struct invocation *inv, struct regmap **map);

struct map_folders {
	char user[PATH_MAX];
	const char *list[4]; /* ends with NULL */
	char compiled[PATH_MAX]; /* "": none */
};

/* From XDG_CONFIG_HOME (or HOME/.config) and XDG_CACHE_HOME (or HOME/.cache), as the XDG base directory specification has it. */
void map_folders_init(struct map_folders *folders);

#endif
