// SPDX-License-Identifier: GPL-2.0-or-later
/* A map as IP-XACT, IEEE 1685-2014: one memory map, an address block for each block. */
#include "core/convert/convert.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "core/base/number.h"
#include "core/convert/internal.h"
#include "core/convert/gaps.h"
#include "core/convert/xml_out.h"
#include "core/regmap/build.h"

/* A name as XML has it (1685-2014, annex C: xs:Name): "CH[0].ADDR" becomes "CH_0_ADDR". */
static void put_name(struct xml_out *xml, const char *name)
{
	char text[REGMAP_NAME_SIZE];
	size_t n = 0;

	for (; *name && n < sizeof(text) - 1; name++) {
		if (*name == ']')
			continue;
		text[n++] = isalnum((unsigned char)*name) ? *name : '_';
	}
	text[n] = '\0';
	xml_leaf(xml, "name", n ? text : "_");
}

static void put_access(struct xml_out *xml, enum regmap_access access)
{
	xml_leaf(xml, "access", regmap_access_name(access));
}

/* 1685-2014 has no words for "changes another register" and "not to be read": the nearest that is no less careful. */
static void put_effects(struct xml_out *xml, const struct regmap_behaviour *b)
{
	bool other = b->on_read == READ_MODIFIES_OTHERS || b->on_read == READ_UNSAFE;

	xml_leaf(xml, "modifiedWriteValue", regmap_write_effect_name(b->on_write));
	if (b->constraint != CONSTRAINT_NONE) {
		xml_begin(xml, "writeValueConstraint");
		if (b->constraint == CONSTRAINT_RANGE) {
			xml_format(xml, "minimum", "'h%" PRIx64, b->minimum);
			xml_format(xml, "maximum", "'h%" PRIx64, b->maximum);
		} else {
			xml_leaf(xml,
				 b->constraint == CONSTRAINT_ENUM ? "useEnumeratedValues" : "writeAsRead",
				 "true");
		}
		xml_end(xml, "writeValueConstraint");
	}
	xml_leaf(xml, "readAction", other ? "modify" : regmap_read_effect_name(b->on_read));
}

static void put_reset(struct xml_out *xml, uint64_t value, uint64_t mask, uint64_t all)
{
	if (!(mask & all))
		return;
	xml_begin(xml, "resets");
	xml_begin(xml, "reset");
	xml_format(xml, "value", "'h%" PRIx64, value & all);
	if ((mask & all) != all)
		xml_format(xml, "mask", "'h%" PRIx64, mask & all);
	xml_end(xml, "reset");
	xml_end(xml, "resets");
}

/* NULL: both, as where it is not said. */
static const char *usage_of(const struct regmap_enum *e)
{
	return e->not_for_write ? "read" : e->not_for_read ? "write" : NULL;
}

/* Values with a number; a default without one has none to write. */
static void put_values(struct xml_out *xml, const struct regmap *map, const struct regmap_field *field)
{
	bool is_open = false;

	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		if (!regmap_enum_has_value(field, e))
			continue;
		if (!is_open)
			xml_begin(xml, "enumeratedValues");
		is_open = true;
		xml_begin_with(xml, "enumeratedValue", "usage", usage_of(e));
		put_name(xml, e->name);
		xml_leaf(xml, "description", e->description);
		xml_format(xml, "value", "'h%" PRIx64, e->value);
		xml_end(xml, "enumeratedValue");
	}
	if (is_open)
		xml_end(xml, "enumeratedValues");
}

static void put_field(struct xml_out *xml, const struct regmap *map, const struct regmap_register *reg,
		      const struct regmap_field *field, const struct regmap_behaviour *b)
{
	xml_begin(xml, "field");
	put_name(xml, field->name);
	xml_leaf(xml, "description", field->description);
	xml_format(xml, "bitOffset", "%u", field->lsb);
	if (reg->has_reset)
		put_reset(xml, reg->reset_value >> field->lsb, reg->reset_mask >> field->lsb,
			  width_max(field->bits));
	xml_format(xml, "bitWidth", "%u", field->bits);
	put_access(xml, b->access);
	put_values(xml, map, field);
	put_effects(xml, b);
	xml_end(xml, "field");
}

/* A reset value and effects are a field's in 1685-2014: one that stands for all of a register without any. */
static void put_whole(struct xml_out *xml, const struct regmap *map, const struct regmap_register *reg)
{
	struct regmap_field whole;
	char name[GAP_NAME_SIZE];

	if (!gap_next(map, reg, 0, &whole, name))
		return;
	whole.name = "VALUE";
	whole.behaviour.constraint = reg->behaviour.constraint;
	whole.behaviour.minimum = reg->behaviour.minimum;
	whole.behaviour.maximum = reg->behaviour.maximum;
	if (reg->has_reset || whole.behaviour.constraint || gap_needs_field(map, reg, &whole))
		put_field(xml, map, reg, &whole, &whole.behaviour);
}

