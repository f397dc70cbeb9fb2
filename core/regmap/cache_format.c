// SPDX-License-Identifier: GPL-2.0-or-later
/* What the writer and the reader of compiled maps have in common: where a map's file is, and what all items hold to. */
#include "core/regmap/cache_format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/regmap/cache.h"

static bool is_name(const char *name)
{
	return name && strlen(name) < REGMAP_NAME_SIZE;
}

static bool behaviour_fits(const struct regmap_behaviour *b)
{
	return b->access <= REGMAP_READ_WRITE_ONCE && b->on_read <= READ_UNSAFE &&
	       b->on_write <= WRITE_SETS && b->constraint <= CONSTRAINT_AS_READ;
}

bool cache_register_fits(const struct regmap *map, const struct regmap_register *reg)
{
	return is_name(reg->name) && reg->short_name >= reg->name &&
	       reg->short_name <= reg->name + strlen(reg->name) && behaviour_fits(&reg->behaviour) &&
	       (reg->block == REGMAP_NO_BLOCK || reg->block < map->block_count) &&
	       (reg->width == 8 || reg->width == 16 || reg->width == 32 || reg->width == 64) &&
	       reg->words > 0 && reg->words <= REGMAP_REGISTERS_MAX && reg->word_bits > 0 &&
	       reg->word_bits <= 64 && reg->bits > 0;
}

bool cache_field_fits(const struct regmap_register *reg, const struct regmap_field *field)
{
	return is_name(field->name) && behaviour_fits(&field->behaviour) && field->bits > 0 &&
	       field->bits <= 64 && field->lsb < reg->bits && field->bits <= reg->bits - field->lsb &&
	       !field->shift && !field->plus;
}

bool cache_enum_fits(const struct regmap_enum *e)
{
	return e->name;
}

static bool condition_fits(const struct regmap *map, const struct regmap_condition *c)
{
	if (c->count > REGMAP_TERMS_MAX)
		return false;
	for (unsigned int i = 0; i < c->count; i++) {
		if (c->terms[i].reg >= map->register_count || c->terms[i].lsb > 63 || c->terms[i].bits < 1 ||
		    c->terms[i].bits > 64 - c->terms[i].lsb)
			return false;
	}
	return true;
}

bool cache_block_fits(const struct regmap *map, const struct regmap_block *block)
{
	return is_name(block->name) && block->bar >= -1 && block->bar <= 5 &&
	       condition_fits(map, &block->condition);
}

void cache_file_name(const char *path, char name[CACHE_NAME_SIZE])
{
	snprintf(name, CACHE_NAME_SIZE, "%016llx.map",
		 (unsigned long long)saved_check(SAVED_HEAD, 0, path, strlen(path)));
}

int cache_full_path(const char *path, char *full, size_t size)
{
	size_t n = 0;

	if (path[0] != '/') {
		if (!getcwd(full, size))
			return -errno;
		n = strlen(full);
	}
	return snprintf(full + n, size - n, "%s%s", n ? "/" : "", path) < (int)(size - n) ? 0 : -ENAMETOOLONG;
}

void cache_close(struct regmap_cache *cache)
{
	if (!cache)
		return;
	if (cache->fd >= 0)
		close(cache->fd);
	free(cache);
}
