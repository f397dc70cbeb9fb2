// SPDX-License-Identifier: GPL-2.0-or-later
/* The fields of a register into the map. Registers whose fields come out the same share them. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/regmap/svd.h"

/* The register that the fields are built in. */
struct fields {
	const struct regmap_behaviour *as;
	unsigned int bits;
};

static struct regmap_behaviour field_behaviour(const struct svd_item *field, const struct fields *reg)
{
	struct regmap_behaviour b = *reg->as;
	const struct regmap_behaviour *own = &field->behaviour;

	if (field->given & SVD_ACCESS)
		b.access = own->access;
	if (field->given & SVD_ON_READ)
		b.on_read = own->on_read;
	if (field->given & SVD_ON_WRITE)
		b.on_write = own->on_write;
	if (field->given & SVD_CONSTRAINT) {
		b.constraint = own->constraint;
		b.minimum = own->minimum;
		b.maximum = own->maximum;
	} else if (b.constraint == CONSTRAINT_RANGE && field->bits < reg->bits) {
		/* a range of the whole register's value says nothing of a part */
		b.constraint = CONSTRAINT_NONE;
		b.minimum = b.maximum = 0;
	}
	return b;
}

static void bad_enum(struct svd *svd, struct svd_item *field)
{
	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &svd->map->enums[field->first_enum + i];

		if (svd_enum_bits(e) <= field->bits)
			continue;
		svd_problem(svd, field, e->place, "value %s, %" PRIu64 ", does not fit its %u bit%s", e->name,
			    e->value | ~e->mask, field->bits, field->bits == 1 ? "" : "s");
		return;
	}
}

/* What can be wrong with FIELD in this register. */
static int check_field(struct svd *svd, struct svd_item *field)
{
	int rc;

	if (!(field->given & SVD_LOWEST && field->given & SVD_BITS)) {
		svd_problem(svd, field, field->place, "its bits are not given (bitRange)");
		return 0;
	}
	rc = svd_field_enums(svd, field);
	if (rc == 0 && field->enum_bits > field->bits)
		bad_enum(svd, field);
	return rc;
}

static int add_instance(struct svd *svd, struct svd_item *field, const struct fields *reg,
			const struct svd_instance *instance)
{
	/* far enough to be out of any register */
	uint64_t lsb = instance->offset > 64 ? 65 : field->lsb + instance->offset;
	struct regmap_field *f;

	if (!instance->name[0]) {
		svd_problem(svd, field, field->place, "its name is too long");
		return 0;
	}
	if (lsb + field->bits > reg->bits) {
		svd_problem(svd, field, field->place,
			    "bits %" PRIu64 "..%" PRIu64 " are not in a register of %u", lsb,
			    lsb + field->bits - 1, reg->bits);
		return 0;
	}
	if (svd->map->field_count >= REGMAP_FIELDS_MAX) {
		svd_problem(svd, field, field->place, "more than %u fields in all", REGMAP_FIELDS_MAX);
		return -E2BIG;
	}
	f = regmap_add_field(svd->map);
	if (!f)
		return -ENOMEM;
	f->lsb = (unsigned int)lsb;
	f->bits = field->bits;
	f->description = field->description;
	f->behaviour = field_behaviour(field, reg);
	f->first_enum = field->first_enum;
	f->enum_count = field->enum_count;
	f->place = field->place;
	f->name = field->given & SVD_DIM ? regmap_string(svd->map, instance->name, strlen(instance->name))
					 : field->name;
	return f->name ? 0 : -ENOMEM;
}

static int add_field(struct svd *svd, struct svd_item *field, const struct fields *reg)
{
	struct svd_instance instance;
	struct svd_dim dim;
	int rc = check_field(svd, field);

	if (rc < 0 || field->bad || svd_dim_start(svd, field, &dim) < 0)
		return rc;
	while (rc == 0 && !field->bad && svd_dim_next(&dim, &instance))
		rc = add_instance(svd, field, reg, &instance);
	return rc;
}

/* Has a register that is derived from FIELD's, REG at last, another field of that name? */
static bool is_overridden(const struct svd *svd, const struct svd_item *reg, const struct svd_item *field)
{
	for (; reg && reg != field->parent; reg = reg->base) {
		if (reg->children && svd_find_child(svd, reg, SVD_FIELD, field->name))
			return true;
	}
	return false;
}

static int add_all(struct svd *svd, const struct svd_item *reg, const struct fields *fields)
{
	int rc = 0;

	for (const struct svd_item *from = reg; from; from = from->base) {
		for (struct svd_item *field = from->children; rc == 0 && field; field = field->next) {
			rc = svd_spend(svd, field, 1);
			if (rc == 0 && !field->bad && !is_overridden(svd, reg, field))
				rc = add_field(svd, field, fields);
		}
	}
	return rc;
}

static int by_lsb(const void *a, const void *b)
{
	const struct regmap_field *x = a;
	const struct regmap_field *y = b;

	if (x->lsb != y->lsb)
		return x->lsb < y->lsb ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static void sort_fields(struct regmap_field *fields, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (fields[i].lsb < fields[i - 1].lsb) {
			qsort(fields, count, sizeof(*fields), by_lsb);
			return;
		}
	}
}

static bool same_behaviour(const struct regmap_behaviour *a, const struct regmap_behaviour *b)
{
	return a->access == b->access && a->on_read == b->on_read && a->on_write == b->on_write &&
	       a->constraint == b->constraint && a->minimum == b->minimum && a->maximum == b->maximum;
}

int svd_add_fields(struct svd *svd, struct svd_item *reg, const struct regmap_behaviour *as,
		   unsigned int bits, uint32_t *first, uint32_t *count)
{
	struct fields fields = { .as = as, .bits = bits };
	int rc;

	/* a copy without fields of its own has those of its base */
	while (!reg->children && reg->base)
		reg = reg->base;
	if (!reg->built || reg->built_bits != bits || !same_behaviour(&reg->built_as, as)) {
		reg->first_field = (uint32_t)svd->map->field_count;
		rc = add_all(svd, reg, &fields);
		if (rc < 0)
			return rc;
		reg->field_count = (uint32_t)svd->map->field_count - reg->first_field;
		if (reg->field_count)
			sort_fields(svd->map->fields + reg->first_field, reg->field_count);
		reg->built = true;
		reg->built_bits = bits;
		reg->built_as = *as;
	}
	*first = reg->first_field;
	*count = reg->field_count;
	return 0;
}
