// SPDX-License-Identifier: GPL-2.0-or-later
/* Registers by name: from the map to a place in a BAR. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/access/internal.h"
#include "core/base/number.h"
#include "core/config/map.h"
#include "core/mapfile/set.h"
#include "core/pci/attribute.h"

/* More words than any value here has bits for. */
#define WORDS_MAX 8

/*
 * A register that the map has not as it is accessed: NAME where it has the words NAME1 in front of NAME0 (LiteX's SVD), a
 * word of one that has more bits than a value.
 */
struct access_join {
	struct access_join *next;
	struct regmap_register reg;
	char name[REGISTER_NAME_SIZE];
};

void access_free_joins(struct access *a)
{
	struct access_join *join;

	while ((join = a->joins)) {
		a->joins = join->next;
		free(join);
	}
}

int access_map_id(const struct device *device, struct regmap_id *id)
{
	uint64_t vendor;
	uint64_t number;
	uint64_t class_code;
	int rc;

	rc = pci_attribute_read(device->ctx, &device->address, "vendor", &vendor);
	if (rc == 0)
		rc = pci_attribute_read(device->ctx, &device->address, "device", &number);
	if (rc < 0)
		return rc;
	*id = (struct regmap_id){ .vendor = (uint16_t)vendor, .device = (uint16_t)number };
	id->has_class = pci_attribute_read(device->ctx, &device->address, "class", &class_code) == 0;
	if (id->has_class)
		id->class_code = (uint32_t)class_code;
	return 0;
}

/* MAP stays NULL where there is none, unless one is needed. */
static int find_map(struct access *a, bool need, struct error *error)
{
	struct regmap_id id;
	bool has_id;
	int rc;

	if (a->map || (a->has_no_map && !need))
		return 0;
	if (a->space == SPACE_CONFIG) {
		rc = config_map_make(a->device, &a->config, error);
		if (rc == 0)
			a->map = a->config->regmap;
		return rc;
	}
	has_id = a->device && access_map_id(a->device, &id) == 0;
	rc = need ? regmap_set_need_part(a->ctx, has_id ? &id : NULL, &a->map, error)
		  : regmap_set_get_part(a->ctx, has_id ? &id : NULL, &a->map, error);
	a->has_no_map = rc == 0 && !a->map;
	return rc;
}

int access_need_map(struct access *a, struct error *error)
{
	return find_map(a, true, error);
}

int access_map(struct access *a, struct regmap **map, struct error *error)
{
	int rc = find_map(a, false, error);

	/* whoever wants a map, and not a name, walks it */
	if (rc == 0 && a->map)
		rc = regmap_complete(a->map, error);
	if (rc == 0)
		*map = a->map;
	return rc;
}

/* Word N of a split register of that name, NULL if there is none. */
static const struct regmap_register *find_word(struct regmap *map, const char *name, unsigned int n)
{
	char word[REGISTER_NAME_SIZE + 4];
	struct regmap_item item;

	snprintf(word, sizeof(word), "%s%u", name, n);
	if (regmap_find(map, word, &item, NULL) < 0 || item.field || item.reg->words > 1)
		return NULL;
	return item.reg;
}

static int join_words(struct access *a, const char *name, const struct regmap_register **reg)
{
	const struct regmap_register *low = find_word(a->map, name, 0);
	const struct regmap_register *high = low;
	struct access_join *join;
	unsigned int words = low ? 1 : 0;

	for (; words > 0 && words < WORDS_MAX; words++) {
		const struct regmap_register *next = find_word(a->map, name, words);

		if (!next || next->width != low->width || next->address + low->width / 8 != high->address)
			break;
		high = next;
	}
	if (words < 2)
		return -ENOENT;
	join = calloc(1, sizeof(*join));
	if (!join)
		return -ENOMEM;
	snprintf(join->name, sizeof(join->name), "%s", name);
	join->reg = *high;
	join->reg.name = join->name;
	join->reg.short_name = join->name;
	join->reg.bits = words * low->width;
	join->reg.word_bits = low->width;
	join->reg.words = words;
	join->reg.field_count = 0;
	join->reg.has_reset = false;
	join->next = a->joins;
	a->joins = join;
	*reg = &join->reg;
	return 0;
}

int access_word(struct access *a, const struct regmap_register *reg, unsigned int word,
		struct regmap_item *item, struct error *error)
{
	struct access_join *join = calloc(1, sizeof(*join));
	unsigned int offset = word * (reg->width / 8);

	if (!join)
		return error_errno(error, -ENOMEM, "%s", reg->name);
	snprintf(join->name, sizeof(join->name), "%s+0x%x", reg->name, offset);
	join->reg = *reg;
	join->reg.name = join->name;
	join->reg.short_name = join->name;
	join->reg.address += offset;
	join->reg.bits = reg->width;
	join->reg.word_bits = reg->width;
	join->reg.words = 1;
	join->reg.field_count = 0;
	join->reg.has_reset = false;
	join->next = a->joins;
	a->joins = join;
	*item = (struct regmap_item){ .reg = &join->reg };
	return 0;
}

