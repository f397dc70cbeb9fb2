// SPDX-License-Identifier: GPL-2.0-or-later
/* The model: a map's memory (the file's text, strings, growing arrays) and its words. Knows no format and no device. */
#include "core/regmap/regmap.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/regmap/build.h"
#include "core/regmap/cache.h"
#include "core/regmap/store.h"

#define CHUNK_SIZE (256u << 10)

/* Strings are never freed one by one. */
struct regmap_chunk {
	struct regmap_chunk *next;
	size_t used;
	size_t size;
	char bytes[];
};

const char *regmap_text(const struct regmap *map, size_t *length)
{
	*length = map->store->length;
	return map->store->text;
}

char *regmap_memory(struct regmap *map, size_t length)
{
	struct regmap_store *s = map->store;
	struct regmap_chunk *chunk = s->chunks;
	char *bytes;

	if (!chunk || chunk->size - chunk->used < length) {
		size_t size = length < CHUNK_SIZE ? CHUNK_SIZE : length;

		chunk = malloc(sizeof(*chunk) + size);
		if (!chunk)
			return NULL;
		*chunk = (struct regmap_chunk){ .next = s->chunks, .size = size };
		s->chunks = chunk;
	}
	bytes = chunk->bytes + chunk->used;
	chunk->used += length;
	return bytes;
}

