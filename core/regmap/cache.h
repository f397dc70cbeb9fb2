/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiled maps: what was read from a large map is kept in a file, from which a later run takes only what it asks for. Such
 * a file counts as long as every file that the map was made of is as it was (device, inode, size, times), and only when it
 * and its folder are the caller's own and nobody else can write them. Whatever is wrong with it, the map is read anew.
 */
#ifndef PCIETOOL_REGMAP_CACHE_H
#define PCIETOOL_REGMAP_CACHE_H

#include "core/regmap/store.h"

/*
 * The map of PATH out of FOLDER, with its blocks and its first problem, but no register yet: see cache_register(). IS_FOUND as
 * regmap_load_found() has it. 0, or -errno where there is none that counts, and that is nothing to be told of.
 */
int cache_open(const char *folder, const char *path, bool is_found, struct regmap **map);

/*
 * Keeps MAP, which was read from a file, in FOLDER, which it makes, with the one above, where that is the caller's. Small maps are
 * not worth it; nor is one kept whose file was changed just now, as the next change may leave the same time of change. Whatever
 * fails leaves nothing.
 */
void cache_keep(const char *folder, struct regmap *map);

/* --- of a map that came from cache_open(); -EBADMSG: the file is damaged ---------------------------- */

/* Takes register I, below the map's count, with its fields and their values, out of the file. */
int cache_register(struct regmap *map, uint32_t i);
/* Slot I of the index, below store->index_size. */
int cache_slot(const struct regmap *map, uint32_t i, struct regmap_slot *slot);
void cache_close(struct regmap_cache *cache); /* accepts NULL */

#endif
