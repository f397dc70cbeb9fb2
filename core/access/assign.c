// SPDX-License-Identifier: GPL-2.0-or-later
/* ASSIGNs and CONDITIONs: what is written, and what a read must give. */
#include "core/access/internal.h"

#include <errno.h>
#include <string.h>

#include "core/base/array.h"
#include "core/base/number.h"
#include "core/config/setpci_names.h"
#include "core/regmap/write_plan.h"

/* config write has no --unsafe; its --force is as deliberate. */
static bool is_unsafe(const struct access *a)
{
	return a->ctx->unsafe || (a->space == SPACE_CONFIG && a->ctx->force);
}

static int check_mask(uint64_t mask, unsigned int width, struct error *error)
{
	if (mask > width_max(width))
		return error_set(error, ERROR_USAGE, "value-too-wide",
				 "the mask 0x%llx does not fit in %u bit%s", (unsigned long long)mask, width,
				 plural(width));
	return 0;
}

/* Known before any access, and the same at each. */
static bool is_constant(const struct value *value)
{
	return !value->is_symbol && (!value->is_expression || value->expression.name_count == 0);
}

/*
 * Bits of VALUE that the mask leaves out are no bits that are written: who writes 0x30:0xf means something else. Ones that
 * cover all of the mask say nothing but that. setpci takes any, and so what goes by its names does, with a warning.
 */
static int check_masked(const struct access *a, const struct assign *assign, uint64_t value,
			struct error *error)
{
	uint64_t outside = value & ~assign->mask;
	bool is_ones = assign->mask && (value & (value + 1)) == 0 && (value & assign->mask) == assign->mask;

	if (!outside || is_ones || !is_constant(&assign->value))
		return 0;
	if (a->space != SPACE_CONFIG)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "'%.150s': the bits 0x%llx are outside of the mask 0x%llx", assign->text,
				 (unsigned long long)outside, (unsigned long long)assign->mask);
	context_log(a->ctx, LOG_WARN,
		    "'%.150s': the bits 0x%llx are outside of the mask 0x%llx, and are not written",
		    assign->text, (unsigned long long)outside, (unsigned long long)assign->mask);
	return 0;
}

/* The whole register of a target that may be a field of it. */
static struct target whole(const struct target *target)
{
	struct target t = *target;

	t.item.field = NULL;
	return t;
}

/*
 * What FIELD holds when it stands for VALUE: an address without the bits that it has not, a count less one. A mask is of
 * the value; where something is added to the code, its bits are not those of the field.
 */
static int encode(const struct regmap_item *item, const struct assign *assign, uint64_t *value,
		  struct error *error)
{
	const struct regmap_field *field = item->field;
	uint64_t code = *value - field->plus;

	if (!field->shift && !field->plus)
		return 0;
	if (field->plus && assign->has_mask)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "%s.%s: it has no mask, as it is stored otherwise than it is meant",
				 item->reg->name, field->name);
	if (*value < field->plus || code >> field->shift > width_max(field->bits))
		return error_set(error, ERROR_USAGE, "value-too-wide", "%s.%s: from 0x%llx to 0x%llx",
				 item->reg->name, field->name, (unsigned long long)field->plus,
				 (unsigned long long)regmap_field_value(field, UINT64_MAX));
	if (code & width_max(field->shift)) {
		if (field->plus)
			return error_set(error, ERROR_USAGE, "bad-operand",
					 "%s.%s: 0x%llx: its lowest %u bits are 0x%x", item->reg->name,
					 field->name, (unsigned long long)*value, field->shift, field->plus);
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "%s.%s: 0x%llx is not a multiple of 0x%llx", item->reg->name, field->name,
				 (unsigned long long)*value, 1ull << field->shift);
	}
	*value = code >> field->shift;
	return 0;
}

/* The bits of the register that ASSIGN is about. */
static uint64_t assigned_bits(const struct resolved_assign *r)
{
	const struct regmap_field *field = r->target.item.field;
	struct target t = whole(&r->target);

	if (!field)
		return r->assign->has_mask ? r->assign->mask : width_max(target_bits(&t));
	return regmap_field_mask(field) &
	       (r->assign->has_mask ? r->assign->mask >> field->shift << field->lsb : UINT64_MAX);
}