static int find_item(struct access *a, const char *name, struct regmap_item *item, struct error *error)
{
	struct regmap_item found = { 0 };
	int rc;

	if (regmap_is_glob(name)) {
		rc = error_set(error, ERROR_USAGE, "glob",
			       "'%.150s': one register is needed here, not a glob", name);
		error_hint(
			error,
			a->space == SPACE_CONFIG
				? "'pcietool config read' takes globs"
				: "'pcietool regs read' takes globs, and 'regs dump' without -o and --hex");
		return rc;
	}
	rc = a->config ? config_map_find(a->config, a->device, name, &found, error)
		       : regmap_find(a->map, name, &found, error);
	if (rc < 0 && a->ctx->wide && join_words(a, name, &found.reg) == 0)
		rc = 0;
	if (rc == 0)
		*item = found;
	return rc;
}

int access_find_item(struct access *a, const char *name, struct regmap_item *item, struct error *error)
{
	int rc = access_need_map(a, error);

	return rc < 0 ? rc : find_item(a, name, item, error);
}

static int check_words(const struct access *a, const struct regmap_register *reg, struct error *error)
{
	int rc;

	if (reg->words <= 1)
		return 0;
	if (reg->bits > 64) {
		rc = error_set(error, ERROR_UNSUPPORTED, "too-wide",
			       "%s has %u bits: no value here has more than 64", reg->name, reg->bits);
		error_hint(error, "its words: %s+0x0/%u, %s+0x%x/%u, ...", reg->name, reg->width, reg->name,
			   reg->width / 8, reg->width);
		return rc;
	}
	if (a->ctx->wide)
		return 0;
	rc = error_set(error, ERROR_USAGE, "too-wide",
		       "%s has %u bits in %u words: one access cannot reach it", reg->name, reg->bits,
		       reg->words);
	error_hint(error, "--wide takes them one after another as one value; one of them: %s+0x0/%u",
		   reg->name, reg->width);
	return rc;
}

int access_resolve_item(struct access *a, const struct regmap_item *item, struct target *target,
			struct error *error)
{
	const struct regmap_register *reg = item->reg;
	struct target t = { .width = reg->width, .map = a->map, .item = *item };
	unsigned int bar;
	bool is_placed;
	int rc;

	if (a->space == SPACE_CONFIG) {
		rc = access_open_config(a, error);
		t.offset = reg->address;
		t.region = a->base;
	} else {
		rc = access_place_of(a, reg, &bar, &t.offset, error);
		if (rc == 0)
			rc = access_check_place(a, reg, error);
		if (rc == 0)
			rc = access_bar(a, bar, &t.region, error);
	}
	is_placed = a->space == SPACE_BAR && a->places && regmap_placed(a->map, reg);
	if (rc == 0 && is_placed)
		rc = access_check_capability(a, &t, error);
	if (rc == 0)
		rc = region_check_range(t.region, t.offset, (uint64_t)reg->words * reg->width / 8, reg->width,
					error);
	if (rc < 0 && a->space == SPACE_BAR && strcmp(error->code, "out-of-range") == 0 && !is_placed)
		error_hint(error,
			   "%s is at 0x%llx in %s; --base ADDRESS says which address is offset 0 of the BAR",
			   reg->name, (unsigned long long)reg->address, a->map->path);
	if (rc == 0)
		*target = t;
	return rc;
}

int access_find_name(struct access *a, const struct ref *ref, struct target *target, struct error *error)
{
	bool is_place = ref->width || ref->offset || ref->has_expression;
	struct regmap_item item = { 0 };
	struct target t = { 0 };
	int rc;

	rc = access_need_map(a, error);
	if (rc == 0)
		rc = find_item(a, ref->name, &item, error);
	/* the first word of a register of several is a place, +0x0 of another is the register */
	if (rc == 0 && ref->has_offset && item.reg->words > 1)
		is_place = true;
	if (rc == 0 && is_place && item.field)
		rc = error_set(error, ERROR_USAGE, "bad-operand",
			       "'%.150s' is a field: it has neither an offset nor a width of its own",
			       ref->name);
	if (rc == 0 && !is_place)
		rc = check_words(a, item.reg, error);
	if (rc == 0)
		rc = access_resolve_item(a, &item, &t, error);
	if (rc < 0)
		return rc;
	if (is_place) {
		/* an access somewhere in or behind a register is none of the map's any more */
		t.width = ref->width ? ref->width : t.width;
		t.offset += ref->offset;
		t.item = (struct regmap_item){ 0 };
	}
	*target = t;
	return 0;
}
