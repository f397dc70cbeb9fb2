// SPDX-License-Identifier: GPL-2.0-or-later
/* What is wrong in a map that could be read, for whoever writes one: looks at the model only. */
#include "core/regmap/regmap.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/name_table.h"
#include "core/base/number.h"
#include "core/regmap/build.h"

/*
 * Notes what was found at PLACE; with ANOTHER, the line of that behind it. To find a line takes reading the file,
 * which is done no more often than there are problems that are kept.
 */
__attribute__((format(printf, 4, 5))) static void found(struct regmap *map, size_t place,
							const size_t *another, const char *format, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (map->problem_count >= REGMAP_PROBLEMS_MAX)
		another = NULL;
	if (another)
		regmap_problem(map, place, "%s (line %u)", text, regmap_line(map, *another));
	else
		regmap_problem(map, place, "%s", text);
}

static int by_problem(const void *a, const void *b)
{
	const struct regmap_problem *x = a;
	const struct regmap_problem *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

/* --- registers ------------------------------------------------------------------------------------- */

static uint64_t bytes_of(const struct regmap_register *reg)
{
	return (uint64_t)reg->words * reg->width / 8;
}

/* An end would not fit above the last byte of all. */
static uint64_t last_byte(const struct regmap_register *reg)
{
	return reg->address + (bytes_of(reg) - 1);
}

/* FIELD is NULL for the register itself. */
static void check_range(struct regmap *map, const struct regmap_register *reg,
			const struct regmap_field *field)
{
	const struct regmap_behaviour *b = field ? &field->behaviour : &reg->behaviour;
	struct regmap_item item = { .reg = reg, .field = field };
	size_t place = field ? field->place : reg->place;
	unsigned int bits = field ? field->bits : reg->bits;
	char name[2 * REGMAP_NAME_SIZE];

	if (b->constraint != CONSTRAINT_RANGE)
		return;
	regmap_item_name(&item, name, sizeof(name));
	if (b->minimum > b->maximum)
		found(map, place, NULL, "%s: no value is in the range from 0x%llx to 0x%llx", name,
		      (unsigned long long)b->minimum, (unsigned long long)b->maximum);
	else if (b->minimum > width_max(bits))
		found(map, place, NULL, "%s: its range starts at 0x%llx, above its %u bit%s", name,
		      (unsigned long long)b->minimum, bits, plural(bits));
}

static void check_register(struct regmap *map, const struct regmap_register *reg)
{
	const struct regmap_block *block = reg->block == REGMAP_NO_BLOCK ? NULL : &map->blocks[reg->block];
	uint64_t offset = block ? reg->address - block->address : 0;

	if (reg->address % (reg->width / 8))
		found(map, reg->place, NULL, "%s: its address 0x%llx is not aligned to %u bits", reg->name,
		      (unsigned long long)reg->address, reg->width);
	if (block && block->size && (offset >= block->size || bytes_of(reg) > block->size - offset))
		found(map, reg->place, NULL, "%s lies outside of its block %s of 0x%llx bytes", reg->name,
		      block->name, (unsigned long long)block->size);
	if (reg->has_reset && (reg->reset_value & ~width_max(reg->bits)))
		found(map, reg->place, NULL, "%s: its reset value 0x%llx has more than %u bit%s", reg->name,
		      (unsigned long long)reg->reset_value, reg->bits, plural(reg->bits));
	check_range(map, reg, NULL);
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
			found(map, reg->place, &map->registers[first].place, "there is another register %s",
			      reg->name);
	}
	name_table_free(&names);
	return rc == -ENOMEM ? rc : 0;
}

struct position {
	int bar; /* or what is alike: the types of capabilities that place blocks are behind the BARs */
	const struct regmap_register *reg;
};

#define BARS 6

