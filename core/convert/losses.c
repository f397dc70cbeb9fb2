// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/convert/losses.h"

#include <ctype.h>
#include <string.h>

#include "core/base/number.h"
#include "core/convert/gaps.h"

static size_t has_id(const struct regmap *map)
{
	return map->has_id;
}

static size_t has_base(const struct regmap *map)
{
	return map->has_base;
}

static size_t count_bars(const struct regmap *map)
{
	size_t count = 0;

	for (size_t i = 0; i < map->block_count; i++)
		count += map->blocks[i].bar >= 0;
	return count;
}

static size_t count_situations(const struct regmap *map)
{
	size_t count = 0;

	for (size_t i = 0; i < map->block_count; i++)
		count += map->blocks[i].virtio_type || map->blocks[i].condition.count;
	return count;
}

static size_t count_blocks(const struct regmap *map)
{
	return map->block_count;
}

/* --- names ---------------------------------------------------------------------------------------- */

static bool is_plain(const char *name)
{
	while (isalnum((unsigned char)*name) || *name == '_')
		name++;
	return !*name;
}

static size_t count_names(const struct regmap *map)
{
	size_t count = 0;

	for (size_t i = 0; i < map->block_count; i++)
		count += !is_plain(map->blocks[i].name);
	for (size_t i = 0; i < map->register_count; i++)
		count += !is_plain(map->registers[i].short_name);
	for (size_t i = 0; i < map->field_count; i++)
		count += !is_plain(map->fields[i].name);
	return count;
}

static size_t count_map_name(const struct regmap *map)
{
	return !is_plain(map->name);
}

/* --- registers ------------------------------------------------------------------------------------ */

static size_t count_registers(const struct regmap *map,
			      bool (*has)(const struct regmap *map, const struct regmap_register *reg))
{
	size_t count = 0;

	for (size_t i = 0; i < map->register_count; i++)
		count += has(map, &map->registers[i]);
	return count;
}

static bool behaves(const struct regmap_behaviour *b)
{
	return b->access || b->on_read || b->on_write;
}

static size_t count_behaviours(const struct regmap *map)
{
	size_t count = 0;

	for (size_t i = 0; i < map->register_count; i++)
		count += behaves(&map->registers[i].behaviour);
	for (size_t i = 0; i < map->field_count; i++)
		count += behaves(&map->fields[i].behaviour);
	return count;
}

/* A field has its register's constraint where it says nothing itself. */
static size_t count_constraints(const struct regmap *map)
{
	size_t count = 0;

	for (size_t i = 0; i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		for (uint32_t f = 0; !reg->behaviour.constraint && f < reg->field_count; f++)
			count += regmap_field_at(map, reg, f)->behaviour.constraint != CONSTRAINT_NONE;
		count += reg->behaviour.constraint != CONSTRAINT_NONE;
	}
	return count;
}

static bool is_across(const struct regmap_register *reg, const struct regmap_field *field)
{
	return reg->words > 1 &&
	       field->lsb / reg->word_bits != (field->lsb + field->bits - 1) / reg->word_bits;
}

/* Registers of several words, and fields across them, with values or a write constraint. */
static size_t count_across(const struct regmap *map)
{
	size_t count = 0;

	for (size_t i = 0; i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		for (uint32_t f = 0; f < reg->field_count; f++) {
			const struct regmap_field *field = regmap_field_at(map, reg, f);

			count += is_across(reg, field) && (field->behaviour.constraint || field->enum_count);
		}
		count += reg->words > 1 && reg->behaviour.constraint;
	}
	return count;
}

/* --- values --------------------------------------------------------------------------------------- */

static size_t count_values(const struct regmap *map,
			   bool (*has)(const struct regmap_field *field, const struct regmap_enum *e))
{
	size_t count = 0;

	for (size_t i = 0; i < map->field_count; i++) {
		const struct regmap_field *field = &map->fields[i];

		for (uint32_t e = 0; e < field->enum_count; e++)
			count += has(field, &map->enums[field->first_enum + e]);
	}
	return count;
}

static bool is_default(const struct regmap_field *field, const struct regmap_enum *e)
{
	return !regmap_enum_has_value(field, e);
}

static size_t count_defaults(const struct regmap *map)
{
	return count_values(map, is_default);
}

static bool is_masked(const struct regmap_field *field, const struct regmap_enum *e)
{
	return regmap_enum_has_value(field, e) && ~e->mask & width_max(field->bits);
}

static size_t count_masked(const struct regmap *map)
{
	return count_values(map, is_masked);
}

/* --- what there is no field for --------------------------------------------------------------------- */