static uint64_t bits_with_effect(const struct regmap *map, const struct regmap_register *reg)
{
	uint64_t bits =
		reg->field_count == 0 && reg->behaviour.on_write != WRITE_MODIFIES ? width_max(reg->bits) : 0;

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (field->behaviour.on_write != WRITE_MODIFIES)
			bits |= regmap_field_mask(field);
	}
	return bits;
}

/* Bits of config space that do not read back as they were written; where there are fields, what is in none is reserved. */
static uint64_t bits_not_kept(const struct regmap *map, const struct regmap_register *reg)
{
	uint64_t all = width_max(reg->bits);
	uint64_t known = reg->field_count ? 0 : all;

	for (uint32_t i = 0; i < reg->field_count; i++)
		known |= regmap_field_mask(regmap_field_at(map, reg, i));
	return all & ~write_plan_readable(map, reg, known);
}

typedef uint64_t (*bits_of)(const struct regmap *map, const struct regmap_register *reg);

/* A place in config space without a name: the bits there that BITS says of its registers. */
static uint64_t config_bits(struct access *a, const struct target *t, bits_of bits)
{
	struct error ignored;
	uint64_t sum = 0;

	if (a->space != SPACE_CONFIG || access_need_map(a, &ignored) < 0)
		return 0;
	for (size_t i = 0; i < a->map->register_count; i++) {
		const struct regmap_register *reg = &a->map->registers[i];

		if (reg->address + reg->width / 8 <= t->offset || reg->address >= t->offset + t->width / 8)
			continue;
		if (reg->address >= t->offset)
			sum |= bits(a->map, reg) << (8 * (reg->address - t->offset));
		else
			sum |= bits(a->map, reg) >> (8 * (t->offset - reg->address));
	}
	return sum;
}

#define FORCES "; --force writes it all the same"

/* What a map refuses in config space can be written as a whole, or by its offset. */
static int refused(const struct access *a, const struct regmap_item *item, int rc, struct error *error)
{
	if (rc == 0 || a->space != SPACE_CONFIG || !item->reg)
		return rc;
	if (strcmp(error->code, "unsafe") == 0)
		error_hint(error, "write the whole register: %s=VALUE", item->reg->name);
	else if (item->field)
		error_hint(error, "an offset is written whatever is known of it: 0x%llx/%u=VALUE:MASK" FORCES,
			   (unsigned long long)item->reg->address, item->reg->width);
	else
		error_hint(error, "an offset is written whatever is known of it: 0x%llx/%u=VALUE" FORCES,
			   (unsigned long long)item->reg->address, item->reg->width);
	return rc;
}

/* May what is asked for be written there? VALUE, of which the bits of KNOWN are known, is the whole register's. */
static int check(const struct access *a, const struct resolved_assign *r, uint64_t value, uint64_t known,
		 struct error *error)
{
	const struct regmap_item *item = &r->target.item;
	const struct regmap_field *field = item->field;
	int rc;

	if (!field && r->assign->has_mask)
		rc = write_plan_check_bits(r->target.map, item->reg, r->assign->mask, value, known,
					   is_unsafe(a), error);
	else if (!field)
		rc = write_plan_check(r->target.map, item, value, known, is_unsafe(a), error);
	else
		rc = write_plan_check(r->target.map, item, value >> field->lsb & width_max(field->bits),
				      known >> field->lsb & width_max(field->bits), is_unsafe(a), error);
	return refused(a, item, rc, error);
}

/* What was written, or with a dry run would have been, by an operand before. */
struct access_written {
	const struct region *region;
	uint64_t offset;
	unsigned int width;
	uint64_t value; /* of the whole register */
};

static int remember(struct access *a, const struct target *t, uint64_t value, struct error *error)
{
	struct access_written *grown;

	if (!a->builds_up)
		return 0;
	grown = array_grow(a->written, a->written_count, sizeof(*grown));
	if (!grown)
		return error_errno(error, -ENOMEM, "writing");
	a->written = grown;
	grown[a->written_count++] = (struct access_written){
		.region = t->region,
		.offset = t->offset,
		.width = t->width,
		.value = value,
	};
	return 0;
}

/* Instead of the reset value of what cannot be read: what is known to be there. */
static void build_up(const struct access *a, const struct target *t, struct write_plan *plan)
{
	for (size_t i = plan->reset ? a->written_count : 0; i-- > 0;) {
		const struct access_written *w = &a->written[i];

		if (w->region != t->region || w->offset != t->offset || w->width != t->width)
			continue;
		plan->fixed = (plan->fixed & ~plan->reset) | (w->value & plan->reset);
		return;
	}
}

