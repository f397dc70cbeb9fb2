// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * include,FILE,BAR,BASE: a board is a list of IPs at addresses. The other map, of any format, is read whole and its items
 * become those of this one, as if rows had said them; it lives as long, as its strings are used.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/mapfile/text.h"
#include "core/regmap/store.h"

struct include {
	struct text_map *t;
	const struct text_row *row;
	const struct regmap *from;
	const char *as; /* "": names stay */
	int bar; /* -1: what the file says */
	uint64_t base;
	uint64_t origin; /* the address in the file that is at BASE */
	uint32_t first_block; /* in the map, of those that are added */
	uint32_t first_register;
	uint32_t own_block; /* of registers in none, where there must be one */
};

/* --- the row ------------------------------------------------------------------------------------- */

static int take_keys(struct include *in)
{
	int rc = 0;

	for (unsigned int i = 4; rc == 0 && i < in->row->count; i++) {
		const char *text = in->row->columns[i].text;

		if (strncmp(text, "as=", 3) == 0)
			rc = text_take_name(in->t, in->row, text + 3, true, &in->as);
		else if (strncmp(text, "from=", 5) == 0)
			rc = text_take_number(in->t, in->row, "address", text + 5, &in->origin);
		else if (text[0])
			rc = text_bad(in->t, in->row,
				      "'%.60s' is not understood here: as=NAME and from=ADDRESS are", text);
	}
	return rc;
}

/* BASE may be the name of a block: what is included is that block. */
static int take_base(struct include *in)
{
	const char *text = in->row->columns[3].text;
	uint32_t block;

	if (!name_table_find(&in->t->blocks, text, strlen(text), &block))
		return text_take_number(in->t, in->row, "base", text, &in->base);
	in->base = in->t->map->blocks[block].address;
	in->as = in->t->map->blocks[block].name;
	if (in->bar < 0)
		in->bar = in->t->map->blocks[block].bar;
	return 0;
}

static int take_bar(struct include *in)
{
	const char *text = in->row->columns[2].text;
	uint64_t bar;
	int rc;

	if (!text[0] || strcmp(text, "-") == 0)
		return 0;
	rc = text_take_number(in->t, in->row, "BAR", text, &bar);
	if (rc == 0 && bar > 5)
		rc = text_bad(in->t, in->row, "there is no BAR %llu: BARs are 0 to 5",
			      (unsigned long long)bar);
	in->bar = rc == 0 ? (int)bar : -1;
	return rc;
}

/* FILE from where the including one is. */
static int full_path(const struct include *in, char *path, size_t size)
{
	const char *file = in->row->columns[1].text;
	const char *slash = strrchr(in->t->map->path, '/');
	int folder = slash && file[0] != '/' ? (int)(slash - in->t->map->path) + 1 : 0;

	if (!file[0])
		return text_bad(in->t, in->row, "a file is missing");
	if (snprintf(path, size, "%.*s%s", folder, in->t->map->path, file) >= (int)size)
		return text_bad(in->t, in->row, "the path of the file is too long");
	return 0;
}

static int load(struct include *in)
{
	struct error error = { 0 };
	struct regmap *from;
	char path[PATH_MAX];
	int rc = full_path(in, path, sizeof(path));

	if (rc)
		return rc;
	rc = in->t->map->store->include(in->t->map, path, &from, &error);
	if (rc == -ENOMEM)
		return rc;
	if (rc < 0)
		return text_bad(in->t, in->row, "%s", error.message);
	in->from = from;
	if (from->has_base)
		in->origin = from->base;
	/* one that can be used alone with something left out may be so here only when somebody saw it */
	if (from->problem_count)
		return text_bad(in->t, in->row, "%s:%u: %s", path, regmap_line(from, from->problems[0].place),
				from->problems[0].message);
	return 0;
}

/* --- what is included ------------------------------------------------------------------------------ */

/* ADDRESS of the file in this map. */
static int move(const struct include *in, const char *name, uint64_t *address)
{
	if (*address < in->origin)
		return text_bad(in->t, in->row,
				"%s is at 0x%llx in the file, below 0x%llx, which is at the base", name,
				(unsigned long long)*address, (unsigned long long)in->origin);
	if (__builtin_add_overflow(*address - in->origin, in->base, address))
		return text_bad(in->t, in->row, "%s lies above the highest address", name);
	return 0;
}

/* NAME behind FRONT and a dot; one is enough where the other is empty. */
static int join(const struct include *in, const char *front, const char *name, const char **joined)
{
	char text[2 * REGMAP_NAME_SIZE];
	int n = snprintf(text, sizeof(text), "%s%s%s", front, front[0] && name[0] ? "." : "", name);

	if (n >= REGMAP_NAME_SIZE)
		return text_bad(in->t, in->row, "the name '%.60s...' has more than %d characters", text,
				REGMAP_NAME_SIZE - 1);
	*joined = regmap_string(in->t->map, text, (size_t)n);
	return *joined ? 0 : -ENOMEM;
}

/* What the file says of whether and where the block is, but for a BAR that the row says. */
static void take_situation(const struct include *in, const struct regmap_block *from,
			   struct regmap_block *block)
{
	if (from->condition.count) {
		block->condition = from->condition;
		block->condition.place = in->row->place;
	}
	for (unsigned int i = 0; i < from->condition.count; i++)
		block->condition.terms[i].reg += in->first_register;
	if (from->virtio_type)
		block->virtio_type = from->virtio_type;
	if (in->bar >= 0)
		block->bar = in->bar;
	else if (from->bar >= 0)
		block->bar = from->bar;
}

