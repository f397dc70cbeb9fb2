// SPDX-License-Identifier: GPL-2.0-or-later
/* A map as a text map; see pcietool-map(5). */
#include "core/convert/convert.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "core/base/number.h"
#include "core/base/text_buffer.h"
#include "core/convert/internal.h"
#include "core/mapfile/text.h"

/* Fits the rows that text.c reads, with what stands in front. */
#define DESCRIPTION_MAX 64000
/* bytes that are given away at a time */
#define PIECE_SIZE 16384

struct out {
	struct text_buffer text;
	const struct regmap *map;
};

/* TEXT's length, cut to the limit where a character of UTF-8 ends. */
static size_t description_length(const char *text)
{
	size_t n = strlen(text);

	if (n <= DESCRIPTION_MAX)
		return n;
	n = DESCRIPTION_MAX;
	while (n && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* Without STOP, which would end it, and without control characters: a map is shown on terminals. */
static void put_clean(struct out *o, const char *text, size_t length, char stop)
{
	while (length > 0) {
		size_t n = 0;

		while (n < length && (unsigned char)text[n] >= ' ' && text[n] != 0x7f && text[n] != stop)
			n++;
		text_buffer_add(&o->text, text, n);
		if (n < length)
			text_buffer_string(&o->text, " ");
		n += n < length;
		text += n;
		length -= n;
	}
}

/* In quotes, so that it is not taken for a KEY=VALUE; the end of the row. */
static void end_row(struct out *o, const char *description)
{
	if (description) {
		text_buffer_string(&o->text, ",\"");
		put_clean(o, description, description_length(description), '\n');
		text_buffer_string(&o->text, "\"");
	}
	text_buffer_string(&o->text, "\n");
}

const char *const text_access_words[] = {
	[REGMAP_UNKNOWN] = "-",
	[REGMAP_READ_ONLY] = "ro",
	[REGMAP_READ_WRITE] = "rw",
	[REGMAP_WRITE_ONLY] = "wo",
	[REGMAP_WRITE_ONCE] = "w1",
	[REGMAP_READ_WRITE_ONCE] = "rw1",
	[REGMAP_READ_WRITE_ONCE + 1] = NULL,
};

const char *const text_read_words[] = {
	[READ_HARMLESS] = "none",   [READ_CLEARS] = "clear",	      [READ_SETS] = "set",
	[READ_MODIFIES] = "modify", [READ_MODIFIES_OTHERS] = "other", [READ_UNSAFE] = "unsafe",
	[READ_UNSAFE + 1] = NULL,
};

const char *const text_write_words[] = {
	[WRITE_MODIFIES] = "none", [WRITE_1_CLEARS] = "w1c", [WRITE_1_SETS] = "w1s",
	[WRITE_1_TOGGLES] = "w1t", [WRITE_0_CLEARS] = "w0c", [WRITE_0_SETS] = "w0s",
	[WRITE_0_TOGGLES] = "w0t", [WRITE_CLEARS] = "clear", [WRITE_SETS] = "set",
	[WRITE_SETS + 1] = NULL,
};

/* What is not as FROM has it, which is where it would be inherited. */
static void put_behaviour(struct out *o, const struct regmap_behaviour *b,
			  const struct regmap_behaviour *from)
{
	if (b->on_read != from->on_read)
		text_buffer_format(&o->text, ",read=%s", text_read_words[b->on_read]);
	if (b->on_write != from->on_write)
		text_buffer_format(&o->text, ",write=%s", text_write_words[b->on_write]);
	if (b->constraint == CONSTRAINT_RANGE)
		text_buffer_format(&o->text, ",range=0x%" PRIx64 "..0x%" PRIx64, b->minimum, b->maximum);
	else if (b->constraint != CONSTRAINT_NONE)
		text_buffer_format(&o->text, ",only=%s", b->constraint == CONSTRAINT_ENUM ? "enum" : "read");
}

static void put_enum_row(struct out *o, const struct regmap_register *reg, const struct regmap_field *field,
			 const struct regmap_enum *e, bool is_default)
{
	uint64_t mask = e->mask & width_max(field->bits);

	text_buffer_format(&o->text, "enum,%s.%s,%s,", reg->name, field->name, e->name);
	if (is_default)
		text_buffer_format(&o->text, "*");
	else if (mask == width_max(field->bits))
		text_buffer_format(&o->text, "0x%" PRIx64, e->value);
	else
		text_buffer_format(&o->text, "0x%" PRIx64 ":0x%" PRIx64, e->value, mask);
	if (e->not_for_read || e->not_for_write)
		text_buffer_format(&o->text, ",for=%s", e->not_for_read ? "write" : "read");
	end_row(o, e->description);
}

/* A default that has a value too is two rows of one name. */
static void put_enum(struct out *o, const struct regmap_register *reg, const struct regmap_field *field,
		     const struct regmap_enum *e)
{
	if (regmap_enum_has_value(field, e))
		put_enum_row(o, reg, field, e, false);
	if (e->is_default)
		put_enum_row(o, reg, field, e, true);
}

static void put_field(struct out *o, const struct regmap_register *reg, const struct regmap_field *field)
{
	text_buffer_format(&o->text, "field,%s,%s,", reg->name, field->name);
	if (field->bits > 1)
		text_buffer_format(&o->text, "%u:", field->lsb + field->bits - 1);
	text_buffer_format(&o->text, "%u,%s", field->lsb, text_access_words[field->behaviour.access]);
	put_behaviour(o, &field->behaviour, &reg->behaviour);
	end_row(o, field->description);
	for (uint32_t i = 0; i < field->enum_count; i++)
		put_enum(o, reg, field, &o->map->enums[field->first_enum + i]);
}

/* What the row's BITS and words= do not imply. */
static void put_geometry(struct out *o, const struct regmap_register *reg)
{
	if (reg->words > 1)
		text_buffer_format(&o->text, ",words=%u", reg->words);
	if (reg->width != (reg->word_bits <= 8	  ? 8u
			   : reg->word_bits <= 16 ? 16u
			   : reg->word_bits <= 32 ? 32u
						  : 64u))
		text_buffer_format(&o->text, ",width=%u", reg->width);
	if (reg->low_first)
		text_buffer_format(&o->text, ",order=low");
	if (reg->is_alternate)
		text_buffer_format(&o->text, ",alternate=yes");
	if (reg->lacks_fields)
		text_buffer_format(&o->text, ",fields=some");
}

static void put_register(struct out *o, const struct regmap_register *reg)
{
	static const struct regmap_behaviour plain;
	const struct regmap_block *block = reg->block == REGMAP_NO_BLOCK ? NULL : &o->map->blocks[reg->block];
	bool is_relative = block && reg->short_name != reg->name;

	text_buffer_format(&o->text, "\nregister,%s,0x%" PRIx64 ",%u,%s", reg->name,
			   is_relative ? reg->address - block->address : reg->address, reg->bits,
			   text_access_words[reg->behaviour.access]);
	if (block && !is_relative)
		text_buffer_format(&o->text, ",block=%s", block->name);
	put_geometry(o, reg);
	if (reg->has_reset)
		text_buffer_format(&o->text, ",reset=0x%" PRIx64, reg->reset_value);
	if (reg->has_reset && (reg->reset_mask & width_max(reg->bits)) != width_max(reg->bits))
		text_buffer_format(&o->text, ",known=0x%" PRIx64, reg->reset_mask);
	put_behaviour(o, &reg->behaviour, &plain);
	end_row(o, reg->description);
	for (uint32_t i = 0; i < reg->field_count; i++)
		put_field(o, reg, regmap_field_at(o->map, reg, i));
}

static void put_block(struct out *o, const struct regmap_block *block)
{
	text_buffer_format(&o->text, "block,%s,0x%" PRIx64 ",0x%" PRIx64, block->name, block->address,
			   block->size);
	if (block->bar >= 0)
		text_buffer_format(&o->text, ",bar=%d", block->bar);
	else if (block->virtio_type)
		text_buffer_format(&o->text, ",at=virtio:%u", block->virtio_type);
	end_row(o, block->description);
}

/* Behind the registers that it names. */
static void put_if(struct out *o, const struct regmap_block *block)
{
	char text[REGMAP_CONDITION_SIZE];

	if (!block->condition.count)
		return;
	regmap_condition_format(o->map, &block->condition, text, sizeof(text));
	text_buffer_format(&o->text, "\nif,%s,%s\n", block->name, text);
}

int regmap_write_out(const struct regmap *map, struct text_buffer *text, regmap_put put, void *data,
		     struct error *error)
{
	int rc = text->failed ? error_errno(error, -ENOMEM, "%s", map->path) : 0;

	for (size_t done = 0; rc == 0 && done < text->length; done += PIECE_SIZE) {
		size_t left = text->length - done;

		rc = put(data, text->bytes + done, left < PIECE_SIZE ? left : PIECE_SIZE, error);
	}
	text_buffer_free(text);
	return rc;
}

int regmap_write_text(const struct regmap *map, regmap_put put, void *data, struct error *error)
{
	struct out o = { .map = map };

	text_buffer_string(&o.text, "map,");
	put_clean(&o, map->name, strlen(map->name), ',');
	end_row(&o, map->description);
	if (map->has_id)
		text_buffer_format(&o.text, "device,%04x:%04x\n", map->vendor, map->device);
	if (map->has_base)
		text_buffer_format(&o.text, "base,0x%" PRIx64 "\n", map->base);
	for (size_t i = 0; i < map->block_count; i++)
		put_block(&o, &map->blocks[i]);
	for (size_t i = 0; i < map->register_count; i++)
		put_register(&o, &map->registers[i]);
	for (size_t i = 0; i < map->block_count; i++)
		put_if(&o, &map->blocks[i]);
	return regmap_write_out(map, &o.text, put, data, error);
}