static int by_address(const void *a, const void *b)
{
	const struct position *x = a;
	const struct position *y = b;

	if (x->bar != y->bar)
		return x->bar < y->bar ? -1 : 1;
	if (x->reg->address != y->reg->address)
		return x->reg->address < y->reg->address ? -1 : 1;
	return x->reg->place < y->reg->place ? -1 : x->reg->place > y->reg->place;
}

static int check_overlaps(struct regmap *map)
{
	struct position *list = calloc(map->register_count + 1, sizeof(*list));
	const struct position *far = list; /* the one that reaches farthest so far */
	size_t count = 0;

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];
		const struct regmap_block *placed = regmap_placed(map, reg);

		/* what says that it lies where another does is right */
		if (reg->is_alternate)
			continue;
		list[count++] = (struct position){
			.bar = placed ? BARS + placed->virtio_type : regmap_bar(map, reg),
			.reg = reg,
		};
	}
	qsort(list, count, sizeof(*list), by_address);
	for (size_t i = 1; i < count; i++) {
		const struct regmap_register *reg = list[i].reg;

		if (list[i].bar == far->bar && reg->address <= last_byte(far->reg))
			found(map, reg->place, &far->reg->place, "%s overlaps %s", reg->name, far->reg->name);
		if (list[i].bar != far->bar || last_byte(reg) >= last_byte(far->reg))
			far = &list[i];
	}
	free(list);
	return 0;
}

/* --- values: sorted, what is the same stands together --------------------------------------------- */