/* With those for what is in none, the lowest of these first. */
static void put_fields(struct xml_out *xml, const struct regmap *map, const struct regmap_register *reg)
{
	struct regmap_field gap = { 0 };
	char name[GAP_NAME_SIZE];
	bool has_gap = gap_next(map, reg, 0, &gap, name);
	unsigned int from = 0;

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);
		struct regmap_behaviour b = field->behaviour;

		/* it is unsafe to read because of what the register says, which has no other place */
		if (!has_gap && !b.on_read)
			b.on_read = reg->behaviour.on_read;
		put_field(xml, map, reg, field, &b);
	}
	for (; gap_next(map, reg, from, &gap, name); from = gap.lsb + gap.bits) {
		if (gap_needs_field(map, reg, &gap))
			put_field(xml, map, reg, &gap, &gap.behaviour);
	}
}

/*
 * REG as IP-XACT has it: with the bits of its access (1685-2014, 6.11: size). Those that it has not itself are written as
 * 0, which is what is known of them where anything is.
 */
static struct regmap_register as_accessed(const struct regmap_register *reg)
{
	struct regmap_register r = *reg;

	if (reg->words == 1 && reg->width > 8 && reg->bits <= reg->width / 2) {
		r.bits = reg->width;
		r.reset_mask |= ~width_max(reg->bits);
	}
	return r;
}

static void put_register(struct xml_out *xml, const struct regmap *map, const struct regmap_register *like,
			 uint64_t offset)
{
	struct regmap_register reg = as_accessed(like);

	xml_begin(xml, "register");
	put_name(xml, reg.short_name);
	xml_leaf(xml, "description", reg.description);
	xml_format(xml, "addressOffset", "'h%" PRIx64, offset);
	xml_format(xml, "size", "%u", reg.bits);
	/* a field without an access has that of its register, and unknown has no word */
	if (!gap_hides_access(map, &reg))
		put_access(xml, reg.behaviour.access);
	if (reg.field_count == 0)
		put_whole(xml, map, &reg);
	else
		put_fields(xml, map, &reg);
	xml_end(xml, "register");
}

/* Bytes that BLOCK (map->block_count: what is in none) reaches over; 0: there is nothing in it. */
static uint64_t block_range(const struct regmap *map, size_t block, uint64_t address)
{
	uint64_t end = 0;

	for (size_t i = 0; i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];
		uint64_t last = reg->address - address + (uint64_t)reg->words * reg->width / 8;

		if ((reg->block == REGMAP_NO_BLOCK ? map->block_count : reg->block) == block && last > end)
			end = last;
	}
	return end;
}

static void put_block(struct xml_out *xml, const struct regmap *map, size_t index)
{
	const struct regmap_block *block = index < map->block_count ? &map->blocks[index] : NULL;
	uint64_t address = block ? block->address : 0;
	uint64_t range = block_range(map, index, address);

	if (!block && !range)
		return;
	if (block && block->size > range)
		range = block->size;
	xml_begin(xml, "addressBlock");
	put_name(xml, block ? block->name : "registers");
	xml_leaf(xml, "description", block ? block->description : NULL);
	xml_format(xml, "baseAddress", "'h%" PRIx64, address);
	xml_format(xml, "range", "'h%" PRIx64, range ? range : 4);
	xml_leaf(xml, "width", "32");
	for (size_t i = 0; i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		/* one of several words is none of IP-XACT's: see regmap_write_ipxact() */
		if ((reg->block == REGMAP_NO_BLOCK ? map->block_count : reg->block) == index &&
		    reg->bits <= 64)
			put_register(xml, map, reg, reg->address - address);
	}
	xml_end(xml, "addressBlock");
}

int regmap_write_ipxact(const struct regmap *map, regmap_put put, void *data, struct error *error)
{
	struct xml_out xml = { .depth = 1, .prefix = "ipxact:" };

	text_buffer_string(&xml.text,
			   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ipxact:component "
			   "xmlns:ipxact=\"http://www.accellera.org/XMLSchema/IPXACT/1685-2014\">\n");
	xml_leaf(&xml, "vendor", "pcietool");
	xml_leaf(&xml, "library", "maps");
	put_name(&xml, map->name);
	xml_leaf(&xml, "version", "1.0");
	xml_begin(&xml, "memoryMaps");
	xml_begin(&xml, "memoryMap");
	put_name(&xml, map->name);
	for (size_t i = 0; i <= map->block_count; i++)
		put_block(&xml, map, i);
	xml_leaf(&xml, "addressUnitBits", "8");
	xml_end(&xml, "memoryMap");
	xml_end(&xml, "memoryMaps");
	xml_leaf(&xml, "description", map->description);
	text_buffer_string(&xml.text, "</ipxact:component>\n");
	return regmap_write_out(map, &xml.text, put, data, error);
}
