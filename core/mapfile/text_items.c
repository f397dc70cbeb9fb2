// SPDX-License-Identifier: GPL-2.0-or-later
/* Text maps: where blocks, registers, fields and values are kept until all rows are read. */
#include <errno.h>

#include "core/base/array.h"
#include "core/mapfile/text.h"

int text_add_block(struct text_map *t, const struct text_row *row, struct regmap_block block)
{
	struct regmap_block *added;
	int rc;

	if (block.size && block.address + (block.size - 1) < block.address)
		return text_bad(t, row, "%s ends above the highest address", block.name);
	block.place = row->place;
	rc = name_table_add(&t->blocks, block.name, (uint32_t)t->map->block_count);
	if (rc == -EEXIST)
		return text_bad(t, row, "there is a block %s already", block.name);
	added = rc == 0 ? regmap_add_block(t->map) : NULL;
	if (!added)
		return -ENOMEM;
	*added = block;
	return 0;
}

int text_add_register(struct text_map *t, const struct text_row *row, const struct regmap_register *reg,
		      bool is_csr)
{
	uint32_t index = (uint32_t)t->map->register_count;
	struct regmap_register *added;
	struct text_register *extra;
	int rc;

	extra = array_grow(t->extra, index, sizeof(*extra));
	if (!extra)
		return -ENOMEM;
	t->extra = extra;
	extra[index] = (struct text_register){ .first_field = TEXT_NONE, .is_csr = is_csr };
	/* of two with a name, fields go to the first; a lookup of the name tells both */
	rc = name_table_add(&t->registers, reg->name, index);
	added = rc == -ENOMEM ? NULL : regmap_add_register(t->map);
	if (!added)
		return -ENOMEM;
	*added = *reg;
	added->place = row->place;
	return 0;
}

int text_add_field(struct text_map *t, const struct text_field *field)
{
	struct text_field *fields = array_grow(t->fields, t->field_count, sizeof(*fields));

	if (!fields || t->field_count >= REGMAP_FIELDS_MAX)
		return -ENOMEM;
	t->fields = fields;
	fields[t->field_count] = *field;
	fields[t->field_count].next = t->extra[field->reg].first_field;
	t->extra[field->reg].first_field = (uint32_t)t->field_count++;
	return 0;
}

int text_add_enum(struct text_map *t, struct text_field *field, const struct text_enum *e)
{
	struct text_enum *enums;

	enums = array_grow(t->enums, t->enum_count, sizeof(*enums));
	if (!enums || t->enum_count >= REGMAP_ENUMS_MAX)
		return -ENOMEM;
	t->enums = enums;
	enums[t->enum_count] = *e;
	if (field->first_enum == TEXT_NONE)
		field->first_enum = (uint32_t)t->enum_count;
	else
		enums[field->last_enum].next = (uint32_t)t->enum_count;
	field->last_enum = (uint32_t)t->enum_count++;
	return 0;
}