static int by_usage(const struct regmap_enum *x, const struct regmap_enum *y)
{
	if (x->not_for_read != y->not_for_read)
		return x->not_for_read ? 1 : -1;
	if (x->not_for_write != y->not_for_write)
		return x->not_for_write ? 1 : -1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int by_enum_name(const void *a, const void *b)
{
	const struct regmap_enum *x = *(const struct regmap_enum *const *)a;
	const struct regmap_enum *y = *(const struct regmap_enum *const *)b;
	int order = strcmp(x->name, y->name);

	if (order == 0)
		order = x->is_default - y->is_default;
	return order ? order : by_usage(x, y);
}

/* A value's name may be that of all the others too. */
static bool same_name(const struct regmap_enum *x, const struct regmap_enum *y)
{
	return x->is_default == y->is_default && strcmp(x->name, y->name) == 0;
}

static int by_enum_value(const void *a, const void *b)
{
	const struct regmap_enum *x = *(const struct regmap_enum *const *)a;
	const struct regmap_enum *y = *(const struct regmap_enum *const *)b;

	if (x->is_default != y->is_default)
		return x->is_default ? 1 : -1;
	if (!x->is_default && x->mask != y->mask)
		return x->mask < y->mask ? -1 : 1;
	if (!x->is_default && (x->value & x->mask) != (y->value & y->mask))
		return (x->value & x->mask) < (y->value & y->mask) ? -1 : 1;
	return by_usage(x, y);
}

static bool same_value(const struct regmap_enum *x, const struct regmap_enum *y)
{
	return x->is_default == y->is_default &&
	       (x->is_default || (x->mask == y->mask && (x->value & x->mask) == (y->value & y->mask)));
}

/* One name, or one value, may stand for reads and another for writes. */
static bool meet(const struct regmap_enum *x, const struct regmap_enum *y)
{
	return (!x->not_for_read && !y->not_for_read) || (!x->not_for_write && !y->not_for_write);
}

/*
 * Of those that are alike, from FIRST on, the one that LIST[I] meets. They are in the order: for both, for reads, for
 * writes; so it is the one before or the first.
 */
static const struct regmap_enum *met(const struct regmap_enum **list, size_t first, size_t i)
{
	if (i > first && meet(list[i - 1], list[i]))
		return list[i - 1];
	return i > first && meet(list[first], list[i]) ? list[first] : NULL;
}

static void check_enums(struct regmap *map, const struct regmap_register *reg,
			const struct regmap_field *field, const struct regmap_enum **list)
{
	size_t first = 0;

	for (uint32_t i = 0; i < field->enum_count; i++)
		list[i] = &map->enums[field->first_enum + i];
	qsort(list, field->enum_count, sizeof(struct regmap_enum *), by_enum_name);
	for (size_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *other;

		first = same_name(list[first], list[i]) ? first : i;
		other = met(list, first, i);
		if (other)
			found(map, list[i]->place, &other->place, "%s.%s: there is another value %s",
			      reg->name, field->name, list[i]->name);
	}
	qsort(list, field->enum_count, sizeof(struct regmap_enum *), by_enum_value);
	first = 0;
	for (size_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *other;

		first = same_value(list[first], list[i]) ? first : i;
		other = met(list, first, i);
		/* of one name it was said already */
		if (other && strcmp(other->name, list[i]->name) != 0)
			found(map, list[i]->place, &other->place, "%s.%s: %s is the same value as %s",
			      reg->name, field->name, list[i]->name, other->name);
	}
}

/* --- fields ---------------------------------------------------------------------------------------- */

static int by_field_name(const void *a, const void *b)
{
	const struct regmap_field *x = *(const struct regmap_field *const *)a;
	const struct regmap_field *y = *(const struct regmap_field *const *)b;
	int order = strcmp(x->name, y->name);

	return order ? order : x->place < y->place ? -1 : x->place > y->place;
}

static void check_field_names(struct regmap *map, const struct regmap_register *reg,
			      const struct regmap_field **list)
{
	for (uint32_t i = 0; i < reg->field_count; i++)
		list[i] = regmap_field_at(map, reg, i);
	qsort(list, reg->field_count, sizeof(struct regmap_field *), by_field_name);
	for (uint32_t i = 1; i < reg->field_count; i++) {
		if (strcmp(list[i - 1]->name, list[i]->name) == 0)
			found(map, list[i]->place, &list[i - 1]->place, "%s has another field %s", reg->name,
			      list[i]->name);
	}
}

/* They are in rising order of their lowest bits. */
static void check_field_overlaps(struct regmap *map, const struct regmap_register *reg)
{
	const struct regmap_field *far = regmap_field_at(map, reg, 0);

	for (uint32_t i = 1; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (field->lsb < far->lsb + far->bits)
			found(map, field->place, &far->place, "%s.%s overlaps %s.%s", reg->name, field->name,
			      reg->name, far->name);
		if (field->lsb + field->bits >= far->lsb + far->bits)
			far = field;
	}
}

static int check_fields(struct regmap *map)
{
	const struct regmap_field **fields = calloc(map->field_count + 1, sizeof(struct regmap_field *));
	const struct regmap_enum **enums = calloc(map->enum_count + 1, sizeof(struct regmap_enum *));
	int rc = fields && enums ? 0 : -ENOMEM;
	uint32_t seen = 0;

	for (size_t i = 0; rc == 0 && i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		/* those of an array have the same fields: once is enough */
		if (!reg->field_count || reg->first_field < seen)
			continue;
		seen = reg->first_field + reg->field_count;
		check_field_names(map, reg, fields);
		check_field_overlaps(map, reg);
		for (uint32_t k = 0; k < reg->field_count; k++) {
			const struct regmap_field *field = regmap_field_at(map, reg, k);

			check_range(map, reg, field);
			check_enums(map, reg, field, enums);
		}
	}
	free(fields);
	free(enums);
	return rc;
}

int regmap_check(struct regmap *map)
{
	int rc;

	for (size_t i = 0; i < map->register_count; i++)
		check_register(map, &map->registers[i]);
	rc = check_fields(map);
	if (rc == 0)
		rc = check_names(map);
	if (rc == 0)
		rc = check_overlaps(map);
	if (map->problem_count)
		qsort(map->problems, map->problem_count, sizeof(*map->problems), by_problem);
	return rc;
}
