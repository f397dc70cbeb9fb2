// SPDX-License-Identifier: GPL-2.0-or-later
/* A map as CMSIS-SVD: how a register behaves, its fields and their values. */
#include "core/regmap/write_svd.h"

#include <inttypes.h>

#include "core/base/number.h"

/* --- behaviour -------------------------------------------------------------------------------- */

static void put_constraint(struct xml *xml, const struct regmap_behaviour *b)
{
	xml_begin(xml, "writeConstraint");
	if (b->constraint == CONSTRAINT_ENUM) {
		xml_leaf(xml, "useEnumeratedValues", "true");
	} else if (b->constraint == CONSTRAINT_RANGE) {
		xml_begin(xml, "range");
		xml_format(xml, "minimum", "0x%" PRIx64, b->minimum);
		xml_format(xml, "maximum", "0x%" PRIx64, b->maximum);
		xml_end(xml, "range");
	} else {
		xml_leaf(xml, "writeAsRead", b->constraint == CONSTRAINT_AS_READ ? "true" : "false");
	}
	xml_end(xml, "writeConstraint");
}

/*
 * FROM is what is inherited where nothing is said. "unsafe" has no word, "modify" is as careful; nor has a harmless read
 * in a register that has an effect.
 */
static void put_effects(struct xml *xml, const struct regmap_behaviour *b,
			const struct regmap_behaviour *from)
{
	enum regmap_read_effect on_read = b->on_read ? b->on_read : from->on_read;

	if (from->on_write != WRITE_MODIFIES && b->on_write == WRITE_MODIFIES)
		xml_leaf(xml, "modifiedWriteValues", "modify");
	xml_leaf(xml, "modifiedWriteValues", regmap_write_effect_name(b->on_write));
	if (b->constraint != CONSTRAINT_NONE || from->constraint != CONSTRAINT_NONE)
		put_constraint(xml, b);
	xml_leaf(xml, "readAction",
		 regmap_read_effect_name(on_read == READ_UNSAFE ? READ_MODIFIES : on_read));
}

/* What a split register's words have of it. */
static struct regmap_behaviour behaviour_of(const struct regmap_register *reg, bool split)
{
	struct regmap_behaviour b = reg->behaviour;

	if (split)
		b.constraint = CONSTRAINT_NONE;
	return b;
}

void svd_put_effects(struct xml *xml, const struct regmap_register *reg, bool split)
{
	static const struct regmap_behaviour nothing;
	struct regmap_behaviour b = behaviour_of(reg, split);

	put_effects(xml, &b, &nothing);
}

/* The bits of FIELD that are in WORD, to *PART, counted from the word's lowest; false: there is none. */
static bool part_of(const struct regmap_field *field, const struct svd_word *word, struct svd_word *part)
{
	unsigned int low = field->lsb > word->lsb ? field->lsb : word->lsb;
	unsigned int end = field->lsb + field->bits;

	if (end > word->lsb + word->bits)
		end = word->lsb + word->bits;
	if (low >= end)
		return false;
	*part = (struct svd_word){ .lsb = low - word->lsb, .bits = end - low };
	return true;
}

/* Unknown has no word: a field that says nothing has the register's access, which then must say nothing either. */
void svd_put_access(struct xml *xml, const struct regmap *map, const struct regmap_register *reg,
		    const struct svd_word *word)
{
	struct svd_word part;

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (field->behaviour.access == REGMAP_UNKNOWN && part_of(field, word, &part))
			return;
	}
	xml_leaf(xml, "access", regmap_access_name(reg->behaviour.access));
}

/* --- values ----------------------------------------------------------------------------------- */

/* Binary with an 'x' for every bit that does not matter. */
static void put_masked(struct xml *xml, const struct regmap_enum *e, unsigned int bits)
{
	char text[72];
	char *p = text;

	*p++ = '0';
	*p++ = 'b';
	for (unsigned int bit = bits; bit-- > 0;)
		*p++ = !(e->mask >> bit & 1) ? 'x' : e->value >> bit & 1 ? '1' : '0';
	*p = '\0';
	xml_leaf(xml, "value", text);
}

static void put_enum(struct xml *xml, const struct regmap_field *field, const struct regmap_enum *e)
{
	uint64_t all = width_max(field->bits);

	xml_begin(xml, "enumeratedValue");
	xml_leaf(xml, "name", e->name);
	xml_leaf(xml, "description", e->description);
	if (e->is_default)
		xml_leaf(xml, "isDefault", "true");
	else if ((e->mask & all) == all)
		xml_format(xml, "value", "0x%" PRIx64, e->value);
	else
		put_masked(xml, e, field->bits);
	xml_end(xml, "enumeratedValue");
}

enum usage { USAGE_BOTH, USAGE_READ, USAGE_WRITE };

static enum usage usage_of(const struct regmap_enum *e)
{
	return e->not_for_write ? USAGE_READ : e->not_for_read ? USAGE_WRITE : USAGE_BOTH;
}

static void put_enums(struct xml *xml, const struct regmap *map, const struct regmap_field *field,
		      enum usage usage)
{
	static const char *const words[] = { "read-write", "read", "write" };
	bool open = false;

	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		if (usage_of(e) != usage)
			continue;
		if (!open) {
			xml_begin(xml, "enumeratedValues");
			xml_leaf(xml, "usage", words[usage]);
		}
		open = true;
		put_enum(xml, field, e);
	}
	if (open)
		xml_end(xml, "enumeratedValues");
}

/* --- fields ----------------------------------------------------------------------------------- */

/* Of one that lies across words a part: it behaves as the whole does, but what its values mean is not its own. */
static void put_field(struct xml *xml, const struct regmap *map, const struct regmap_field *field,
		      const struct svd_word *part, const struct regmap_behaviour *from)
{
	struct regmap_behaviour b = field->behaviour;
	bool whole = part->bits == field->bits;

	if (!whole)
		b.constraint = CONSTRAINT_NONE;
	xml_begin(xml, "field");
	xml_leaf(xml, "name", field->name);
	xml_leaf(xml, "description", field->description);
	xml_format(xml, "bitRange", "[%u:%u]", part->lsb + part->bits - 1, part->lsb);
	xml_leaf(xml, "access", regmap_access_name(b.access));
	put_effects(xml, &b, from);
	for (int usage = USAGE_BOTH; whole && usage <= USAGE_WRITE; usage++)
		put_enums(xml, map, field, (enum usage)usage);
	xml_end(xml, "field");
}

void svd_put_fields(struct xml *xml, const struct regmap *map, const struct regmap_register *reg,
		    const struct svd_word *word)
{
	struct regmap_behaviour from = behaviour_of(reg, reg->words > 1);
	struct svd_word part;
	bool open = false;

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (!part_of(field, word, &part))
			continue;
		if (!open)
			xml_begin(xml, "fields");
		open = true;
		put_field(xml, map, field, &part, &from);
	}
	if (open)
		xml_end(xml, "fields");
}