static bool has_lost_access(const struct regmap *map, const struct regmap_register *reg)
{
	return reg->behaviour.access != REGMAP_UNKNOWN && gap_hides_access(map, reg);
}

static size_t count_accesses(const struct regmap *map)
{
	return count_registers(map, has_lost_access);
}

/* What is known of bits that the writer makes no field of. */
static bool has_lost_reset(const struct regmap *map, const struct regmap_register *reg)
{
	char name[GAP_NAME_SIZE];
	struct regmap_field gap;

	if (!reg->has_reset || !reg->field_count)
		return false;
	for (unsigned int from = 0; gap_next(map, reg, from, &gap, name); from = gap.lsb + gap.bits) {
		if (reg->reset_mask & regmap_field_mask(&gap) && !gap_needs_field(map, reg, &gap))
			return true;
	}
	return false;
}

static size_t count_resets(const struct regmap *map)
{
	return count_registers(map, has_lost_reset);
}

static bool has_lost_constraint(const struct regmap *map, const struct regmap_register *reg)
{
	(void)map;
	return reg->behaviour.constraint != CONSTRAINT_NONE && reg->field_count;
}

static size_t count_whole_constraints(const struct regmap *map)
{
	return count_registers(map, has_lost_constraint);
}

static bool is_alternate(const struct regmap *map, const struct regmap_register *reg)
{
	(void)map;
	return reg->is_alternate;
}

static size_t count_alternates(const struct regmap *map)
{
	return count_registers(map, is_alternate);
}

static bool lacks_fields(const struct regmap *map, const struct regmap_register *reg)
{
	(void)map;
	return reg->lacks_fields;
}

static size_t count_incomplete(const struct regmap *map)
{
	return count_registers(map, lacks_fields);
}

/* Bits with an effect of a write are not refused by what their access is: see write_plan.c. */
static bool has_lost_lack(const struct regmap *map, const struct regmap_register *reg)
{
	return lacks_fields(map, reg) && reg->behaviour.on_write != WRITE_MODIFIES;
}

static size_t count_lost_lacks(const struct regmap *map)
{
	return count_registers(map, has_lost_lack);
}

/* --- all of them ---------------------------------------------------------------------------------- */

#define XML (REGMAP_TO_SVD | REGMAP_TO_IPXACT)
#define READ_BY_PEOPLE (REGMAP_TO_HEADER | REGMAP_TO_MARKDOWN)

/* In the order of the message. */
static const struct {
	const char *what;
	size_t (*count)(const struct regmap *map);
	unsigned int of; /* regmap_target */
	bool is_counted; /* in the message */
} losses[] = {
	{ "which device it is for", has_id, XML | READ_BY_PEOPLE, false },
	{ "which BARs", count_bars, XML, false },
	{ "the base", has_base, XML, false },
	{ "at= and if of blocks", count_situations, XML | READ_BY_PEOPLE, false },
	{ "the map's name as it is", count_map_name, REGMAP_TO_IPXACT, false },
	{ "dots and brackets in names", count_names, REGMAP_TO_IPXACT, false },
	{ "access and effects (they are comments)", count_behaviours, REGMAP_TO_HEADER, false },
	{ "write constraints", count_constraints, REGMAP_TO_MARKDOWN, false },
	{ "blocks", count_blocks, REGMAP_TO_MARKDOWN, false },
	{ "which bits of named values do not matter", count_masked, REGMAP_TO_IPXACT, true },
	{ "what all other values are called", count_defaults, REGMAP_TO_IPXACT, true },
	{ "names of values, and what may be written, across words", count_across, REGMAP_TO_SVD, true },
	{ "write constraints", count_constraints, REGMAP_TO_HEADER, true },
	{ "what may be written to registers with fields", count_whole_constraints, REGMAP_TO_IPXACT, true },
	{ "that fields are missing", count_lost_lacks, XML, true },
	{ "that fields are missing", count_incomplete, READ_BY_PEOPLE, true },
	{ "which registers are alternates of others", count_alternates, REGMAP_TO_IPXACT, true },
	{ "reset values of bits in no field", count_resets, REGMAP_TO_IPXACT, true },
	{ "the access of registers beside fields of unknown access", count_accesses, XML, true },
};

void regmap_losses(const struct regmap *map, enum regmap_target to, struct text_buffer *text)
{
	const char *separator = "";

	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
		size_t count = losses[i].of & to ? losses[i].count(map) : 0;

		if (!count)
			continue;
		text_buffer_format(text, "%s%s", separator, losses[i].what);
		if (losses[i].is_counted)
			text_buffer_format(text, " (%zu)", count);
		separator = ", ";
	}
}
