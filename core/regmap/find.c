// SPDX-License-Identifier: GPL-2.0-or-later
/* Names to registers, fields and values: by the index, by globs; and what is near a name that does not exist. */
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/base/name_table.h"
#include "core/base/number.h"
#include "core/base/operand.h"
#include "core/regmap/store.h"
#include "core/regmap/regmap.h"

#define NEAREST 3

static int ambiguous(const struct regmap *map, const struct regmap_found *found, const char *name,
		     size_t length, struct error *error)
{
	const struct regmap_register *one = &map->registers[found->reg];
	const struct regmap_register *other = &map->registers[found->second];

	return error_set(error, ERROR_USAGE, "ambiguous-name",
			 "'%.*s' is the name of %u registers in %s: %s (line %u), %s (line %u)%s",
			 (int)length, name, found->count, map->path, one->name, regmap_line(map, one->place),
			 other->name, regmap_line(map, other->place), found->count > 2 ? ", ..." : "");
}

static const struct regmap_field *find_field(const struct regmap *map, const struct regmap_register *reg,
					     const char *name)
{
	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (strcmp(field->name, name) == 0)
			return field;
	}
	return NULL;
}

/* --- what is near ----------------------------------------------------------------------------- */

struct near {
	char name[2 * REGISTER_NAME_SIZE];
	unsigned int distance;
};

/* Keeps the NEAREST best, the best first. */
static void offer(struct near *near, unsigned int *count, const char *wanted, const char *name)
{
	unsigned int limit = *count < NEAREST ? UINT_MAX - 1 : near[NEAREST - 1].distance - 1;
	unsigned int d;
	unsigned int i;

	if (*count == NEAREST && near[NEAREST - 1].distance == 0)
		return;
	d = name_distance(wanted, name, limit);
	if (d > limit)
		return;
	i = *count < NEAREST ? (*count)++ : NEAREST - 1;
	for (; i > 0 && near[i - 1].distance > d; i--)
		near[i] = near[i - 1];
	near[i].distance = d;
	snprintf(near[i].name, sizeof(near[i].name), "%s", name);
}

static void hint_near(struct error *error, const struct near *near, unsigned int count)
{
	char text[sizeof(error->hint)] = "";
	size_t used = 0;

	for (unsigned int i = 0; i < count && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%.120s", i ? ", " : "",
					 near[i].name);
	if (count)
		error_hint(error, "the nearest: %s", text);
}

static int unknown_register(const struct regmap *map, const char *name, struct error *error)
{
	struct near near[NEAREST];
	unsigned int count = 0;
	int rc = error_set(error, ERROR_USAGE, "unknown-name", "there is no register '%.150s' in %s", name,
			   map->path);

	for (size_t i = 0; i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		/* whichever form is nearer to what was typed */
		offer(near, &count, name, strchr(name, '.') ? reg->name : reg->short_name);
	}
	hint_near(error, near, count);
	return rc;
}

static int unknown_field(const struct regmap *map, const struct regmap_register *reg, const char *field,
			 struct error *error)
{
	struct near near[NEAREST];
	unsigned int count = 0;
	int rc = error_set(error, ERROR_USAGE, "unknown-name", "%s has no field '%.100s' (%s)", reg->name,
			   field, map->path);

	for (uint32_t i = 0; i < reg->field_count; i++)
		offer(near, &count, field, regmap_field_at(map, reg, i)->name);
	hint_near(error, near, count);
	if (reg->field_count == 0)
		error_hint(error, "it has no fields");
	return rc;
}

/* --- lookups ---------------------------------------------------------------------------------- */

/* What is wrong with NAME is said with the whole map at hand; nothing for whoever does not ask, as it costs a look at all. */
static int say_wrong(struct regmap *map, const struct regmap_found *found, const char *name, size_t length,
		     struct error *error)
{
	int rc = error ? regmap_complete(map, error) : -EINVAL;

	if (rc < 0)
		return rc;
	if (found->count > 1)
		return ambiguous(map, found, name, length, error);
	if (found->count == 1)
		return unknown_field(map, &map->registers[found->reg], name + length + 1, error);
	return unknown_register(map, name, error);
}

