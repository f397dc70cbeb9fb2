// SPDX-License-Identifier: GPL-2.0-or-later
/* What a write of a field writes to the rest of its register: looks at the model only. */
#include "core/regmap/write_plan.h"

#include "core/base/number.h"

/* The bits beside the mask, by what is written to them. */
struct neighbours {
	uint64_t keep; /* as read */
	uint64_t zeros;
	uint64_t ones;
	uint64_t reset; /* as after a reset */
};

static int refuse(const struct regmap_register *reg, const struct regmap_field *field, const char *why,
		  struct error *error)
{
	int rc =
		error_set(error, ERROR_USAGE, "unsafe", "%s: %s%s%s, so a part of it cannot be written alone",
			  reg->name, field ? field->name : "it", field ? " " : " ", why);

	error_hint(error, "write the whole register, %s=VALUE, or go ahead with --unsafe", reg->name);
	return rc;
}

static int add_write_only(const struct regmap_register *reg, const struct regmap_field *field, uint64_t bits,
			  bool unsafe, struct neighbours *n, struct error *error)
{
	if (!reg->has_reset || (bits & ~reg->reset_mask)) {
		if (!unsafe)
			return refuse(reg, field, "is write-only and has no reset value in the map", error);
		n->zeros |= bits;
		return 0;
	}
	n->reset |= bits;
	return 0;
}

/* BITS, which behave so. FIELD NULL: they are no field's. */
static int add(const struct regmap_register *reg, const struct regmap_field *field,
	       const struct regmap_behaviour *b, uint64_t bits, bool unsafe, struct neighbours *n,
	       struct error *error)
{
	switch (b->on_write) {
	case WRITE_1_CLEARS:
	case WRITE_1_SETS:
	case WRITE_1_TOGGLES:
		n->zeros |= bits;
		return 0;
	case WRITE_0_CLEARS:
	case WRITE_0_SETS:
	case WRITE_0_TOGGLES:
		n->ones |= bits;
		return 0;
	case WRITE_CLEARS:
	case WRITE_SETS:
		n->zeros |= bits;
		return unsafe ? 0 : refuse(reg, field, "is changed by any write", error);
	case WRITE_MODIFIES:
		break;
	}
	switch (b->access) {
	case REGMAP_WRITE_ONLY:
		return add_write_only(reg, field, bits, unsafe, n, error);
	case REGMAP_WRITE_ONCE:
	case REGMAP_READ_WRITE_ONCE:
		if (!unsafe)
			return refuse(reg, field, "can be written only once", error);
		break;
	case REGMAP_UNKNOWN:
		/* bits without a field are reserved ones: to be kept as they are, in whatever register */
		if (!unsafe && (field || reg->field_count == 0))
			return refuse(reg, field, "has no access in the map (it may clear when written)",
				      error);
		break;
	case REGMAP_READ_ONLY:
	case REGMAP_READ_WRITE:
		break;
	}
	n->keep |= bits;
	return 0;
}

/* The bits that the accesses of REG carry. */
static uint64_t access_bits(const struct regmap_register *reg)
{
	unsigned int bits = reg->words > 1 ? reg->words * reg->word_bits : reg->width;

	return width_max(bits < 64 ? bits : 64);
}

/*
 * Those above REG's own: somebody else's, or nobody's. Kept where the register is one to be read; otherwise there is nothing
 * better than what has no effect in it.
 */
static void add_above(const struct regmap *map, const struct regmap_register *reg, uint64_t bits, bool unsafe,
		      struct neighbours *n)
{
	const struct regmap_behaviour *b = &reg->behaviour;

	if (b->on_write == WRITE_0_CLEARS || b->on_write == WRITE_0_SETS || b->on_write == WRITE_0_TOGGLES)
		n->ones |= bits;
	else if (b->on_write == WRITE_MODIFIES &&
		 (!regmap_unsafe_to_read(map, reg) || (unsafe && n->keep != 0)))
		n->keep |= bits;
	else
		n->zeros |= bits;
}

