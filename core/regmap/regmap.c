// SPDX-License-Identifier: GPL-2.0-or-later
/* A map's memory: the file's text, strings, growing arrays; its lookups are in regmap_find.c. */
#include "core/regmap/regmap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/regmap/build.h"
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

const char *regmap_string(struct regmap *map, const char *text, size_t length)
{
	struct regmap_store *s = map->store;
	struct regmap_chunk *chunk = s->chunks;
	char *copy;

	if (!chunk || chunk->size - chunk->used <= length) {
		size_t size = length < CHUNK_SIZE ? CHUNK_SIZE : length + 1;

		chunk = malloc(sizeof(*chunk) + size);
		if (!chunk)
			return NULL;
		*chunk = (struct regmap_chunk){ .next = s->chunks, .size = size };
		s->chunks = chunk;
	}
	copy = chunk->bytes + chunk->used;
	memcpy(copy, text, length);
	copy[length] = '\0';
	chunk->used += length + 1;
	return copy;
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

void regmap_problem(struct regmap *map, size_t place, const char *format, ...)
{
	struct regmap_problem *problem = NULL;
	char text[400];
	const char *message;
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	message = regmap_string(map, text, strlen(text));
	if (message && map->problem_count < REGMAP_PROBLEMS_MAX)
		problem = grow((void **)&map->problems, &map->problem_count, sizeof(*problem),
			       REGMAP_PROBLEMS_MAX);
	if (problem)
		*problem = (struct regmap_problem){ .place = place, .message = message };
	map->store->problems++;
}

unsigned int regmap_line(const struct regmap *map, size_t place)
{
	const char *text = map->store->text;
	unsigned int line = 1;
	const char *end;

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

/* All of FD, which may be a pipe. */
static int read_all(int fd, char **text, size_t *length)
{
	size_t size = 1u << 16;
	char *buffer = malloc(size);
	size_t used = 0;
	ssize_t n;

	if (!buffer)
		return -ENOMEM;
	while ((n = read(fd, buffer + used, size - used - 1)) != 0) {
		char *grown = buffer;

		if (n < 0 && errno == EINTR)
			continue;
		used += n > 0 ? (size_t)n : 0;
		if (n < 0 || used > REGMAP_FILE_MAX) {
			int rc = n < 0 ? -errno : -EFBIG;

			free(buffer);
			return rc;
		}
		if (size - used < 2)
			grown = realloc(buffer, size *= 2);
		if (!grown) {
			free(buffer);
			return -ENOMEM;
		}
		buffer = grown;
	}
	buffer[used] = '\0';
	*text = buffer;
	*length = used;
	return 0;
}

static int read_file(struct regmap *map, const char *path, struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return error_errno(error, -errno, "%s", path);
	rc = read_all(fd, &map->store->text, &map->store->length);
	close(fd);
	if (rc == -EFBIG)
		return error_set(error, ERROR_FAILED, "bad-map",
				 "%s: a register map of more than %u MiB is refused", path,
				 REGMAP_FILE_MAX >> 20);
	return rc < 0 ? error_errno(error, rc, "%s", path) : 0;
}

/* The file's name without folders and ending. */
static const char *name_of_file(struct regmap *map)
{
	const char *slash = strrchr(map->path, '/');
	const char *start = slash ? slash + 1 : map->path;
	const char *dot = strrchr(start, '.');

	return regmap_string(map, start, dot && dot > start ? (size_t)(dot - start) : strlen(start));
}

/* SVD is XML: its first character is a '<', behind a byte order mark, or in UTF-16. */
static bool is_xml(const char *text, size_t length)
{
	size_t i = 0;

	if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0 ||
			    memcmp(text, "<\0", 2) == 0 || memcmp(text, "\0<", 2) == 0))
		return true;
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	while (i < length && strchr(" \t\r\n", text[i]) && text[i])
		i++;
	return i < length && text[i] == '<';
}

static int by_place(const void *a, const void *b)
{
	const struct regmap_problem *x = a;
	const struct regmap_problem *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
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

int regmap_load_anyhow(const char *path, struct regmap **map, struct error *error)
{
	struct regmap *m = regmap_new(path);
	int rc;

	if (!m)
		return error_errno(error, -ENOMEM, "%s", path);
	rc = read_file(m, path, error);
	if (rc == 0) {
		m->format = is_xml(m->store->text, m->store->length) ? REGMAP_SVD : REGMAP_TEXT;
		rc = m->format == REGMAP_SVD ? regmap_parse_svd(m, error) : regmap_parse_text(m, error);
	}
	if (rc == 0 && !m->name && !(m->name = name_of_file(m)))
		rc = error_errno(error, -ENOMEM, "%s", path);
	if (rc < 0) {
		regmap_close(m);
		return rc;
	}
	if (m->problem_count)
		qsort(m->problems, m->problem_count, sizeof(*m->problems), by_place);
	*map = m;
	return 0;
}

int regmap_load(const char *path, struct regmap **map, struct error *error)
{
	struct regmap *m;
	int rc = regmap_load_anyhow(path, &m, error);

	if (rc < 0)
		return rc;
	if (m->problem_count == 0) {
		*map = m;
		return 0;
	}
	rc = error_set(error, ERROR_FAILED, "bad-map", "%s:%u: %s", path,
		       regmap_line(m, m->problems[0].place), m->problems[0].message);
	if (m->store->problems > 1)
		error_hint(error, "there are %zu more: 'pcietool map check --map %s' shows them",
			   m->store->problems - 1, path);
	regmap_close(m);
	return rc;
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
	if (map->store) {
		free(map->store->text);
		free(map->store->index);
	}
	free(map->store);
	free(map->problems);
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
