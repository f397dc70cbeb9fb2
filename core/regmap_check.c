// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/regmap_check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/name_table.h"
#include "core/number.h"
#include "core/regmap_build.h"

static uint64_t bytes_of(const struct regmap_register *reg)
{
	return (uint64_t)reg->words * reg->width / 8;
}

static int by_place(const void *a, const void *b)
{
	const struct regmap_problem *x = a;
	const struct regmap_problem *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

/* --- registers ------------------------------------------------------------------------------------- */

static void check_register(struct regmap *map, const struct regmap_register *reg)
{
	const struct regmap_block *block = reg->block == REGMAP_NO_BLOCK ? NULL : &map->blocks[reg->block];
	uint64_t offset = block ? reg->address - block->address : 0;

	if (reg->address % (reg->width / 8))
		regmap_problem(map, reg->place, "%s: its address 0x%llx is not aligned to %u bits", reg->name,
			       (unsigned long long)reg->address, reg->width);
	if (block && block->size && (offset >= block->size || bytes_of(reg) > block->size - offset))
		regmap_problem(map, reg->place, "%s lies outside of its block %s of 0x%llx bytes", reg->name,
			       block->name, (unsigned long long)block->size);
	if (reg->has_reset && (reg->reset_value & ~width_max(reg->bits)))
		regmap_problem(map, reg->place, "%s: its reset value 0x%llx has more than %u bits", reg->name,
			       (unsigned long long)reg->reset_value, reg->bits);
}

static int check_names(struct regmap *map)
{
	struct name_table names = { 0 };
	int rc = 0;

	for (uint32_t i = 0; i < map->register_count && rc != -ENOMEM; i++) {
		const struct regmap_register *reg = &map->registers[i];
		uint32_t first;

		rc = name_table_add(&names, reg->name, i);
		if (rc == -EEXIST && name_table_find(&names, reg->name, strlen(reg->name), &first))
			regmap_problem(map, reg->place, "there is another register %s, in line %u", reg->name,
				       regmap_line(map, map->registers[first].place));
	}
	name_table_free(&names);
	return rc == -ENOMEM ? rc : 0;
}

struct place {
	int bar;
	const struct regmap_register *reg;
};

static int by_address(const void *a, const void *b)
{
	const struct place *x = a;
	const struct place *y = b;

	if (x->bar != y->bar)
		return x->bar < y->bar ? -1 : 1;
	if (x->reg->address != y->reg->address)
		return x->reg->address < y->reg->address ? -1 : 1;
	return x->reg->place < y->reg->place ? -1 : x->reg->place > y->reg->place;
}

static int check_overlaps(struct regmap *map)
{
	struct place *list = calloc(map->register_count + 1, sizeof(*list));
	const struct place *last = list;

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < map->register_count; i++)
		list[i] = (struct place){
			.bar = regmap_bar(map, &map->registers[i]),
			.reg = &map->registers[i],
		};
	qsort(list, map->register_count, sizeof(*list), by_address);
	for (size_t i = 1; i < map->register_count; i++) {
		const struct regmap_register *reg = list[i].reg;

		/* LAST is the one that reaches farthest so far */
		if (list[i].bar == last->bar && reg->address - last->reg->address < bytes_of(last->reg))
			regmap_problem(map, reg->place, "%s overlaps %s (line %u)", reg->name,
				       last->reg->name, regmap_line(map, last->reg->place));
		if (list[i].bar != last->bar ||
		    reg->address + bytes_of(reg) >= last->reg->address + bytes_of(last->reg))
			last = &list[i];
	}
	free(list);
	return 0;
}

/* --- fields ---------------------------------------------------------------------------------------- */

static void check_enums(struct regmap *map, const struct regmap_register *reg,
			const struct regmap_field *field)
{
	for (uint32_t i = 1; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		for (uint32_t k = 0; k < i && k < 256; k++) {
			const struct regmap_enum *other = &map->enums[field->first_enum + k];

			if (strcmp(e->name, other->name) == 0 && e->not_for_read == other->not_for_read)
				regmap_problem(map, e->place, "%s.%s: there is another value %s, in line %u",
					       reg->name, field->name, e->name,
					       regmap_line(map, other->place));
			else if (!e->is_default && !other->is_default && e->value == other->value &&
				 e->mask == other->mask && e->not_for_read == other->not_for_read &&
				 e->not_for_write == other->not_for_write)
				regmap_problem(map, e->place, "%s.%s: %s and %s are one value", reg->name,
					       field->name, other->name, e->name);
		}
	}
}

static void check_fields(struct regmap *map, const struct regmap_register *reg)
{
	uint64_t taken = 0;

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (regmap_field_mask(field) & taken)
			regmap_problem(map, field->place, "%s.%s overlaps another field", reg->name,
				       field->name);
		taken |= regmap_field_mask(field);
		for (uint32_t k = 0; k < i; k++) {
			if (strcmp(regmap_field_at(map, reg, k)->name, field->name) == 0)
				regmap_problem(map, field->place, "%s has another field %s", reg->name,
					       field->name);
		}
		check_enums(map, reg, field);
	}
}

int regmap_check(struct regmap *map)
{
	uint32_t seen = 0;
	int rc;

	for (size_t i = 0; i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		check_register(map, reg);
		/* those of an array have the same fields: once is enough */
		if (reg->field_count && reg->first_field >= seen) {
			check_fields(map, reg);
			seen = reg->first_field + reg->field_count;
		}
	}
	rc = check_names(map);
	if (rc == 0)
		rc = check_overlaps(map);
	if (map->problem_count)
		qsort(map->problems, map->problem_count, sizeof(*map->problems), by_place);
	return rc;
}
