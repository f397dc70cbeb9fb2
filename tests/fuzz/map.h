/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A register map of either format, with all that is done to one: for map_text.c and map_svd.c. */
#ifndef FUZZ_MAP_H
#define FUZZ_MAP_H

#include "core/convert/convert.h"
#include "tests/fuzz/fuzz.h"

static int put_nowhere(void *data, const char *text, size_t length, struct error *error)
{
	(void)data;
	(void)text;
	(void)length;
	(void)error;
	return 0;
}

static void use_item(struct regmap *map, const struct regmap_item *found)
{
	char name[REGMAP_ITEM_NAME_SIZE];
	struct regmap_item item;
	struct error error;

	regmap_item_name(found, name, sizeof(name));
	regmap_find(map, name, &item, &error);
	regmap_unsafe_to_read(map, found->reg);
	for (uint32_t i = 0; i < found->reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, found->reg, i);

		regmap_enum_name(map, field, regmap_field_value(field, found->reg->reset_value));
		regmap_field_value_bits(field);
	}
}

/* The first ones are enough, where a file has a million. */
#define USED 64

static void use_map(const char *path)
{
	struct regmap_item *items;
	struct regmap *map;
	struct error error;
	size_t count;

	if (regmap_load_anyhow(path, &map, &error) < 0)
		return;
	if (regmap_match(map, "*", &items, &count, &error) == 0) {
		for (size_t i = 0; i < count && i < USED; i++)
			use_item(map, &items[i]);
		free(items);
	}
	/* a text map is used, and so written, only where nothing is wrong */
	if (map->problem_count == 0 || map->format != REGMAP_TEXT) {
		regmap_write_text(map, put_nowhere, NULL, &error);
		regmap_write_svd(map, put_nowhere, NULL, &error);
	}
	regmap_check(map);
	for (size_t i = 0; i < map->problem_count; i++)
		regmap_line(map, map->problems[i].place);
	regmap_close(map);
}

#endif
