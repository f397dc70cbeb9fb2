// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a map's blocks are there in this device: where the map has a condition, registers say it. */
#include <errno.h>

#include "core/access/internal.h"
#include "core/regmap/write_plan.h"

static int read_condition(struct access *a, const struct regmap_condition *c, bool *holds,
			  struct error *error)
{
	uint64_t sum = 0;
	int rc = regmap_complete(a->map, error);

	for (unsigned int i = 0; rc == 0 && i < c->count; i++) {
		const struct regmap_item item = { .reg = &a->map->registers[c->terms[i].reg] };
		const struct regmap_field bits = { .lsb = c->terms[i].lsb, .bits = c->terms[i].bits };
		struct target target = { 0 };
		uint64_t value = 0;

		rc = access_resolve_item(a, &item, &target, error);
		if (rc == 0)
			rc = target_read(&target, &value, error);
		/* of large numbers the sum is above all that fits, not what is left of it */
		if (__builtin_add_overflow(sum, regmap_field_value(&bits, value), &sum))
			sum = UINT64_MAX;
	}
	if (rc == 0)
		*holds = sum > c->above;
	return rc;
}

int access_is_there(struct access *a, const struct regmap_register *reg, bool *is_there, struct error *error)
{
	const struct regmap_block *block = reg->block == REGMAP_NO_BLOCK ? NULL : &a->map->blocks[reg->block];
	struct access_place *place;
	bool holds = true;
	int rc = 0;

	if (!block || !block->condition.count || a->space != SPACE_BAR) {
		*is_there = true;
		return 0;
	}
	place = access_block_place(a, reg->block, error);
	if (!place)
		return -ENOMEM;
	if (place->presence == PRESENCE_UNKNOWN) {
		rc = read_condition(a, &block->condition, &holds, error);
		if (rc < 0)
			return rc;
		place->presence = holds ? PRESENT : ABSENT;
	}
	*is_there = place->presence == PRESENT;
	return 0;
}

int access_need_there(struct access *a, const struct regmap_register *reg, struct error *error)
{
	bool is_there;
	int rc = access_is_there(a, reg, &is_there, error);

	if (rc < 0 || is_there)
		return rc;
	return error_set(error, ERROR_UNSUPPORTED, "no-register",
			 "'%.150s' is not there, as the map's conditions have it", reg->name);
}

static bool is_conditional(const struct regmap *map, const struct regmap_register *reg)
{
	return reg->block != REGMAP_NO_BLOCK && map->blocks[reg->block].condition.count;
}

/* Has REG a byte in LENGTH bytes from FIRST on? */
static bool is_within(struct access *a, const struct regmap_register *reg, const struct target *first,
		      uint64_t length)
{
	uint64_t size = (uint64_t)reg->words * reg->width / 8;
	struct error ignored;
	unsigned int bar;
	uint64_t offset;

	/* one that has no place is not written at any */
	if (access_place_of(a, reg, &bar, &offset, &ignored) < 0 || a->bars[bar] != first->region)
		return false;
	return offset < first->offset ? first->offset - offset < size : offset - first->offset < length;
}

/* Why REG is no memory; NULL: it may be. */
static const char *no_memory_of(const struct regmap *map, const struct regmap_register *reg)
{
	const char *reason = regmap_unsafe_to_read(map, reg);
	bool has_effect = reg->behaviour.on_write != WRITE_MODIFIES;
	bool is_limited = reg->behaviour.constraint != CONSTRAINT_NONE;

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_behaviour *b = &regmap_field_at(map, reg, i)->behaviour;

		has_effect |= b->on_write != WRITE_MODIFIES;
		is_limited |= b->constraint != CONSTRAINT_NONE;
	}
	if (reason)
		return reason;
	if (has_effect)
		return "writing it does more than that";
	return is_limited ? "it takes only some values" : NULL;
}

static int check_use(const struct access *a, const struct regmap_register *reg, enum access_use use,
		     struct error *error)
{
	const struct regmap_item item = { .reg = reg };
	const char *reason = use == ACCESS_TEST ? no_memory_of(a->map, reg) : NULL;
	int rc;

	if (use == ACCESS_BYTES || a->ctx->unsafe)
		return 0;
	if (!reason)
		return write_plan_check(a->map, &item, 0, 0, false, error);
	rc = error_set(error, ERROR_USAGE, "unsafe", "%s is no memory: the map says that %s", reg->name,
		       reason);
	error_hint(error, "--unsafe tests it all the same");
	return rc;
}

int access_check_span(struct access *a, const struct target *first, uint64_t length, enum access_use use,
		      struct error *error)
{
	struct regmap *map;
	int rc = access_map(a, &map, error);

	for (size_t i = 0; rc == 0 && map && i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		if ((use == ACCESS_BYTES && !is_conditional(map, reg)) || !is_within(a, reg, first, length))
			continue;
		if (is_conditional(map, reg))
			rc = access_need_there(a, reg, error);
		if (rc == 0)
			rc = check_use(a, reg, use, error);
	}
	return rc;
}

int access_unsafe_in_span(struct access *a, const struct target *first, uint64_t length,
			  const struct regmap_register **regs, size_t size, size_t *count,
			  struct error *error)
{
	struct regmap *map;
	size_t n = 0;
	int rc = access_map(a, &map, error);

	for (size_t i = 0; rc == 0 && map && i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		if (!regmap_unsafe_to_read(map, reg) || !is_within(a, reg, first, length))
			continue;
		if (n < size)
			regs[n] = reg;
		n++;
	}
	if (rc == 0)
		*count = n;
	return rc;
}