/* A name that is only shown is a mistake where it is written, as a value that is not allowed is. */
static int check_name(const struct access *a, const struct resolved_assign *r, struct error *error)
{
	const struct regmap_item *item = &r->target.item;
	const char *name = r->assign->value.enum_name;
	char text[REGMAP_ITEM_NAME_SIZE];
	int rc;

	if (!name[0] || is_unsafe(a) || regmap_enum_is_for_write(r->target.map, item->field, name))
		return 0;
	regmap_item_name(item, text, sizeof(text));
	rc = error_set(error, ERROR_USAGE, "constraint", "%s: '%s' is only what is read", text, name);
	error_hint(error, "--unsafe writes it all the same");
	return refused(a, item, rc, error);
}

int access_assign_plan(struct access *a, const struct resolved_assign *r, uint64_t *keep, uint64_t *fixed,
		       struct error *error)
{
	const struct regmap_item *item = &r->target.item;
	uint64_t bits = assigned_bits(r);
	struct write_plan plan = { 0 };
	uint64_t value;
	int rc;

	rc = access_bound_value(a, &r->assign->value, &r->value_names, &r->target, &value, error);
	if (rc == 0)
		rc = check_name(a, r, error);
	if (rc == 0 && item->reg && item->field)
		rc = encode(item, r->assign, &value, error);
	if (rc < 0)
		return rc;
	value <<= item->field ? item->field->lsb : 0;
	if (item->reg)
		rc = check(a, r, value, bits, error);
	if (rc < 0)
		return rc;
	if (!r->assign->has_mask && !item->field) {
		plan.fixed = value;
	} else if (item->reg) {
		rc = write_plan_make(r->target.map, item->reg, bits, value, is_unsafe(a), &plan, error);
		rc = refused(a, item, rc, error);
		build_up(a, &r->target, &plan);
	} else {
		/* beside a mask what has an effect is written as 0, as it is in a named register */
		plan.keep =
			width_max(r->target.width) & ~bits & ~config_bits(a, &r->target, bits_with_effect);
		plan.fixed = value & bits;
	}
	if (rc == 0) {
		*keep = plan.keep;
		*fixed = plan.fixed;
	}
	return rc;
}

/* A register of the header by its name alone, which setpci has too, is a place; the table knows it all the same. */
static int check_config_name(const struct access *a, const struct resolved_assign *r, struct error *error)
{
	const struct ref *ref = &r->assign->ref;
	const struct target *t = &r->target;
	uint64_t bits = assigned_bits(r);
	uint64_t read_only;
	int rc;

	if (a->space != SPACE_CONFIG || is_unsafe(a) || t->item.reg || ref->kind != REF_NAME ||
	    ref->has_offset || ref->width || ref->has_expression)
		return 0;
	read_only = config_name_read_only(ref->name, (unsigned int)t->offset, t->width);
	/* as a whole it is written for the sake of its other bits */
	if (r->assign->has_mask ? !(bits & read_only) : (bits & ~read_only) != 0)
		return 0;
	rc = error_set(error, ERROR_USAGE, "read-only", "%s: 0x%llx of its bits are read-only", ref->name,
		       (unsigned long long)(bits & read_only));
	error_hint(error, "an offset is written whatever is known of it: 0x%llx/%u=VALUE" FORCES,
		   (unsigned long long)t->offset, t->width);
	return rc;
}

int access_resolve_assign(struct access *a, const struct assign *assign, struct resolved_assign *resolved,
			  struct error *error)
{
	struct resolved_assign r = { .assign = assign };
	uint64_t value = 0;
	uint64_t ignored;
	int rc;

	rc = access_resolve(a, &assign->ref, &r.target, error);
	if (rc == 0)
		rc = access_bind_place(a, &assign->ref, &r.target, &r.place, error);
	if (rc == 0 && assign->value.is_expression)
		rc = access_bind(a, &assign->value.expression, &r.value_names, error);
	if (rc == 0 && assign->has_mask)
		rc = check_mask(assign->mask, target_bits(&r.target), error);
	if (rc == 0 && assign->has_mask)
		rc = access_bound_value(a, &assign->value, &r.value_names, &r.target, &value, error);
	if (rc == 0 && assign->has_mask)
		rc = check_masked(a, assign, value, error);
	if (rc == 0)
		rc = check_config_name(a, &r, error);
	if (rc == 0)
		rc = access_assign_plan(a, &r, &ignored, &ignored, error);
	if (rc < 0)
		return rc;
	bound_value_make(a, &assign->value, &r.target, &r.value_names, &r.value);
	r.is_store = r.place.is_memory && r.value.is_bound && !assign->has_mask;
	*resolved = r;
	return 0;
}

