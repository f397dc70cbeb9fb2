// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/mapfile/losses.h"

#include "core/base/number.h"

static void count_values(const struct regmap *map, const struct regmap_field *field, struct regmap_losses *l)
{
	uint64_t all = width_max(field->bits);

	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		if (!regmap_enum_has_value(field, e))
			l->defaults++;
		else if ((e->mask & all) != all)
			l->masked++;
	}
}

static bool is_across(const struct regmap_register *reg, const struct regmap_field *field)
{
	return reg->words > 1 &&
	       field->lsb / reg->word_bits != (field->lsb + field->bits - 1) / reg->word_bits;
}

/* A field has its register's constraint where it says nothing itself. */
static void count_register(const struct regmap *map, const struct regmap_register *reg,
			   struct regmap_losses *l)
{
	bool is_constrained = reg->behaviour.constraint != CONSTRAINT_NONE;
	uint64_t outside = reg->reset_mask & width_max(reg->bits < 64 ? reg->bits : 64);

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);
		bool own = field->behaviour.constraint != CONSTRAINT_NONE;

		count_values(map, field, l);
		outside &= ~(width_max(field->bits) << field->lsb);
		l->constraints += own && !is_constrained;
		l->across += is_across(reg, field) && (own || field->enum_count > 0);
	}
	l->constraints += is_constrained;
	l->across += is_constrained && reg->words > 1;
	l->lacking += reg->lacks_fields;
	l->alternates += reg->is_alternate;
	l->resets += reg->has_reset && reg->field_count > 0 && outside;
}

void regmap_losses_count(const struct regmap *map, struct regmap_losses *losses)
{
	*losses = (struct regmap_losses){ 0 };
	for (size_t i = 0; i < map->register_count; i++)
		count_register(map, &map->registers[i], losses);
}