/* -EBADMSG: it cannot be told from a compiled map, as that is damaged. */
static int find(struct regmap *map, const char *name, struct regmap_item *item, struct error *error)
{
	size_t length = strlen(name);
	struct regmap_found found = { 0 };

	while (length > 0) {
		struct regmap_item result;
		int rc = regmap_look_up(map, name, length, &found);

		if (rc < 0)
			return rc;
		if (found.count > 1)
			return say_wrong(map, &found, name, length, error);
		if (found.count == 1) {
			result = (struct regmap_item){ .reg = &map->registers[found.reg] };
			if (name[length] == '.')
				result.field = find_field(map, result.reg, name + length + 1);
			if (name[length] == '.' && !result.field)
				return say_wrong(map, &found, name, length, error);
			*item = result;
			return 0;
		}
		while (--length > 0 && name[length] != '.')
			;
	}
	return say_wrong(map, &found, name, length, error);
}

int regmap_find(struct regmap *map, const char *name, struct regmap_item *item, struct error *error)
{
	int rc;

	if (map->store->cache) {
		rc = find(map, name, item, error);
		if (rc != -EBADMSG)
			return rc;
		rc = regmap_complete(map, error);
		if (rc < 0)
			return rc;
	}
	rc = regmap_make_index(map);
	if (rc < 0)
		return error ? error_errno(error, rc, "%s", map->path) : rc;
	return find(map, name, item, error);
}

bool regmap_is_glob(const char *text)
{
	return strpbrk(text, "*?") != NULL;
}

/* '[' is a character of names here, "FIFO[2]", and '\' is none. */
static bool glob_matches(const char *glob, const char *name)
{
	char pattern[2 * REGISTER_NAME_SIZE];
	size_t n = 0;

	for (; *glob && n < sizeof(pattern) - 2; glob++) {
		if (*glob == '[')
			pattern[n++] = '\\';
		pattern[n++] = *glob;
	}
	pattern[n] = '\0';
	return fnmatch(pattern, name, 0) == 0;
}

static int add_item(struct regmap_item **items, size_t *count, const struct regmap_register *reg,
		    const struct regmap_field *field)
{
	struct regmap_item *grown = array_grow(*items, *count, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	*items = grown;
	grown[(*count)++] = (struct regmap_item){ .reg = reg, .field = field };
	return 0;
}

/* The fields of REG of which "REGISTER.FIELD" matches, in either form of the register's name. */
static int match_fields(const struct regmap *map, const char *glob, const struct regmap_register *reg,
			struct regmap_item **items, size_t *count)
{
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);
		struct regmap_item item = { .reg = reg, .field = field };
		char name[2 * REGISTER_NAME_SIZE];

		regmap_item_name(&item, name, sizeof(name));
		if (glob_matches(glob, name) || glob_matches(glob, name + (reg->short_name - reg->name)))
			rc = add_item(items, count, reg, field);
	}
	return rc;
}

int regmap_match(struct regmap *map, const char *glob, struct regmap_item **items, size_t *count,
		 struct error *error)
{
	struct regmap_item *list = NULL;
	size_t n = 0;
	int rc = regmap_complete(map, error);

	if (rc < 0)
		return rc;
	for (size_t i = 0; rc == 0 && i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];

		if (glob_matches(glob, reg->name) || glob_matches(glob, reg->short_name))
			rc = add_item(&list, &n, reg, NULL);
	}
	for (size_t i = 0; rc == 0 && i < map->register_count && !(n && !list[0].field); i++)
		rc = match_fields(map, glob, &map->registers[i], &list, &n);
	if (rc < 0)
		error_errno(error, rc, "%s", map->path);
	else if (n == 0)
		rc = error_set(error, ERROR_USAGE, "unknown-name", "nothing in %s matches '%.150s'",
			       map->path, glob);
	if (rc < 0) {
		free(list);
		return rc;
	}
	*items = list;
	*count = n;
	return 0;
}

void regmap_item_name(const struct regmap_item *item, char *text, size_t size)
{
	snprintf(text, size, "%s%s%s", item->reg->name, item->field ? "." : "",
		 item->field ? item->field->name : "");
}

bool regmap_enum_has_value(const struct regmap_field *field, const struct regmap_enum *e)
{
	return !e->is_default || (e->default_has_value && e->value <= width_max(field->bits));
}