const char *regmap_string(struct regmap *map, const char *text, size_t length)
{
	char *copy = regmap_memory(map, length + 1);

	if (!copy)
		return NULL;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

const char *regmap_name_of_file(struct regmap *map)
{
	const char *slash = strrchr(map->path, '/');
	const char *start = slash ? slash + 1 : map->path;
	const char *dot = strrchr(start, '.');

	return regmap_string(map, start, dot && dot > start ? (size_t)(dot - start) : strlen(start));
}

/* One more item, zeroed, in *ARRAY, which has *COUNT. */
static void *grow(void **array, size_t *count, size_t item, size_t limit)
{
	char *grown;

	if (*count >= limit)
		return NULL;
	grown = array_grow(*array, *count, item);
	if (!grown)
		return NULL;
	*array = grown;
	grown += (*count)++ * item;
	return memset(grown, 0, item);
}

struct regmap_block *regmap_add_block(struct regmap *map)
{
	struct regmap_block *block =
		grow((void **)&map->blocks, &map->block_count, sizeof(*block), REGMAP_REGISTERS_MAX);

	if (block)
		block->bar = -1;
	return block;
}

struct regmap_register *regmap_add_register(struct regmap *map)
{
	struct regmap_register *reg =
		grow((void **)&map->registers, &map->register_count, sizeof(*reg), REGMAP_REGISTERS_MAX);

	if (reg)
		reg->block = REGMAP_NO_BLOCK;
	return reg;
}

struct regmap_field *regmap_add_field(struct regmap *map)
{
	return grow((void **)&map->fields, &map->field_count, sizeof(*map->fields), REGMAP_FIELDS_MAX);
}

struct regmap_enum *regmap_add_enum(struct regmap *map)
{
	struct regmap_enum *e = grow((void **)&map->enums, &map->enum_count, sizeof(*e), REGMAP_ENUMS_MAX);

	if (e)
		e->mask = UINT64_MAX;
	return e;
}

/* To the list of *COUNT that *LIST is, as far as there is room. */
static void add_message(struct regmap *map, struct regmap_problem **list, size_t *count, size_t place,
			const char *format, va_list ap)
{
	struct regmap_problem *added = NULL;
	char text[400];
	const char *message;

	vsnprintf(text, sizeof(text), format, ap);
	message = regmap_string(map, text, strlen(text));
	if (message && *count < REGMAP_PROBLEMS_MAX)
		added = grow((void **)list, count, sizeof(*added), REGMAP_PROBLEMS_MAX);
	if (added)
		*added = (struct regmap_problem){ .place = place, .message = message };
}

void regmap_problem(struct regmap *map, size_t place, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_message(map, &map->problems, &map->problem_count, place, format, ap);
	va_end(ap);
	map->store->problems++;
}

void regmap_note(struct regmap *map, size_t place, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	add_message(map, &map->notes, &map->note_count, place, format, ap);
	va_end(ap);
}

unsigned int regmap_line(const struct regmap *map, size_t place)
{
	const char *text = map->store->text;
	unsigned int line = 1;
	const char *end;

	if (map->store->has_lines)
		return (unsigned int)place;
	/* a map that was not read from a file */
	if (!text)
		return 0;
	end = text + (place < map->store->length ? place : map->store->length);
	while ((text = memchr(text, '\n', (size_t)(end - text)))) {
		text++;
		line++;
	}
	return line;
}

struct regmap *regmap_new(const char *path)
{
	struct regmap *map = calloc(1, sizeof(*map));

	if (map)
		map->store = calloc(1, sizeof(*map->store));
	if (map && map->store)
		map->path = regmap_string(map, path, strlen(path));
	if (map && map->path)
		return map;
	regmap_close(map);
	return NULL;
}

void regmap_close(struct regmap *map)
{
	struct regmap_chunk *chunk;

	if (!map)
		return;
	while (map->store && (chunk = map->store->chunks)) {
		map->store->chunks = chunk->next;
		free(chunk);
	}
	while (map->store && map->store->included) {
		struct regmap *included = map->store->included;

		map->store->included = included->store->next;
		regmap_close(included);
	}
	if (map->store) {
		free(map->store->text);
		free(map->store->index);
		cache_close(map->store->cache);
	}
	free(map->store);
	free(map->problems);
	free(map->notes);
	free(map->enums);
	free(map->fields);
	free(map->registers);
	free(map->blocks);
	free(map);
}

int regmap_bar(const struct regmap *map, const struct regmap_register *reg)
{
	return reg->block == REGMAP_NO_BLOCK ? -1 : map->blocks[reg->block].bar;
}

void regmap_condition_format(const struct regmap *map, const struct regmap_condition *c, char *text,
			     size_t size)
{
	size_t n = 0;

	text[0] = '\0';
	for (unsigned int i = 0; i < c->count && n < size; i++) {
		const struct regmap_register *reg = &map->registers[c->terms[i].reg];
		unsigned int lsb = c->terms[i].lsb;
		unsigned int bits = c->terms[i].bits;

		n += (size_t)snprintf(text + n, size - n, "%s%s", i ? "+" : "", reg->name);
		if (n < size && bits == 1)
			n += (size_t)snprintf(text + n, size - n, ":%u", lsb);
		else if (n < size && bits < reg->bits)
			n += (size_t)snprintf(text + n, size - n, ":%u:%u", lsb + bits - 1, lsb);
	}
	if (c->count && n < size)
		snprintf(text + n, size - n, ">%llu", (unsigned long long)c->above);
}

const struct regmap_block *regmap_placed(const struct regmap *map, const struct regmap_register *reg)
{
	const struct regmap_block *block = reg->block == REGMAP_NO_BLOCK ? NULL : &map->blocks[reg->block];

	return block && block->bar < 0 && block->virtio_type ? block : NULL;
}

/* --- words of CMSIS-SVD --------------------------------------------------------------------------- */

const char *regmap_access_name(enum regmap_access access)
{
	static const char *const names[] = {
		[REGMAP_UNKNOWN] = "",
		[REGMAP_READ_ONLY] = "read-only",
		[REGMAP_READ_WRITE] = "read-write",
		[REGMAP_WRITE_ONLY] = "write-only",
		[REGMAP_WRITE_ONCE] = "writeOnce",
		[REGMAP_READ_WRITE_ONCE] = "read-writeOnce",
	};

	return names[access];
}

const char *regmap_read_effect_name(enum regmap_read_effect effect)
{
	static const char *const names[] = {
		[READ_HARMLESS] = "",
		[READ_CLEARS] = "clear",
		[READ_SETS] = "set",
		[READ_MODIFIES] = "modify",
		[READ_MODIFIES_OTHERS] = "modifyExternal",
		[READ_UNSAFE] = "unsafe",
	};

	return names[effect];
}

const char *regmap_write_effect_name(enum regmap_write_effect effect)
{
	static const char *const names[] = {
		[WRITE_MODIFIES] = "",
		[WRITE_1_CLEARS] = "oneToClear",
		[WRITE_1_SETS] = "oneToSet",
		[WRITE_1_TOGGLES] = "oneToToggle",
		[WRITE_0_CLEARS] = "zeroToClear",
		[WRITE_0_SETS] = "zeroToSet",
		[WRITE_0_TOGGLES] = "zeroToToggle",
		[WRITE_CLEARS] = "clear",
		[WRITE_SETS] = "set",
	};

	return names[effect];
}
