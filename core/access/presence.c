// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a map's blocks are there in this device: where the map has a condition, registers say it. */
#include <errno.h>

#include "core/access/internal.h"

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