/* What has no name and no mask needs no plan: nothing is read, nothing kept. */
static int assign_plain(struct access *a, const struct resolved_assign *resolved,
			struct assign_result *result, struct error *error)
{
	const struct assign *assign = resolved->assign;
	uint64_t value = 0;
	int rc;

	rc = access_bound_value(a, &assign->value, &resolved->value_names, &resolved->target, &value, error);
	if (rc == 0)
		rc = access_write_place(&assign->ref, &resolved->place, &resolved->target, value, error);
	if (rc == 0 && !assign->ref.has_expression)
		rc = remember(a, &resolved->target, value, error);
	if (rc == 0)
		*result = (struct assign_result){ .new = value };
	return rc;
}

int access_assign(struct access *a, const struct resolved_assign *resolved, bool dry_run,
		  struct assign_result *result, struct error *error)
{
	const struct assign *assign = resolved->assign;
	struct target target;
	struct assign_result r = { 0 };
	uint64_t keep = 0;
	int rc;

	if (!resolved->target.item.reg && !assign->has_mask && !dry_run)
		return assign_plain(a, resolved, result, error);
	target = whole(&resolved->target);
	rc = access_place(&assign->ref, &resolved->place, &target, error);
	if (rc == 0)
		rc = access_assign_plan(a, resolved, &keep, &r.new, error);
	/* a mask given by hand is a read, a change and a write, also where it is all ones */
	r.has_old = rc == 0 && (keep || (assign->has_mask && !target.item.reg));
	if (r.has_old) {
		rc = target_read_access(&target, &r.old, error);
		r.new |= r.old &keep;
	}
	/* what a part of a value makes of the rest is known only now; what is kept above the register is no part of it */
	if (rc == 0 && r.has_old && target.item.reg && resolved->assign->has_mask)
		rc = check(a, resolved, r.new & ~(keep & ~width_max(target.item.reg->bits)), UINT64_MAX,
			   error);
	if (rc == 0 && !dry_run)
		rc = target_write(&target, r.new, error);
	if (rc == 0)
		rc = remember(a, &target, r.new, error);
	if (rc == 0)
		*result = r;
	return rc;
}

int access_verify(struct access *a, const struct resolved_assign *resolved, uint64_t written, bool *checked,
		  bool *differs, uint64_t *read, struct error *error)
{
	struct target target = whole(&resolved->target);
	uint64_t bits = assigned_bits(resolved);
	uint64_t v;
	int rc;

	if (target.item.reg && a->space == SPACE_CONFIG)
		bits &= ~bits_not_kept(target.map, target.item.reg);
	else if (target.item.reg)
		bits = write_plan_readable(target.map, target.item.reg, bits);
	else
		bits &= ~config_bits(a, &target, bits_not_kept);
	if (!bits) {
		*checked = false;
		return 0;
	}
	rc = target_read_access(&target, &v, error);
	if (rc < 0)
		return rc;
	*checked = true;
	*differs = ((v ^ written) & bits) != 0;
	*read = v;
	return 0;
}

/*
 * What is compared: where the VALUE is a name, that of what is read, and the bits of it that matter, as for whoever is shown
 * that name. Less and greater are of numbers, a name's own.
 */
static int compared_bits(const struct access *a, struct resolved_condition *r, struct error *error)
{
	const struct condition *c = r->condition;
	const struct target *t = &r->target;
	const char *name = c->value.enum_name;
	bool is_equality = c->compare == COMPARE_EQ || c->compare == COMPARE_NE;
	char text[REGMAP_ITEM_NAME_SIZE];
	uint64_t matter;
	int rc;

	r->mask = c->has_mask ? c->mask : width_max(target_value_bits(t));
	if (!name[0])
		return 0;
	rc = regmap_enum_read(t->map, t->item.field, name, &r->value, &matter, error);
	if (rc < 0)
		return rc;
	if (!is_unsafe(a) && !regmap_enum_is_for_read(t->map, t->item.field, name)) {
		regmap_item_name(&t->item, text, sizeof(text));
		rc = error_set(error, ERROR_USAGE, "constraint", "%s: '%s' is only what is written", text,
			       name);
		error_hint(error, "--unsafe compares it all the same");
		return rc;
	}
	if (is_equality) {
		r->mask &= matter;
		r->value &= matter;
	}
	return 0;
}

