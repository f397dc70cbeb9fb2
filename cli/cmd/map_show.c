// SPDX-License-Identifier: GPL-2.0-or-later
/* map show, map check: a register map for reading; no device is needed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd/map.h"
#include "cli/maps.h"
#include "cli/writer.h"
#include "core/base/number.h"

void map_view_id(struct writer *w, const struct regmap *map)
{
	if (!map->has_id) {
		writer_null(w, "vendor_id", NULL, "the map does not say");
		writer_null(w, "device_id", NULL, "the map does not say");
		return;
	}
	writer_id(w, "vendor_id", ", for ", map->vendor, 4);
	writer_id(w, "device_id", ":", map->device, 4);
}

const char *map_format_name(const struct regmap *map)
{
	return map->format == REGMAP_SVD ? "SVD" : "text";
}

static void view_behaviour(struct writer *w, const struct regmap_behaviour *b)
{
	/* the label, the word */
	static const char *const constraints[][2] = {
		[CONSTRAINT_NONE] = { NULL, NULL },
		[CONSTRAINT_ENUM] = { ", only ", "enum" },
		[CONSTRAINT_RANGE] = { ", ", "range" },
		[CONSTRAINT_AS_READ] = { ", only as ", "read" },
	};
	const char *access = regmap_access_name(b->access);
	const char *on_read = regmap_read_effect_name(b->on_read);
	const char *on_write = regmap_write_effect_name(b->on_write);

	if (*access)
		writer_string(w, "access", " ", access);
	else
		writer_null(w, "access", " ", "access unknown");
	if (*on_read)
		writer_string(w, "on_read", ", a read: ", on_read);
	else
		writer_null(w, "on_read", NULL, "nothing but a read");
	if (*on_write)
		writer_string(w, "on_write", ", a write: ", on_write);
	else
		writer_null(w, "on_write", NULL, "nothing but a write");
	if (b->constraint != CONSTRAINT_NONE)
		writer_string(w, "constraint", constraints[b->constraint][0], constraints[b->constraint][1]);
	else
		writer_null(w, "constraint", NULL, "any value may be written");
	if (b->constraint == CONSTRAINT_RANGE) {
		writer_hex(w, "minimum", " ", b->minimum, 0);
		writer_hex(w, "maximum", " to ", b->maximum, 0);
	}
}

static void view_description(struct writer *w, const char *description)
{
	if (description)
		writer_string(w, "description", "  ", description);
	else
		writer_null(w, "description", NULL, "none");
}

static void view_enum(struct writer *w, const struct regmap_field *field, const struct regmap_enum *e)
{
	uint64_t all = width_max(field->bits);

	writer_object(w, NULL);
	writer_text(w, "        ");
	if (e->is_default)
		writer_null(w, "value", "", "others");
	else
		writer_hex(w, "value", "", e->value, 0);
	if (!e->is_default && (e->mask & all) != all)
		writer_hex(w, "mask", " of ", e->mask & all, 0);
	writer_string(w, "name", " ", e->name);
	writer_bool(w, "is_default", NULL, e->is_default);
	if (e->not_for_read || e->not_for_write)
		writer_string(w, "only_for", ", only for ", e->not_for_read ? "write" : "read");
	else
		writer_null(w, "only_for", NULL, "reads and writes");
	view_description(w, e->description);
	writer_line(w);
	writer_end(w);
}

static void view_enums(struct writer *w, const struct regmap *map, const struct regmap_field *field)
{
	writer_array(w, "values");
	for (uint32_t i = 0; i < field->enum_count; i++)
		view_enum(w, field, &map->enums[field->first_enum + i]);
	writer_end(w);
}

static void view_field(struct writer *w, const struct regmap *map, const struct regmap_field *field)
{
	char bits[24];

	snprintf(bits, sizeof(bits), field->bits > 1 ? "%u:%u" : "%u", field->lsb + field->bits - 1,
		 field->lsb);
	writer_object(w, NULL);
	writer_string(w, "name", "    ", field->name);
	writer_column(w, 24);
	writer_text(w, " %-6s", bits);
	writer_number(w, "lsb", NULL, field->lsb);
	writer_number(w, "bits", NULL, field->bits);
	view_behaviour(w, &field->behaviour);
	view_description(w, field->description);
	writer_line(w);
	view_enums(w, map, field);
	writer_end(w);
}

static void view_bar(struct writer *w, int bar)
{
	if (bar >= 0)
		writer_number(w, "bar", " BAR ", (uint64_t)bar);
	else
		writer_null(w, "bar", NULL, "the map does not say");
}

