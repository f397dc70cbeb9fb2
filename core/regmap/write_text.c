// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <string.h>

#include "core/base/number.h"
#include "core/regmap/regmap_write_buffer.h"

/* Fits the rows that regmap_text.c reads, with what stands in front. */
#define DESCRIPTION_MAX 64000

struct out {
	struct write_buffer buffer;
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
		write_bytes(&o->buffer, text, n);
		if (n < length)
			write_string(&o->buffer, " ");
		n += n < length;
		text += n;
		length -= n;
	}
}

/* In quotes, so that it is not taken for a KEY=VALUE; the end of the row. */
static void end_row(struct out *o, const char *description)
{
	if (description) {
		write_string(&o->buffer, ",\"");
		put_clean(o, description, description_length(description), '\n');
		write_string(&o->buffer, "\"");
	}
	write_string(&o->buffer, "\n");
}

static const char *access_word(enum regmap_access access)
{
	static const char *const words[] = {
		[REGMAP_UNKNOWN] = "-",	    [REGMAP_READ_ONLY] = "ro",	[REGMAP_READ_WRITE] = "rw",
		[REGMAP_WRITE_ONLY] = "wo", [REGMAP_WRITE_ONCE] = "w1", [REGMAP_READ_WRITE_ONCE] = "rw1",
	};

	return words[access];
}

static const char *const read_words[] = {
	[READ_HARMLESS] = "none",   [READ_CLEARS] = "clear",	      [READ_SETS] = "set",
	[READ_MODIFIES] = "modify", [READ_MODIFIES_OTHERS] = "other", [READ_UNSAFE] = "unsafe",
};

static const char *const write_words[] = {
	[WRITE_MODIFIES] = "none", [WRITE_1_CLEARS] = "w1c", [WRITE_1_SETS] = "w1s",
	[WRITE_1_TOGGLES] = "w1t", [WRITE_0_CLEARS] = "w0c", [WRITE_0_SETS] = "w0s",
	[WRITE_0_TOGGLES] = "w0t", [WRITE_CLEARS] = "clear", [WRITE_SETS] = "set",
};

/* What is not as FROM has it, which is where it would be inherited. */
static void put_behaviour(struct out *o, const struct regmap_behaviour *b,
			  const struct regmap_behaviour *from)
{
	if (b->on_read != from->on_read)
		write_format(&o->buffer, ",read=%s", read_words[b->on_read]);
	if (b->on_write != from->on_write)
		write_format(&o->buffer, ",write=%s", write_words[b->on_write]);
	if (b->constraint == CONSTRAINT_RANGE)
		write_format(&o->buffer, ",range=0x%" PRIx64 "..0x%" PRIx64, b->minimum, b->maximum);
	else if (b->constraint != CONSTRAINT_NONE)
		write_format(&o->buffer, ",only=%s", b->constraint == CONSTRAINT_ENUM ? "enum" : "read");
}

static void put_enum(struct out *o, const struct regmap_register *reg, const struct regmap_field *field,
		     const struct regmap_enum *e)
{
	uint64_t mask = e->mask & width_max(field->bits);

	write_format(&o->buffer, "enum,%s.%s,%s,", reg->name, field->name, e->name);
	if (e->is_default)
		write_format(&o->buffer, "*");
	else if (mask == width_max(field->bits))
		write_format(&o->buffer, "0x%" PRIx64, e->value);
	else
		write_format(&o->buffer, "0x%" PRIx64 ":0x%" PRIx64, e->value, mask);
	if (e->not_for_read || e->not_for_write)
		write_format(&o->buffer, ",for=%s", e->not_for_read ? "write" : "read");
	end_row(o, e->description);
}

static void put_field(struct out *o, const struct regmap_register *reg, const struct regmap_field *field)
{
	write_format(&o->buffer, "field,%s,%s,", reg->name, field->name);
	if (field->bits > 1)
		write_format(&o->buffer, "%u:", field->lsb + field->bits - 1);
	write_format(&o->buffer, "%u,%s", field->lsb, access_word(field->behaviour.access));
	put_behaviour(o, &field->behaviour, &reg->behaviour);
	end_row(o, field->description);
	for (uint32_t i = 0; i < field->enum_count; i++)
		put_enum(o, reg, field, &o->map->enums[field->first_enum + i]);
}

/* What the row's BITS and words= do not imply. */
static void put_geometry(struct out *o, const struct regmap_register *reg)
{
	if (reg->words > 1)
		write_format(&o->buffer, ",words=%u", reg->words);
	if (reg->width != (reg->word_bits <= 8	  ? 8u
			   : reg->word_bits <= 16 ? 16u
			   : reg->word_bits <= 32 ? 32u
						  : 64u))
		write_format(&o->buffer, ",width=%u", reg->width);
	if (reg->low_first)
		write_format(&o->buffer, ",order=low");
}

static void put_register(struct out *o, const struct regmap_register *reg)
{
	static const struct regmap_behaviour plain;
	const struct regmap_block *block = reg->block == REGMAP_NO_BLOCK ? NULL : &o->map->blocks[reg->block];
	bool is_relative = block && reg->short_name != reg->name;

	write_format(&o->buffer, "\nregister,%s,0x%" PRIx64 ",%u,%s", reg->name,
		     is_relative ? reg->address - block->address : reg->address, reg->bits,
		     access_word(reg->behaviour.access));
	if (block && !is_relative)
		write_format(&o->buffer, ",block=%s", block->name);
	put_geometry(o, reg);
	if (reg->has_reset)
		write_format(&o->buffer, ",reset=0x%" PRIx64, reg->reset_value);
	if (reg->has_reset && (reg->reset_mask & width_max(reg->bits)) != width_max(reg->bits))
		write_format(&o->buffer, ",known=0x%" PRIx64, reg->reset_mask);
	put_behaviour(o, &reg->behaviour, &plain);
	end_row(o, reg->description);
	for (uint32_t i = 0; i < reg->field_count; i++)
		put_field(o, reg, regmap_field_at(o->map, reg, i));
}

static void put_block(struct out *o, const struct regmap_block *block)
{
	write_format(&o->buffer, "block,%s,0x%" PRIx64 ",0x%" PRIx64, block->name, block->address,
		     block->size);
	if (block->bar >= 0)
		write_format(&o->buffer, ",bar=%d", block->bar);
	end_row(o, block->description);
}

int regmap_write_text(const struct regmap *map, regmap_put put, void *data, struct error *error)
{
	struct out o = {
		.buffer = { .put = put, .data = data, .error = error },
		.map = map,
	};

	write_string(&o.buffer, "map,");
	put_clean(&o, map->name, strlen(map->name), ',');
	end_row(&o, map->description);
	if (map->has_id)
		write_format(&o.buffer, "device,%04x:%04x\n", map->vendor, map->device);
	if (map->has_base)
		write_format(&o.buffer, "base,0x%" PRIx64 "\n", map->base);
	for (size_t i = 0; i < map->block_count; i++)
		put_block(&o, &map->blocks[i]);
	for (size_t i = 0; i < map->register_count; i++)
		put_register(&o, &map->registers[i]);
	return write_end(&o.buffer);
}