/* The nearest; and all where they are few: who writes "disabled" is not helped by what looks like it. */
static void hint_values(const struct regmap *map, const struct regmap_field *field, const struct near *near,
			unsigned int count, struct error *error)
{
	char nearest[sizeof(error->hint)];
	char text[160];
	size_t used = 0;

	hint_near(error, near, count);
	if (field->enum_count <= count)
		return;
	snprintf(nearest, sizeof(nearest), "%s", error->hint);
	for (uint32_t i = 0; i < field->enum_count && used < sizeof(text); i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		if (regmap_enum_has_value(field, e))
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", used ? ", " : "",
						 e->name);
	}
	if (used < sizeof(text))
		error_hint(error, "%s; all: %s", nearest, text);
}

static int no_such_value(const struct regmap *map, const struct regmap_field *field, const char *name,
			 struct error *error)
{
	struct near near[NEAREST];
	unsigned int count = 0;
	int rc;

	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		if (regmap_enum_has_value(field, e))
			offer(near, &count, name, e->name);
	}
	rc = error_set(error, ERROR_USAGE, "unknown-name", "%s has no value called '%.100s'", field->name,
		       name);
	hint_values(map, field, near, count, error);
	if (field->enum_count == 0)
		error_hint(error, "its values have no names");
	return rc;
}

/* A name may be one value when it is read, and another when it is written: SVD's usage. */
static const struct regmap_enum *find_value(const struct regmap *map, const struct regmap_field *field,
					    const char *name, bool is_read)
{
	const struct regmap_enum *found = NULL;

	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		if (!regmap_enum_has_value(field, e) || strcmp(e->name, name) != 0)
			continue;
		if (!(is_read ? e->not_for_read : e->not_for_write))
			return e;
		if (!found)
			found = e;
	}
	return found;
}

int regmap_enum_value(const struct regmap *map, const struct regmap_field *field, const char *name,
		      uint64_t *value, struct error *error)
{
	const struct regmap_enum *e = find_value(map, field, name, false);

	if (!e)
		return no_such_value(map, field, name, error);
	*value = e->value;
	return 0;
}

bool regmap_enum_is_for_write(const struct regmap *map, const struct regmap_field *field, const char *name)
{
	const struct regmap_enum *e = find_value(map, field, name, false);

	return e && !e->not_for_write;
}

bool regmap_enum_is_for_read(const struct regmap *map, const struct regmap_field *field, const char *name)
{
	const struct regmap_enum *e = find_value(map, field, name, true);

	return e && !e->not_for_read;
}

int regmap_enum_read(const struct regmap *map, const struct regmap_field *field, const char *name,
		     uint64_t *value, uint64_t *mask, struct error *error)
{
	const struct regmap_enum *e = find_value(map, field, name, true);

	if (!e)
		return no_such_value(map, field, name, error);
	*value = e->value;
	*mask = e->mask;
	return 0;
}

unsigned int regmap_field_value_bits(const struct regmap_field *field)
{
	uint64_t most;
	unsigned int bits = 0;

	if (!field->shift && !field->plus)
		return field->bits;
	for (most = regmap_field_value(field, UINT64_MAX); most; most >>= 1)
		bits++;
	return bits;
}

const char *regmap_enum_name(const struct regmap *map, const struct regmap_field *field, uint64_t value)
{
	const char *other = NULL;

	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		if (e->not_for_read)
			continue;
		if (e->is_default)
			other = e->name;
		else if (((value ^ e->value) & e->mask) == 0)
			return e->name;
	}
	return other;
}

const char *regmap_unsafe_to_read(const struct regmap *map, const struct regmap_register *reg)
{
	static const char *const reasons[] = {
		[READ_HARMLESS] = NULL,
		[READ_CLEARS] = "reading it clears it",
		[READ_SETS] = "reading it sets it",
		[READ_MODIFIES] = "reading it changes it",
		[READ_MODIFIES_OTHERS] = "reading it changes others",
		[READ_UNSAFE] = "the map marks it unsafe to read",
	};

	if (reg->behaviour.on_read)
		return reasons[reg->behaviour.on_read];
	for (uint32_t i = 0; i < reg->field_count; i++) {
		enum regmap_read_effect effect = regmap_field_at(map, reg, i)->behaviour.on_read;

		if (effect)
			return reasons[effect];
	}
	if (regmap_is_write_only(&reg->behaviour))
		return "it is write-only";
	return NULL;
}
