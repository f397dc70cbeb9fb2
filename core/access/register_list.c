// SPDX-License-Identifier: GPL-2.0-or-later
/* The registers that a verb's operands mean; what is not safe to read is left out. */
#include "core/access/register_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/access/internal.h"
#include "core/base/array.h"
#include "core/mapfile/set.h"

static int no_memory(struct error *error)
{
	return error_errno(error, -ENOMEM, "a list of registers");
}

int register_list_add_target(struct register_list *list, const struct target *target, struct error *error)
{
	struct target *grown;

	if (list->count >= REGISTER_LIST_MAX)
		return error_set(error, ERROR_USAGE, "too-many", "these are more than %u registers",
				 REGISTER_LIST_MAX);
	grown = array_grow(list->targets, list->count, sizeof(*grown));
	if (!grown)
		return no_memory(error);
	list->targets = grown;
	grown[list->count++] = *target;
	return 0;
}

static int leave_out(struct register_list *list, const struct regmap_item *item, const char *reason,
		     struct error *error)
{
	struct left_out *grown = array_grow(list->left_out, list->left_out_count, sizeof(*grown));

	if (!grown)
		return no_memory(error);
	list->left_out = grown;
	grown[list->left_out_count++] = (struct left_out){ .item = *item, .reason = reason };
	return 0;
}

/* How something was asked for: by its name; as one of those that a pattern matches; as one of all that there is. */
enum asked { ASKED_NAME, ASKED_PATTERN, ASKED_ALL };

static int add_item(struct register_list *list, struct access *access, const struct regmap_item *item,
		    enum asked asked, struct error *error);

/* What no value can hold, word by word. */
static int add_words(struct register_list *list, struct access *access, const struct regmap_register *reg,
		     enum asked asked, struct error *error)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < reg->words; i++) {
		struct regmap_item word;

		rc = access_word(access, reg, i, &word, error);
		if (rc == 0)
			rc = add_item(list, access, &word, asked, error);
	}
	return rc;
}

/*
 * Why one that could not be resolved is left out; NULL: that is an error. A pattern whose registers are not in the BAR is
 * of another BAR or base; where the device's capability ends, there is no more.
 */
static const char *outside(const struct access *access, const struct regmap_item *item, enum asked asked,
			   const struct error *error)
{
	bool is_placed = access->space == SPACE_BAR && regmap_placed(access->map, item->reg);

	if (asked == ASKED_NAME || (asked == ASKED_PATTERN && !is_placed))
		return NULL;
	if (strcmp(error->code, "bad-capability") == 0)
		return "its virtio capability says a place that is none";
	if (is_placed && strcmp(error->code, "no-bar") == 0)
		return "its virtio capability says a BAR that is not there";
	if (is_placed && strcmp(error->code, "bar-unassigned") == 0)
		return "its virtio capability says a BAR that has no address";
	return strcmp(error->code, "out-of-range") == 0 ? "it lies outside the BAR" : NULL;
}

static int add_item(struct register_list *list, struct access *access, const struct regmap_item *item,
		    enum asked asked, struct error *error)
{
	const char *reason = access->ctx->unsafe ? NULL : regmap_unsafe_to_read(access->map, item->reg);
	struct target target;
	int rc;

	/* what is not there is no part of all that there is */
	if (asked != ASKED_NAME) {
		bool is_there;

		rc = access_is_there(access, item->reg, &is_there, error);
		if (rc < 0 || !is_there)
			return rc;
	}
	if (!reason && item->field && !access->ctx->unsafe && regmap_is_write_only(&item->field->behaviour))
		reason = "it is write-only";
	if (!reason && item->reg->bits > 64 && item->field)
		reason = "its register has more than 64 bits";
	if (reason)
		return leave_out(list, item, reason, error);
	if (item->reg->bits > 64)
		return add_words(list, access, item->reg, asked, error);
	rc = access_resolve_item(access, item, &target, error);
	reason = rc < 0 ? outside(access, item, asked, error) : NULL;
	if (reason)
		return leave_out(list, item, reason, error);
	return rc < 0 ? rc : register_list_add_target(list, &target, error);
}

int register_list_add_all(struct register_list *list, struct access *access, struct error *error)
{
	struct regmap *map;
	int rc = access_map(access, &map, error);

	for (size_t i = 0; rc == 0 && map && i < map->register_count; i++) {
		const struct regmap_item item = { .reg = &map->registers[i] };

		rc = add_item(list, access, &item, ASKED_ALL, error);
	}
	return rc;
}