static int never(const struct condition *c, const char *why, uint64_t number, bool always,
		 struct error *error)
{
	return error_set(error, ERROR_USAGE, "bad-operand", "'%.150s': nothing is %s 0x%llx, so it %s holds",
			 c->text, why, (unsigned long long)number, always ? "always" : "never");
}

/* Of a VALUE that is a number or a name: may what is read decide? A wait that it cannot end, or never begins, is none. */
static int check_decides(const struct resolved_condition *r, struct error *error)
{
	const struct condition *c = r->condition;
	const struct regmap_field *field = r->target.item.field;
	unsigned int bits = target_value_bits(&r->target);
	uint64_t mask = c->has_mask ? c->mask : UINT64_MAX;
	uint64_t least = field && !c->has_mask ? field->plus : 0;
	uint64_t most = (field ? regmap_field_value(field, UINT64_MAX) : width_max(bits)) & mask;
	uint64_t outside = r->value & ~mask;

	if (!mask)
		return error_set(error, ERROR_USAGE, "bad-operand", "'%.150s': the mask has no bits",
				 c->text);
	if (!is_constant(&c->value))
		return 0;
	if (!outside && r->value > width_max(bits))
		return error_set(error, ERROR_USAGE, "value-too-wide",
				 "'%.150s': 0x%llx does not fit in %u bit%s", c->text,
				 (unsigned long long)r->value, bits, plural(bits));
	switch (c->compare) {
	case COMPARE_EQ:
	case COMPARE_NE:
		if (!outside)
			return 0;
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "'%.150s': the bits 0x%llx are outside of the mask 0x%llx, so it %s holds",
				 c->text, (unsigned long long)outside, (unsigned long long)mask,
				 c->compare == COMPARE_EQ ? "never" : "always");
	case COMPARE_LT:
		if (r->value <= least)
			return never(c, "below", least, false, error);
		return r->value > most ? never(c, "above", most, true, error) : 0;
	case COMPARE_GT:
		return r->value >= most ? never(c, "above", most, false, error) : 0;
	}
	return 0;
}

int access_resolve_condition(struct access *a, const struct condition *condition,
			     struct resolved_condition *resolved, struct error *error)
{
	struct resolved_condition r = { .condition = condition };
	int rc;

	rc = access_resolve_read(a, &condition->ref, &r.target, error);
	if (rc == 0)
		rc = access_bind_place(a, &condition->ref, &r.target, &r.place, error);
	if (rc == 0 && condition->value.is_expression)
		rc = access_bind(a, &condition->value.expression, &r.value_names, error);
	if (rc == 0)
		rc = access_bound_value(a, &condition->value, &r.value_names, &r.target, &r.value, error);
	if (rc == 0 && condition->has_mask)
		rc = check_mask(condition->mask, target_value_bits(&r.target), error);
	if (rc == 0)
		rc = compared_bits(a, &r, error);
	if (rc == 0)
		rc = check_decides(&r, error);
	if (rc < 0)
		return rc;
	bound_value_make(a, &condition->value, &r.target, &r.value_names, &r.bound);
	*resolved = r;
	return 0;
}

int access_condition(struct access *a, const struct resolved_condition *resolved, bool *holds,
		     uint64_t *actual, struct error *error)
{
	const struct condition *c = resolved->condition;
	uint64_t value = resolved->value;
	uint64_t v = 0;
	int rc = 0;

	if ((c->value.is_symbol || c->value.is_expression) &&
	    !bound_value_get(&resolved->bound, target_bits(&resolved->target), &value))
		rc = access_bound_value(a, &c->value, &resolved->value_names, &resolved->target, &value,
					error);
	if (rc == 0)
		rc = access_read_place(&c->ref, &resolved->place, &resolved->target, &v, error);
	if (rc < 0)
		return rc;
	*holds = compare_holds(c->compare, v, resolved->mask, value);
	*actual = v;
	return 0;
}
