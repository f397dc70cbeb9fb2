// SPDX-License-Identifier: GPL-2.0-or-later
/* A map as Markdown, for a manual: a table of all registers, and one of fields for each that has some. */
#include "core/convert/convert.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/number.h"
#include "core/convert/internal.h"

/* What would end a cell, or be markup, is not. */
static void put_text(struct text_buffer *text, const char *string)
{
	for (; string && *string; string++) {
		if (strchr("|\\*_`<[]", *string))
			text_buffer_string(text, "\\");
		text_buffer_add(text, *string == '\n' ? " " : string, 1);
	}
}

static void put_behaviour(struct text_buffer *text, const struct regmap_behaviour *b)
{
	const char *on_read = regmap_read_effect_name(b->on_read);
	const char *on_write = regmap_write_effect_name(b->on_write);

	text_buffer_format(text, "%s%s%s%s%s", b->access ? regmap_access_name(b->access) : "unknown",
			   *on_read ? ", a read: " : "", on_read, *on_write ? ", a write: " : "", on_write);
}

/* A number, and which of its bits count where these are not all. */
static void put_masked(struct text_buffer *text, uint64_t value, uint64_t mask, unsigned int bits)
{
	uint64_t all = width_max(bits < 64 ? bits : 64);

	text_buffer_format(text, "0x%" PRIx64 " ", value);
	if ((mask & all) != all)
		text_buffer_format(text, "of 0x%" PRIx64 " ", mask & all);
}

static void put_register(struct text_buffer *text, const struct regmap *map,
			 const struct regmap_register *reg)
{
	int bar = regmap_bar(map, reg);
	uint64_t base = map->has_base ? map->base : 0;

	text_buffer_string(text, "| ");
	if (bar >= 0)
		text_buffer_format(text, "%d:", bar);
	text_buffer_format(text, "0x%" PRIx64 " | ", reg->address - base);
	put_text(text, reg->name);
	text_buffer_format(text, " | %u | ", reg->bits);
	put_behaviour(text, &reg->behaviour);
	text_buffer_string(text, " | ");
	if (reg->has_reset)
		put_masked(text, reg->reset_value, reg->reset_mask, reg->bits);
	text_buffer_string(text, "| ");
	put_text(text, reg->description);
	text_buffer_string(text, " |\n");
}

static void put_values(struct text_buffer *text, const struct regmap *map, const struct regmap_field *field)
{
	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		text_buffer_string(text, i ? ", " : "");
		if (regmap_enum_has_value(field, e))
			put_masked(text, e->value, e->mask, field->bits);
		else
			text_buffer_string(text, "others ");
		put_text(text, e->name);
		if (e->not_for_read || e->not_for_write)
			text_buffer_string(text, e->not_for_read ? " (write)" : " (read)");
	}
}

static void put_fields(struct text_buffer *text, const struct regmap *map, const struct regmap_register *reg)
{
	text_buffer_string(text, "\n## ");
	put_text(text, reg->name);
	text_buffer_string(text,
			   "\n\n| Bits | Field | Access | Values | Description |\n|---|---|---|---|---|\n");
	for (uint32_t i = reg->field_count; i-- > 0;) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (field->bits > 1)
			text_buffer_format(text, "| %u:%u | ", field->lsb + field->bits - 1, field->lsb);
		else
			text_buffer_format(text, "| %u | ", field->lsb);
		put_text(text, field->name);
		text_buffer_string(text, " | ");
		put_behaviour(text, &field->behaviour);
		text_buffer_string(text, " | ");
		put_values(text, map, field);
		text_buffer_string(text, " | ");
		put_text(text, field->description);
		text_buffer_string(text, " |\n");
	}
}

int regmap_write_markdown(const struct regmap *map, regmap_put put, void *data, struct error *error)
{
	struct text_buffer text = { 0 };

	text_buffer_string(&text, "# ");
	put_text(&text, map->name);
	text_buffer_string(&text, "\n\n");
	if (map->description) {
		put_text(&text, map->description);
		text_buffer_string(&text, "\n\n");
	}
	text_buffer_string(
		&text,
		"| Offset | Register | Bits | Access | Reset | Description |\n|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < map->register_count; i++)
		put_register(&text, map, &map->registers[i]);
	for (size_t i = 0; i < map->register_count; i++) {
		if (map->registers[i].field_count)
			put_fields(&text, map, &map->registers[i]);
	}
	return regmap_write_out(map, &text, put, data, error);
}
