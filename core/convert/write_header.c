// SPDX-License-Identifier: GPL-2.0-or-later
/* A map as a C header: offsets, and masks, shifts and values of fields, as macros. */
#include "core/convert/convert.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/name_table.h"
#include "core/base/number.h"
#include "core/convert/internal.h"
#include "core/regmap/build.h"

#define MACRO_SIZE 400

struct header {
	const struct regmap *map;
	struct text_buffer text;
	struct name_table macros; /* that there are */
	struct regmap *names; /* holds them */
	int rc;
};

/* PARTS, the last one NULL, as a macro's name: capitals, digits, and '_' between. */
static void macro_name(char name[MACRO_SIZE], const char *const *parts)
{
	size_t n = 0;

	for (; *parts; parts++) {
		if (n && name[n - 1] != '_')
			name[n++] = '_';
		for (const char *c = *parts; *c && n < MACRO_SIZE - 2; c++) {
			if (isalnum((unsigned char)*c))
				name[n++] = (char)toupper((unsigned char)*c);
			else if (*c != ']' && (!n || name[n - 1] != '_'))
				name[n++] = '_';
		}
	}
	name[n] = '\0';
}

/* One that there is already is only named: two defines of a name would be an error. */
static void define(struct header *h, const char *const *parts, uint64_t value)
{
	char name[MACRO_SIZE];
	const char *kept;
	int rc;

	macro_name(name, parts);
	kept = regmap_string(h->names, name, strlen(name));
	rc = kept ? name_table_add(&h->macros, kept, 0) : -ENOMEM;
	if (rc == -EEXIST)
		text_buffer_format(&h->text, "/* another %s: 0x%" PRIx64 " */\n", name, value);
	else if (rc < 0)
		h->rc = rc;
	else
		text_buffer_format(&h->text, "#define %s 0x%" PRIx64 "%s\n", name, value,
				   value > UINT32_MAX ? "ULL" : "U");
}

/* A comment ends nowhere in it. */
static void put_text(struct header *h, const char *text)
{
	for (; *text; text++) {
		text_buffer_add(&h->text, *text == '\n' ? " " : text, 1);
		if (text[0] == '*' && text[1] == '/')
			text_buffer_string(&h->text, " ");
	}
}

static void put_comment(struct header *h, const char *name, const struct regmap_behaviour *b,
			const char *description)
{
	const char *on_read = regmap_read_effect_name(b->on_read);
	const char *on_write = regmap_write_effect_name(b->on_write);

	text_buffer_string(&h->text, "/* ");
	put_text(h, name);
	text_buffer_format(&h->text, ": %s%s%s%s%s",
			   b->access ? regmap_access_name(b->access) : "access unknown",
			   *on_read ? ", a read: " : "", on_read, *on_write ? ", a write: " : "", on_write);
	if (description) {
		text_buffer_string(&h->text, "; ");
		put_text(h, description);
	}
	text_buffer_string(&h->text, " */\n");
}

/* Which bits of what was defined as PARTS count. */
static void note_mask(struct header *h, const char *const *parts, uint64_t mask, const char *count)
{
	char name[MACRO_SIZE];

	macro_name(name, parts);
	text_buffer_format(&h->text, "/* %s: only the bits 0x%" PRIx64 " %s */\n", name, mask, count);
}

static void note_usage(struct header *h, const char *const *parts, const char *usage)
{
	char name[MACRO_SIZE];

	macro_name(name, parts);
	text_buffer_format(&h->text, "/* %s: when it is %s */\n", name, usage);
}

static void put_value(struct header *h, const struct regmap_register *reg, const struct regmap_field *field,
		      const struct regmap_enum *e)
{
	const char *const parts[] = { h->map->name, reg->name, field->name, e->name, NULL };
	uint64_t all = width_max(field->bits);

	if (!regmap_enum_has_value(field, e)) {
		text_buffer_string(&h->text, "/* ");
		put_text(h, e->name);
		text_buffer_string(&h->text, ": all other values */\n");
		return;
	}
	define(h, parts, e->value);
	if ((e->mask & all) != all)
		note_mask(h, parts, e->mask & all, "matter");
	if (e->not_for_read || e->not_for_write)
		note_usage(h, parts, e->not_for_read ? "written" : "read");
}

static void put_field(struct header *h, const struct regmap_register *reg, const struct regmap_field *field)
{
	/* a field across the words of a register that no integer holds has no mask */
	if (field->lsb + field->bits > 64)
		return;
	put_comment(h, field->name, &field->behaviour, field->description);
	define(h, (const char *const[]){ h->map->name, reg->name, field->name, "MASK", NULL },
	       width_max(field->bits) << field->lsb);
	define(h, (const char *const[]){ h->map->name, reg->name, field->name, "SHIFT", NULL }, field->lsb);
	for (uint32_t i = 0; i < field->enum_count; i++) {
		put_value(h, reg, field, &h->map->enums[field->first_enum + i]);
	}
}

static void put_register(struct header *h, const struct regmap_register *reg)
{
	const char *const reset[] = { h->map->name, reg->name, "RESET", NULL };
	uint64_t base = h->map->has_base ? h->map->base : 0;
	uint64_t all = width_max(reg->bits < 64 ? reg->bits : 64);

	text_buffer_string(&h->text, "\n");
	put_comment(h, reg->name, &reg->behaviour, reg->description);
	define(h, (const char *const[]){ h->map->name, reg->name, "OFFSET", NULL }, reg->address - base);
	if (reg->has_reset)
		define(h, reset, reg->reset_value);
	if (reg->has_reset && (reg->reset_mask & all) != all)
		note_mask(h, reset, reg->reset_mask & all, "are known");
	for (uint32_t i = 0; i < reg->field_count; i++)
		put_field(h, reg, regmap_field_at(h->map, reg, i));
}

static void put_block(struct header *h, const struct regmap_block *block)
{
	uint64_t base = h->map->has_base ? h->map->base : 0;

	define(h, (const char *const[]){ h->map->name, block->name, "BASE", NULL }, block->address - base);
	if (block->size)
		define(h, (const char *const[]){ h->map->name, block->name, "SIZE", NULL }, block->size);
	if (block->bar >= 0)
		define(h, (const char *const[]){ h->map->name, block->name, "BAR", NULL },
		       (uint64_t)block->bar);
}

int regmap_write_header(const struct regmap *map, regmap_put put, void *data, struct error *error)
{
	struct header h = { .map = map, .names = regmap_new(map->path) };
	char guard[MACRO_SIZE];
	int rc = h.names ? 0 : -ENOMEM;

	macro_name(guard, (const char *const[]){ map->name, "REGISTERS_H", NULL });
	text_buffer_format(&h.text,
			   "/* Registers, written by pcietool map convert; offsets are those in the BAR. */\n"
			   "#ifndef %s\n#define %s\n\n",
			   guard, guard);
	for (size_t i = 0; rc == 0 && i < map->block_count; i++)
		put_block(&h, &map->blocks[i]);
	for (size_t i = 0; rc == 0 && i < map->register_count; i++)
		put_register(&h, &map->registers[i]);
	text_buffer_string(&h.text, "\n#endif\n");
	if (rc == 0)
		rc = h.rc;
	name_table_free(&h.macros);
	regmap_close(h.names);
	if (rc < 0) {
		text_buffer_free(&h.text);
		return error_errno(error, rc, "%s", map->path);
	}
	return regmap_write_out(map, &h.text, put, data, error);
}
