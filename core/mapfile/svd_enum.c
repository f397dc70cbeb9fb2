// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The named values of a field. They are in the map's array already, one enumeratedValues behind the other; here it
 * is found out which of them a field has, and copies are made where ranges cannot be shared.
 */
#include <errno.h>
#include <string.h>

#include "core/mapfile/svd.h"

unsigned int svd_enum_bits(const struct regmap_enum *value)
{
	uint64_t largest = value->value | ~value->mask;

	if (value->is_default || largest == 0)
		return 1;
	return 64 - (unsigned int)__builtin_clzll(largest);
}

int svd_copy_enum(struct svd *svd, struct svd_item *item, uint32_t from)
{
	struct regmap_enum *copy;

	if (svd->map->enum_count >= REGMAP_ENUMS_MAX) {
		svd_problem(svd, item, item->place, "more than %u values in all", REGMAP_ENUMS_MAX);
		return -E2BIG;
	}
	copy = regmap_add_enum(svd->map);
	if (!copy)
		return -ENOMEM;
	*copy = svd->map->enums[from];
	return 0;
}

static bool has_value(const struct svd *svd, const struct svd_item *enums, const char *name)
{
	for (uint32_t i = 0; i < enums->enum_count; i++) {
		if (strcmp(svd->map->enums[enums->first_enum + i].name, name) == 0)
			return true;
	}
	return false;
}

void svd_set_usage(struct svd *svd, uint32_t first, enum svd_usage usage)
{
	for (size_t i = first; i < svd->map->enum_count; i++) {
		svd->map->enums[i].not_for_read = usage == SVD_USAGE_WRITE;
		svd->map->enums[i].not_for_write = usage == SVD_USAGE_READ;
	}
}

/* BASE's values but those that ITEM has too, then ITEM's. */
static int merge_enums(struct svd *svd, struct svd_item *item, const struct svd_item *base)
{
	int rc = svd_spend(svd, item, ((size_t)item->enum_count + 1) * base->enum_count);

	for (uint32_t i = 0; rc == 0 && i < base->enum_count; i++) {
		uint32_t from = base->first_enum + i;

		if (!has_value(svd, item, svd->map->enums[from].name))
			rc = svd_copy_enum(svd, item, from);
	}
	for (uint32_t i = 0; rc == 0 && i < item->enum_count; i++)
		rc = svd_copy_enum(svd, item, item->first_enum + i);
	return rc;
}

int svd_inherit_enums(struct svd *svd, struct svd_item *item, const struct svd_item *base)
{
	enum svd_usage usage = item->given & SVD_USAGE ? item->usage : base->usage;
	uint32_t first = (uint32_t)svd->map->enum_count;
	int rc;

	if (base->enum_bits > item->enum_bits)
		item->enum_bits = base->enum_bits;
	if (item->enum_count == 0 && usage == base->usage) {
		item->first_enum = base->first_enum;
		item->enum_count = base->enum_count;
	} else {
		rc = merge_enums(svd, item, base);
		if (rc < 0)
			return rc;
		svd_set_usage(svd, first, usage);
		item->first_enum = first;
		item->enum_count = (uint32_t)svd->map->enum_count - first;
	}
	item->usage = usage;
	return 0;
}

/* One more enumeratedValues of FIELD: behind what it has already. */
static int append_enums(struct svd *svd, struct svd_item *field, const struct svd_item *enums)
{
	uint32_t first = (uint32_t)svd->map->enum_count;
	int rc = 0;

	if (enums->enum_bits > field->enum_bits)
		field->enum_bits = enums->enum_bits;
	if (field->enum_count == 0) {
		field->first_enum = enums->first_enum;
		field->enum_count = enums->enum_count;
		return 0;
	}
	if (field->first_enum + field->enum_count == enums->first_enum) {
		field->enum_count += enums->enum_count;
		return 0;
	}
	for (uint32_t i = 0; rc == 0 && i < field->enum_count; i++)
		rc = svd_copy_enum(svd, field, field->first_enum + i);
	for (uint32_t i = 0; rc == 0 && i < enums->enum_count; i++)
		rc = svd_copy_enum(svd, field, enums->first_enum + i);
	field->first_enum = first;
	field->enum_count = (uint32_t)svd->map->enum_count - first;
	return rc;
}

int svd_field_enums(struct svd *svd, struct svd_item *field)
{
	const struct svd_item *from = field;
	int rc = 0;

	if (field->has_enums)
		return 0;
	field->has_enums = true;
	while (!from->children && from->base)
		from = from->base;
	for (const struct svd_item *enums = from->children; rc == 0 && enums; enums = enums->next) {
		if (!enums->bad)
			rc = append_enums(svd, field, enums);
	}
	return rc;
}