int write_plan_make(const struct regmap *map, const struct regmap_register *reg, uint64_t mask,
		    uint64_t value, bool unsafe, struct write_plan *plan, struct error *error)
{
	uint64_t rest = width_max(reg->bits) & ~mask;
	uint64_t no_field = rest;
	struct neighbours n = { 0 };
	const char *side_effect;
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);
		uint64_t bits = regmap_field_mask(field) & rest;

		if (bits)
			rc = add(reg, field, &field->behaviour, bits, unsafe, &n, error);
		no_field &= ~bits;
	}
	if (rc == 0 && no_field && reg->lacks_fields && !unsafe)
		rc = refuse(reg, NULL, "has a field that is wrong in the map and was left out", error);
	if (rc == 0 && no_field)
		rc = add(reg, NULL, &reg->behaviour, no_field, unsafe, &n, error);
	if (rc < 0)
		return rc;
	add_above(map, reg, access_bits(reg) & ~width_max(reg->bits) & ~mask, unsafe, &n);
	/* fields may overlap: an effect counts more than a value */
	n.keep &= ~(n.zeros | n.ones | n.reset);
	side_effect = regmap_unsafe_to_read(map, reg);
	if (n.keep && side_effect && !unsafe)
		return refuse(reg, NULL, "would have to be read, and the map says that it is not safe to",
			      error);
	n.reset &= ~(n.zeros | n.ones);
	*plan = (struct write_plan){
		.keep = n.keep,
		.fixed = (value & mask) | n.ones | (n.reset & reg->reset_value),
		.reset = n.reset,
	};
	return 0;
}

static unsigned int item_bits(const struct regmap_item *item)
{
	return item->field ? item->field->bits : item->reg->bits;
}

static int check_width(const struct regmap_item *item, uint64_t value, uint64_t known, struct error *error)
{
	unsigned int bits = item_bits(item);

	if (!(value & known & ~width_max(bits)))
		return 0;
	return error_set(error, ERROR_USAGE, "value-too-wide", "%s: 0x%llx does not fit in %u bit%s",
			 item->reg->name, (unsigned long long)(value & known), bits, plural(bits));
}

static bool has_name(const struct regmap *map, const struct regmap_field *field, uint64_t value,
		     uint64_t known)
{
	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		if (!e->not_for_write && regmap_enum_has_value(field, e) &&
		    ((value ^ e->value) & e->mask & known) == 0)
			return true;
	}
	return false;
}

static int check_range(const struct regmap *map, const struct regmap_item *item,
		       const struct regmap_behaviour *b, uint64_t value, uint64_t known, struct error *error)
{
	uint64_t least = value & known;
	uint64_t most = least | (width_max(item_bits(item)) & ~known);
	char name[REGMAP_ITEM_NAME_SIZE];

	regmap_item_name(item, name, sizeof(name));
	if (b->constraint == CONSTRAINT_RANGE && (most < b->minimum || least > b->maximum))
		return error_set(error, ERROR_USAGE, "constraint",
				 "%s: 0x%llx is not within 0x%llx to 0x%llx, which the map allows", name,
				 (unsigned long long)(most < b->minimum ? most : least),
				 (unsigned long long)b->minimum, (unsigned long long)b->maximum);
	/* what it was is known to who read it, and not asked for: a plain write reads nothing */
	if (b->constraint == CONSTRAINT_AS_READ)
		return error_set(
			error, ERROR_USAGE, "constraint",
			"%s: the map allows only what was read just before, which is not known of 0x%llx",
			name, (unsigned long long)least);
	if (b->constraint != CONSTRAINT_ENUM || !item->field || has_name(map, item->field, value, known))
		return 0;
	return error_set(error, ERROR_USAGE, "constraint",
			 "%s: the map allows only values that have a name, and 0x%llx has none", name,
			 (unsigned long long)least);
}

static const struct regmap_behaviour *behaviour_of(const struct regmap_item *item)
{
	return item->field ? &item->field->behaviour : &item->reg->behaviour;
}

