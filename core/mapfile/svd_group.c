// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Registers of one name in alternate groups (CMSIS-SVD 1.3, alternateGroup): one address, several meanings. SVDConv names
 * them NAME_GROUP, as is done here where the name alone means several.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/name_table.h"
#include "core/mapfile/svd.h"

static bool has_groups(const struct regmap *map)
{
	for (size_t i = 0; i < map->register_count; i++) {
		if (map->registers[i].group)
			return true;
	}
	return false;
}

/* The group's name behind the register's, in front of an index. */
static int rename_register(struct regmap *map, struct regmap_register *reg)
{
	size_t before = (size_t)(reg->short_name - reg->name);
	const char *dot = strrchr(reg->name, '.');
	size_t n = strcspn(dot ? dot : reg->name, "[") + (dot ? (size_t)(dot - reg->name) : 0);
	char name[REGMAP_NAME_SIZE];
	int length = snprintf(name, sizeof(name), "%.*s_%s%s", (int)n, reg->name, reg->group, reg->name + n);
	const char *copy;

	/* check says that there are two */
	if (length < 0 || (size_t)length >= sizeof(name))
		return 0;
	copy = regmap_string(map, name, (size_t)length);
	if (!copy)
		return -ENOMEM;
	reg->name = copy;
	reg->short_name = copy + before;
	return 0;
}

/* Sets IS_SHARED of each register whose name another has. */
static int find_shared(const struct regmap *map, struct name_table *names, bool *is_shared)
{
	for (size_t i = 0; i < map->register_count; i++) {
		const char *name = map->registers[i].name;
		int rc = name_table_add(names, name, (uint32_t)i);
		uint32_t first;

		if (rc == -EEXIST && name_table_find(names, name, strlen(name), &first))
			is_shared[first] = is_shared[i] = true;
		else if (rc < 0)
			return rc;
	}
	return 0;
}

int svd_name_groups(struct svd *svd)
{
	struct regmap *map = svd->map;
	struct name_table names = { 0 };
	bool *is_shared;
	int rc;

	if (!has_groups(map))
		return 0;
	is_shared = calloc(map->register_count, sizeof(*is_shared));
	rc = is_shared ? find_shared(map, &names, is_shared) : -ENOMEM;
	name_table_free(&names);
	for (size_t i = 0; rc == 0 && i < map->register_count; i++) {
		if (is_shared[i] && map->registers[i].group)
			rc = rename_register(map, &map->registers[i]);
	}
	free(is_shared);
	return rc;
}