/* The block that as= names, where it is there, or must be for registers that are in none. */
static int own_block(struct include *in, uint64_t size, const char *description)
{
	struct regmap_block block = {
		.name = in->as, .address = in->base, .size = size, .bar = in->bar, .description = description
	};
	struct regmap *map = in->t->map;

	if (name_table_find(&in->t->blocks, in->as, strlen(in->as), &in->own_block)) {
		if (map->blocks[in->own_block].address != in->base)
			return text_bad(in->t, in->row, "there is a block %s already, at another address",
					in->as);
		if (in->bar >= 0)
			map->blocks[in->own_block].bar = in->bar;
		return 0;
	}
	in->own_block = (uint32_t)map->block_count;
	return text_add_block(in->t, in->row, block);
}

static int take_block(struct include *in, const struct regmap_block *from)
{
	struct regmap_block block = *from;
	int rc = move(in, from->name, &block.address);

	take_situation(in, from, &block);
	if (rc == 0)
		rc = join(in, in->as, from->name, &block.name);
	return rc ? rc : text_add_block(in->t, in->row, block);
}

/* The only block of a file is called what as= says. */
static bool is_single(const struct include *in)
{
	return in->as[0] && in->from->block_count == 1;
}

static int take_blocks(struct include *in)
{
	const struct regmap *from = in->from;
	bool in_none = false;
	int rc = 0;

	in->first_block = (uint32_t)in->t->map->block_count;
	in->first_register = (uint32_t)in->t->map->register_count;
	in->own_block = REGMAP_NO_BLOCK;
	for (size_t i = 0; i < from->register_count; i++)
		in_none |= from->registers[i].block == REGMAP_NO_BLOCK;
	if (is_single(in)) {
		uint64_t address = from->blocks[0].address;

		rc = move(in, from->blocks[0].name, &address);
		/* where the block itself begins elsewhere than at the base, that is where it is */
		if (rc == 0)
			in->base += address - in->base;
		in->origin = from->blocks[0].address;
		if (rc == 0)
			rc = own_block(in, from->blocks[0].size, from->blocks[0].description);
		if (rc == 0 && from->blocks[0].condition.count &&
		    in->t->map->blocks[in->own_block].condition.count)
			return text_bad(in->t, in->row, "%s has a condition already", in->as);
		if (rc == 0)
			take_situation(in, &from->blocks[0], &in->t->map->blocks[in->own_block]);
		return rc;
	}
	if (in->as[0] || (in_none && in->bar >= 0)) {
		if (!in->as[0])
			in->as = from->name;
		rc = own_block(in, 0, from->description);
		in->first_block = (uint32_t)in->t->map->block_count;
	}
	for (size_t i = 0; rc == 0 && i < from->block_count; i++)
		rc = take_block(in, &from->blocks[i]);
	return rc;
}

static int take_values(struct include *in, struct text_field *field, const struct regmap_field *from)
{
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < from->enum_count; i++) {
		struct text_enum e = { .item = in->from->enums[from->first_enum + i], .next = TEXT_NONE };

		e.item.place = in->row->place;
		rc = text_add_enum(in->t, field, &e);
	}
	return rc;
}

static int take_fields(struct include *in, const struct regmap_register *from, uint32_t index)
{
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < from->field_count; i++) {
		struct text_field field = {
			.field = *regmap_field_at(in->from, from, i),
			.given = TEXT_ACCESS | TEXT_ON_READ | TEXT_ON_WRITE | TEXT_CONSTRAINT,
			.reg = index,
			.first_enum = TEXT_NONE,
			.last_enum = TEXT_NONE,
		};

		field.field.place = in->row->place;
		rc = text_add_field(in->t, &field);
		if (rc == 0)
			rc = take_values(in, &in->t->fields[in->t->field_count - 1],
					 regmap_field_at(in->from, from, i));
	}
	return rc;
}

/* Its name and block here. */
static int name_register(const struct include *in, const struct regmap_register *from,
			 struct regmap_register *reg)
{
	const char *front = in->as;
	const char *rest = from->name;
	int rc;

	if (from->block == REGMAP_NO_BLOCK) {
		reg->block = in->own_block;
	} else if (is_single(in)) {
		reg->block = in->own_block;
		rest = from->short_name;
	} else {
		reg->block = in->first_block + from->block;
	}
	rc = join(in, front, rest, &reg->name);
	if (rc)
		return rc;
	reg->short_name = reg->name + strlen(reg->name) - strlen(from->short_name);
	return 0;
}

static int take_register(struct include *in, const struct regmap_register *from)
{
	struct regmap_register reg = *from;
	uint32_t index = (uint32_t)in->t->map->register_count;
	int rc = move(in, from->name, &reg.address);

	if (rc == 0)
		rc = name_register(in, from, &reg);
	if (rc)
		return rc;
	reg.place = in->row->place;
	rc = text_add_register(in->t, in->row, &reg, false);
	return rc ? rc : take_fields(in, from, index);
}

int text_include(struct text_map *t, const struct text_row *row)
{
	struct include in = { .t = t, .row = row, .as = "", .bar = -1 };
	int rc = take_bar(&in);

	if (rc == 0)
		rc = take_base(&in);
	if (rc == 0)
		rc = load(&in);
	if (rc == 0)
		rc = take_keys(&in);
	if (rc || !in.from)
		return rc;
	rc = take_blocks(&in);
	for (size_t i = 0; rc == 0 && i < in.from->register_count; i++)
		rc = take_register(&in, &in.from->registers[i]);
	return rc;
}