static int check_access(const struct regmap_item *item, struct error *error)
{
	char name[REGMAP_ITEM_NAME_SIZE];

	if (!regmap_is_read_only(behaviour_of(item)))
		return 0;
	regmap_item_name(item, name, sizeof(name));
	return error_set(error, ERROR_USAGE, "read-only", "%s is read-only in the map", name);
}

static int hinted(int rc, struct error *error)
{
	if (rc < 0)
		error_hint(error, "--unsafe writes it all the same");
	return rc;
}

static int check_item(const struct regmap *map, const struct regmap_item *item, uint64_t value,
		      uint64_t known, struct error *error)
{
	int rc = check_access(item, error);

	if (rc == 0)
		rc = check_width(item, value, known, error);
	return rc == 0 ? check_range(map, item, behaviour_of(item), value, known, error) : rc;
}

int write_plan_check(const struct regmap *map, const struct regmap_item *item, uint64_t value, uint64_t known,
		     bool unsafe, struct error *error)
{
	return unsafe ? 0 : hinted(check_item(map, item, value, known, error), error);
}

/* Fields may overlap: a bit that one of them can write is no read-only one. */
static uint64_t written_by_fields(const struct regmap *map, const struct regmap_register *reg)
{
	uint64_t bits = 0;

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (!regmap_is_read_only(&field->behaviour))
			bits |= regmap_field_mask(field);
	}
	return bits;
}

static int check_fields(const struct regmap *map, const struct regmap_register *reg, uint64_t mask,
			uint64_t value, uint64_t known, struct error *error)
{
	uint64_t written = written_by_fields(map, reg);
	uint64_t no_field = mask;
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);
		const struct regmap_item item = { .reg = reg, .field = field };
		uint64_t bits = regmap_field_mask(field);

		no_field &= ~bits;
		if (!(bits & mask))
			continue;
		if (!regmap_is_read_only(&field->behaviour))
			rc = check_range(map, &item, &field->behaviour, (value & bits) >> field->lsb,
					 (known & bits) >> field->lsb, error);
		else if (bits & mask & ~written)
			rc = check_access(&item, error);
	}
	if (rc == 0 && no_field)
		rc = check_access(&(struct regmap_item){ .reg = reg }, error);
	return rc;
}

int write_plan_check_bits(const struct regmap *map, const struct regmap_register *reg, uint64_t mask,
			  uint64_t value, uint64_t known, bool unsafe, struct error *error)
{
	const struct regmap_item whole = { .reg = reg };
	uint64_t all = width_max(reg->bits);
	int rc;

	if (unsafe)
		return 0;
	if ((mask & all) == all)
		return hinted(check_item(map, &whole, value, known, error), error);
	rc = check_fields(map, reg, mask, value, known, error);
	/* bits that the register has not: the width of the access is another's */
	if (rc == 0)
		rc = check_width(&whole, mask, mask, error);
	if (rc == 0)
		rc = check_range(map, &whole, &reg->behaviour, value, known, error);
	return hinted(rc, error);
}

static bool reads_back(const struct regmap_behaviour *b)
{
	return b->on_write == WRITE_MODIFIES && b->access != REGMAP_WRITE_ONLY &&
	       b->access != REGMAP_WRITE_ONCE && b->access != REGMAP_READ_ONLY && b->on_read == READ_HARMLESS;
}

uint64_t write_plan_readable(const struct regmap *map, const struct regmap_register *reg, uint64_t mask)
{
	uint64_t back = reg->field_count == 0 && reads_back(&reg->behaviour) ? UINT64_MAX : 0;
	uint64_t otherwise = 0;

	if (reg->behaviour.on_read)
		return 0;
	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		/* a read that changes a field is not made for the sake of another */
		if (field->behaviour.on_read)
			return 0;
		if (reads_back(&field->behaviour))
			back |= regmap_field_mask(field);
		else
			otherwise |= regmap_field_mask(field);
	}
	/* where there are fields, what is beside them is reserved: it reads as the device likes */
	return mask & width_max(reg->bits) & back & ~otherwise;
}