static void view_geometry(struct writer *w, const struct regmap_register *reg)
{
	bool split = reg->words > 1;

	writer_number(w, "bits", " bits ", reg->bits);
	writer_number(w, "words", split ? " in words " : NULL, reg->words);
	writer_number(w, "width", split || reg->width / 2 >= reg->bits ? " of " : NULL, reg->width);
	writer_number(w, "word_bits", NULL, reg->word_bits);
	writer_string(w, "order", split && reg->low_first ? ", first the " : NULL,
		      reg->low_first ? "low" : "high");
}

static void view_register(struct writer *w, const struct regmap *map, const struct regmap_item *item)
{
	const struct regmap_register *reg = item->reg;
	uint64_t all = width_max(reg->bits);
	uint64_t known = reg->reset_mask & all;

	writer_object(w, NULL);
	writer_string(w, "name", "", reg->name);
	if (reg->block != REGMAP_NO_BLOCK)
		writer_string(w, "block", NULL, map->blocks[reg->block].name);
	else
		writer_null(w, "block", NULL, "it is in none");
	writer_column(w, 24);
	writer_hex(w, "address", " ", reg->address, 0);
	view_bar(w, regmap_bar(map, reg));
	view_geometry(w, reg);
	view_behaviour(w, &reg->behaviour);
	if (reg->has_reset)
		writer_hex(w, "reset", ", reset ", reg->reset_value, 0);
	else
		writer_null(w, "reset", NULL, "the map does not say");
	if (reg->has_reset)
		writer_hex(w, "reset_mask", known == all ? NULL : " of ", known, 0);
	view_description(w, reg->description);
	writer_line(w);
	writer_array(w, "fields");
	for (uint32_t i = reg->field_count; i-- > 0;) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (!item->field || item->field == field)
			view_field(w, map, field);
	}
	writer_end(w);
	writer_end(w);
}

/* In text only those of the whole map. */
static void view_blocks(struct writer *w, const struct regmap *map, bool shown)
{
	writer_array(w, "blocks");
	for (size_t i = 0; i < map->block_count && (shown || writer_is_json(w)); i++) {
		const struct regmap_block *block = &map->blocks[i];

		writer_object(w, NULL);
		writer_string(w, "name", "block ", block->name);
		writer_column(w, 24);
		writer_hex(w, "address", " ", block->address, 0);
		if (block->size)
			writer_hex(w, "size", " size ", block->size, 0);
		else
			writer_null(w, "size", NULL, "the map does not say");
		view_bar(w, block->bar);
		view_description(w, block->description);
		writer_line(w);
		writer_end(w);
	}
	writer_end(w);
}

static void view_map(struct writer *w, const struct regmap *map, bool whole)
{
	writer_string(w, "path", NULL, map->path);
	writer_string(w, "map", whole ? "" : NULL, map->name);
	writer_string(w, "format", whole ? ", " : NULL, map_format_name(map));
	if (whole || writer_is_json(w))
		map_view_id(w, map);
	if (map->has_base)
		writer_hex(w, "base", whole ? ", base " : NULL, map->base, 0);
	else
		writer_null(w, "base", NULL, "the map does not say");
	if (whole || writer_is_json(w)) {
		view_description(w, map->description);
		writer_line(w);
	}
	view_blocks(w, map, whole);
}

static int view_items(struct invocation *inv, struct regmap *map, const char *name)
{
	struct regmap_item *items;
	size_t count;
	int rc = regmap_match(map, name, &items, &count, &inv->error);

	for (size_t i = 0; rc == 0 && i < count; i++)
		view_register(inv->out, map, &items[i]);
	if (rc == 0)
		free(items);
	return rc;
}

int map_show(struct invocation *inv)
{
	struct regmap_item item;
	struct regmap *map;
	int rc = map_choice(inv, &map);

	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++) {
		if (!regmap_is_glob(inv->operands[i]))
			rc = regmap_find(map, inv->operands[i], &item, &inv->error);
	}
	if (rc < 0)
		return rc;
	writer_document(inv->out, inv->command->name);
	view_map(inv->out, map, !inv->operand_count);
	writer_array(inv->out, "registers");
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++) {
		if (regmap_is_glob(inv->operands[i]))
			rc = view_items(inv, map, inv->operands[i]);
		else if (regmap_find(map, inv->operands[i], &item, &inv->error) == 0)
			view_register(inv->out, map, &item);
	}
	for (size_t i = 0; i < map->register_count && !inv->operand_count; i++) {
		item = (struct regmap_item){ .reg = &map->registers[i] };
		view_register(inv->out, map, &item);
	}
	return rc;
}
