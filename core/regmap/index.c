// SPDX-License-Identifier: GPL-2.0-or-later
/* The index of a map's registers by their names; a compiled map has it in its file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/name_table.h"
#include "core/regmap/cache.h"
#include "core/regmap/store.h"

static const char *slot_name(const struct regmap *map, const struct regmap_slot *slot)
{
	const struct regmap_register *reg = &map->registers[slot->reg - 1];

	return slot->is_short ? reg->short_name : reg->name;
}

static void index_add(struct regmap *map, const char *name, uint32_t reg, bool is_short)
{
	struct regmap_store *s = map->store;
	uint32_t hash = name_hash(name, strlen(name));
	size_t i = hash & (s->index_size - 1);

	for (; s->index[i].reg; i = (i + 1) & (s->index_size - 1)) {
		struct regmap_slot *slot = &s->index[i];

		if (slot->hash != hash || slot->is_short != is_short ||
		    strcmp(slot_name(map, slot), name) != 0)
			continue;
		if (slot->count++ == 1)
			slot->second = reg;
		return;
	}
	s->index[i] = (struct regmap_slot){ .hash = hash, .reg = reg + 1, .count = 1, .is_short = is_short };
}

int regmap_make_index(struct regmap *map)
{
	struct regmap_store *s = map->store;
	size_t size = 16;

	if (s->index)
		return 0;
	/* two names a register, at most half full */
	while (size < 4 * map->register_count)
		size *= 2;
	s->index = calloc(size, sizeof(*s->index));
	if (!s->index)
		return -ENOMEM;
	s->index_size = size;
	for (uint32_t i = 0; i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		index_add(map, reg->name, i, false);
		if (reg->short_name != reg->name)
			index_add(map, reg->short_name, i, true);
	}
	return 0;
}

/* Slot I of the index, with the names that it speaks of. */
static int take_slot(struct regmap *map, uint32_t i, struct regmap_slot *slot)
{
	if (!map->store->cache) {
		*slot = map->store->index[i];
		return 0;
	}
	return cache_slot(map, i, slot);
}

static bool is_name(const char *name, const char *text, size_t length)
{
	return strncmp(name, text, length) == 0 && name[length] == '\0';
}

/* Is SLOT, whose hash is the name's, of that name? 1, 0 or -errno. */
static int is_slot_of(struct regmap *map, const struct regmap_slot *slot, const char *name, size_t length)
{
	int rc = map->store->cache ? cache_register(map, slot->reg - 1) : 0;

	return rc < 0 ? rc : is_name(slot_name(map, slot), name, length);
}

int regmap_look_up(struct regmap *map, const char *name, size_t length, struct regmap_found *result)
{
	const struct regmap_store *s = map->store;
	uint32_t hash = name_hash(name, length);
	struct regmap_found whole = { 0 };
	struct regmap_found shortened = { 0 };
	size_t at = hash & (s->index_size - 1);

	for (size_t i = 0; i < s->index_size; i++, at = (at + 1) & (s->index_size - 1)) {
		struct regmap_found *found;
		struct regmap_slot slot;
		int rc = take_slot(map, (uint32_t)at, &slot);

		if (rc < 0)
			return -EBADMSG;
		if (!slot.reg)
			break;
		if (slot.hash != hash)
			continue;
		found = slot.is_short ? &shortened : &whole;
		rc = is_slot_of(map, &slot, name, length);
		/* no memory too: the map is read anew, and says so */
		if (rc < 0)
			return -EBADMSG;
		if (rc)
			*found = (struct regmap_found){ slot.reg - 1, slot.second, slot.count };
	}
	*result = whole.count ? whole : shortened;
	return 0;
}