int register_list_add_glob(struct register_list *list, struct access *access, const char *glob,
			   struct error *error)
{
	size_t before = list->count + list->left_out_count;
	struct regmap_item *items = NULL;
	size_t count = 0;
	int rc = access_need_map(access, error);

	if (rc == 0)
		rc = regmap_match(access->map, glob, &items, &count, error);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = add_item(list, access, &items[i], ASKED_PATTERN, error);
	free(items);
	if (rc == 0 && list->count + list->left_out_count == before)
		rc = error_set(error, ERROR_UNSUPPORTED, "no-register",
			       "'%.150s': nothing of that is there, as the map's conditions have it", glob);
	return rc;
}

/*
 * The map's registers with their first byte in LENGTH bytes from FIRST, which belongs to a BAR; *FOUND false when there
 * are none (or no map).
 */
static int register_list_add_span(struct register_list *list, struct access *access,
				  const struct target *first, uint64_t length, bool *found,
				  struct error *error)
{
	struct regmap *map;
	int rc = access_map(access, &map, error);

	*found = false;
	for (size_t i = 0; rc == 0 && map && i < map->register_count; i++) {
		const struct regmap_item item = { .reg = &map->registers[i] };
		struct error ignored;
		unsigned int bar;
		uint64_t offset;

		if (access_place_of(access, item.reg, &bar, &offset, &ignored) < 0 ||
		    access->bars[bar] != first->region || offset < first->offset ||
		    offset - first->offset >= length)
			continue;
		*found = true;
		rc = add_item(list, access, &item, ASKED_ALL, error);
	}
	return rc;
}

/* Without names: one access after another. */
static int add_accesses(struct register_list *list, const struct target *first, uint64_t length,
			struct error *error)
{
	struct target t = *first;
	int rc = 0;

	for (uint64_t at = 0; rc == 0 && at < length; at += t.width / 8) {
		t.offset = first->offset + at;
		rc = register_list_add_target(list, &t, error);
	}
	return rc;
}

/* A single NAME or NAME.FIELD, as it is in the map. */
static bool is_plain_name(const struct range *range)
{
	return range->first.kind == REF_NAME && !range->has_length && !range->has_last &&
	       !range->first.offset && !range->first.width;
}

static int add_name(struct register_list *list, struct access *access, const struct ref *ref,
		    struct error *error)
{
	struct regmap_item item;
	struct target target;
	int rc = access_find_item(access, ref->name, &item, error);

	/* of fewer bits the caller has to wish for several accesses */
	if (rc == 0 && (item.field || item.reg->bits <= 64)) {
		rc = access_find_name(access, ref, &target, error);
		item = rc == 0 ? target.item : item;
	}
	return rc < 0 ? rc : add_item(list, access, &item, ASKED_NAME, error);
}

/* *LENGTH is set to 0, or to that of a range in which the map has no register, from *FIRST on. */
static int add_named(struct register_list *list, struct access *access, const char *text,
		     struct target *first, uint64_t *length, struct error *error)
{
	struct range range;
	bool found;
	int rc;

	*length = 0;
	rc = range_parse(text, &range, error);
	if (rc < 0)
		return rc;
	if (range.first.kind == REF_NAME && regmap_is_glob(range.first.name))
		return register_list_add_glob(list, access, text, error);
	if (is_plain_name(&range))
		return add_name(list, access, &range.first, error);
	rc = access_resolve_range(access, &range, first, length, error);
	if (rc == 0)
		rc = register_list_add_span(list, access, first, *length, &found, error);
	if (rc == 0 && found)
		*length = 0;
	return rc;
}

int register_list_add(struct register_list *list, struct access *access, const char *text,
		      struct error *error)
{
	struct target first;
	uint64_t length;
	int rc = add_named(list, access, text, &first, &length, error);

	return rc < 0 ? rc : add_accesses(list, &first, length, error);
}

int register_list_add_named(struct register_list *list, struct access *access, const char *text,
			    struct error *error)
{
	struct target first;
	uint64_t length;

	return add_named(list, access, text, &first, &length, error);
}

void register_list_free(struct register_list *list)
{
	free(list->targets);
	free(list->left_out);
	*list = (struct register_list){ 0 };
}
