// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file of a compiled map into a map, piece by piece as it is asked for. By pread(2) and not by mmap(2): what is read
 * cannot change any more, and a file that is cut short below us is one that ends, no SIGBUS.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/build_id.h"
#include "core/regmap/cache.h"
#include "core/regmap/cache_format.h"

/* LENGTH bytes of a file, which live as long as the map. */
struct piece {
	const char *bytes;
	size_t length;
};

static int read_at(const struct regmap_cache *cache, uint64_t at, void *bytes, size_t length)
{
	char *p = bytes;

	if (at > cache->size || length > cache->size - at)
		return -EBADMSG;
	if (cache->bytes) {
		memcpy(bytes, cache->bytes + at, length);
		return 0;
	}
	while (length > 0) {
		ssize_t n = pread(cache->fd, p, length, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -EBADMSG;
		p += n;
		at += (uint64_t)n;
		length -= (size_t)n;
	}
	return 0;
}

/* The piece of REF, whose checksum is right and whose last byte is a NUL. */
static int take_piece(struct regmap *map, const struct saved_ref *ref, enum saved_kind kind, size_t least,
		      struct piece *piece)
{
	const struct regmap_cache *cache = map->store->cache;
	char *copy = NULL;
	const char *bytes;
	int rc = 0;

	if (ref->length < least || ref->length == 0 || ref->length > CACHE_PIECE_MAX ||
	    ref->at > cache->size || ref->length > cache->size - ref->at)
		return -EBADMSG;
	if (cache->bytes) {
		bytes = cache->bytes + ref->at;
	} else {
		copy = regmap_memory(map, ref->length);
		if (!copy)
			return -ENOMEM;
		rc = read_at(cache, ref->at, copy, ref->length);
		bytes = copy;
	}
	if (rc < 0)
		return rc;
	if (bytes[ref->length - 1] || saved_check(kind, ref->first, bytes, ref->length) != ref->check)
		return -EBADMSG;
	*piece = (struct piece){ bytes, ref->length };
	return 0;
}

/* The I-th struct of SIZE bytes at the beginning of a piece that was seen to have so many. */
static void take_item(const struct piece *piece, size_t i, void *item, size_t size)
{
	memcpy(item, piece->bytes + i * size, size);
}

/* NULL for none, and for one that is not in the piece: names are checked to be there, and nothing else has to be. */
static const char *take_string(const struct piece *piece, uint32_t at)
{
	return at && at < piece->length ? piece->bytes + at : NULL;
}

static struct regmap_behaviour take_behaviour(const struct saved_behaviour *saved)
{
	return (struct regmap_behaviour){
		.access = (enum regmap_access)saved->access,
		.on_read = (enum regmap_read_effect)saved->on_read,
		.on_write = (enum regmap_write_effect)saved->on_write,
		.constraint = (enum regmap_constraint)saved->constraint,
		.minimum = saved->minimum,
		.maximum = saved->maximum,
	};
}

/* Are COUNT items from FIRST on among TOTAL? */
static bool is_among(uint32_t first, uint32_t count, size_t total)
{
	return first <= total && count <= total - first;
}

static void take_enum(const struct piece *piece, uint32_t i, struct regmap_enum *e)
{
	struct saved_enum saved;

	take_item(piece, i, &saved, sizeof(saved));
	*e = (struct regmap_enum){
		.name = take_string(piece, saved.name),
		.description = take_string(piece, saved.description),
		.value = saved.value,
		.mask = saved.mask,
		.is_default = saved.is_default,
		.default_has_value = saved.default_has_value,
		.not_for_read = saved.not_for_read,
		.not_for_write = saved.not_for_write,
		.place = saved.line,
	};
}

static int take_enums(struct regmap *map, const struct saved_field *field)
{
	struct piece piece;
	int rc = 0;

	if (!is_among(field->enums.first, field->enum_count, map->enum_count))
		return -EBADMSG;
	if (field->enum_count == 0)
		return 0;
	if (!map->enums[field->enums.first].name) {
		rc = take_piece(map, &field->enums, SAVED_ENUMS,
				field->enum_count * sizeof(struct saved_enum), &piece);
		for (uint32_t i = 0; rc == 0 && i < field->enum_count; i++)
			take_enum(&piece, i, &map->enums[field->enums.first + i]);
	}
	for (uint32_t i = 0; rc == 0 && i < field->enum_count; i++) {
		if (!cache_enum_fits(&map->enums[field->enums.first + i]))
			rc = -EBADMSG;
	}
	return rc;
}

static int take_field(struct regmap *map, const struct regmap_register *reg, const struct piece *piece,
		      uint32_t i)
{
	struct regmap_field *field = &map->fields[reg->first_field + i];
	struct saved_field saved;
	int rc;

	take_item(piece, i, &saved, sizeof(saved));
	rc = take_enums(map, &saved);
	if (rc < 0)
		return rc;
	*field = (struct regmap_field){
		.name = take_string(piece, saved.name),
		.description = take_string(piece, saved.description),
		.lsb = saved.lsb,
		.bits = saved.bits,
		.behaviour = take_behaviour(&saved.behaviour),
		.first_enum = saved.enums.first,
		.enum_count = saved.enum_count,
		.place = saved.line,
		.named_numbers = saved.named_numbers,
	};
	return 0;
}

static int take_fields(struct regmap *map, const struct regmap_register *reg, const struct saved_ref *ref)
{
	struct piece piece;
	int rc = 0;

	if (!is_among(reg->first_field, reg->field_count, map->field_count))
		return -EBADMSG;
	if (reg->field_count == 0)
		return 0;
	if (!map->fields[reg->first_field].name) {
		rc = take_piece(map, ref, SAVED_FIELDS, reg->field_count * sizeof(struct saved_field),
				&piece);
		for (uint32_t i = 0; rc == 0 && i < reg->field_count; i++)
			rc = take_field(map, reg, &piece, i);
	}
	/* they may be those of another register, too, which has more bits, or fewer of them */
	for (uint32_t i = 0; rc == 0 && i < reg->field_count; i++) {
		if (!cache_field_fits(reg, regmap_field_at(map, reg, i)))
			rc = -EBADMSG;
	}
	return rc;
}

static struct regmap_register take_register(const struct saved_register *saved, const struct piece *piece)
{
	const char *name = take_string(piece, saved->name);
	size_t length = name ? strlen(name) : 0;

	return (struct regmap_register){
		.name = name,
		.short_name = saved->shortened <= length && name ? name + saved->shortened : NULL,
		.description = take_string(piece, saved->description),
		.block = saved->block,
		.address = saved->address,
		.bits = saved->bits,
		.width = saved->width,
		.words = saved->words,
		.word_bits = saved->word_bits,
		.low_first = saved->low_first,
		.behaviour = take_behaviour(&saved->behaviour),
		.has_reset = saved->has_reset,
		.reset_value = saved->reset_value,
		.reset_mask = saved->reset_mask,
		.first_field = saved->fields.first,
		.field_count = saved->field_count,
		.is_alternate = saved->is_alternate,
		.group = take_string(piece, saved->group),
		.lacks_fields = saved->lacks_fields,
		.place = saved->line,
	};
}

int cache_register(struct regmap *map, uint32_t i)
{
	struct regmap_register reg;
	struct saved_register saved;
	struct saved_ref ref;
	struct piece piece;
	int rc;

	if (map->registers[i].name)
		return 0;
	rc = read_at(map->store->cache, map->store->cache->table_at + i * sizeof(ref), &ref, sizeof(ref));
	if (rc == 0 && ref.first != i)
		rc = -EBADMSG;
	if (rc == 0)
		rc = take_piece(map, &ref, SAVED_REGISTER, sizeof(saved), &piece);
	if (rc)
		return rc;
	take_item(&piece, 0, &saved, sizeof(saved));
	reg = take_register(&saved, &piece);
	if (!cache_register_fits(map, &reg))
		return -EBADMSG;
	rc = take_fields(map, &reg, &saved.fields);
	if (rc == 0)
		map->registers[i] = reg;
	return rc;
}

int cache_slot(const struct regmap *map, uint32_t i, struct regmap_slot *slot)
{
	const struct regmap_cache *cache = map->store->cache;
	struct saved_slot saved;
	int rc = read_at(cache, cache->slots_at + i * sizeof(saved), &saved, sizeof(saved));

	if (rc < 0)
		return rc;
	if (saved.check != saved_slot_check(i, &saved) || saved.reg > map->register_count ||
	    saved.second >= map->register_count)
		return -EBADMSG;
	*slot = (struct regmap_slot){
		.hash = saved.hash,
		.reg = saved.reg,
		.second = saved.second,
		.count = saved.count,
		.is_short = saved.is_short,
	};
	return 0;
}

static int take_all(struct regmap *map)
{
	struct regmap_cache *cache = map->store->cache;
	char *bytes = NULL;
	int rc = 0;

	if (!cache->bytes) {
		bytes = regmap_memory(map, cache->size);
		if (!bytes)
			return -ENOMEM;
		rc = read_at(cache, 0, bytes, cache->size);
	}
	if (rc == 0 && bytes)
		cache->bytes = bytes;
	for (uint32_t i = 0; rc == 0 && i < map->register_count; i++)
		rc = cache_register(map, i);
	if (rc == 0) {
		cache_close(cache);
		map->store->cache = NULL;
	}
	return rc;
}

/*
 * FRESH in place of what MAP is, whose compiled file was damaged. What was taken out of that stays as long as the map, and
 * refers to fields and values by number: numbers that FRESH has too.
 */
static void replace(struct regmap *map, struct regmap *fresh)
{
	struct regmap old = *map;

	for (size_t i = 0; i < old.block_count; i++)
		fresh->blocks[i].bar = old.blocks[i].bar;
	*map = *fresh;
	*fresh = old;
	fresh->store->next = map->store->included;
	map->store->included = fresh;
}

int regmap_complete(struct regmap *map, struct error *error)
{
	struct error ignored;
	struct regmap *fresh;
	int rc = map->store->cache ? take_all(map) : 0;

	if (rc == 0)
		return 0;
	rc = map->store->reload(map, &fresh, error ? error : &ignored);
	if (rc < 0)
		return rc;
	if (fresh->block_count == map->block_count && fresh->register_count == map->register_count &&
	    fresh->field_count >= map->field_count && fresh->enum_count >= map->enum_count) {
		replace(map, fresh);
		return 0;
	}
	/* only a file with right checksums, and so one that was made for this, comes here */
	regmap_close(fresh);
	return error ? error_set(error, ERROR_FAILED, "bad-map", "%s: its compiled file is damaged",
				 map->path)
		     : -EBADMSG;
}

/* --- opening --------------------------------------------------------------------------------------- */

/* The caller's, and nobody else writes it. */
static bool is_trusted(const struct stat *st)
{
	return st->st_uid == geteuid() && (st->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

static int open_file(const char *folder, const char *path, struct regmap_cache *cache)
{
	char name[CACHE_NAME_SIZE];
	int dir = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (dir < 0)
		return -errno;
	cache_file_name(path, name);
	/* O_NONBLOCK: no FIFO holds us up */
	if (fstat(dir, &st) == 0 && is_trusted(&st))
		cache->fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	close(dir);
	if (cache->fd < 0)
		return -ENOENT;
	if (fstat(cache->fd, &st) < 0 || !S_ISREG(st.st_mode) || !is_trusted(&st) || st.st_size < 0 ||
	    st.st_size > CACHE_FILE_MAX)
		return -EPERM;
	cache->size = (uint64_t)st.st_size;
	return 0;
}

static bool head_fits(const struct saved_head *head, const struct regmap_cache *cache)
{
	uint64_t program;

	return build_id_number(&program) == 0 && head->program == program &&
	       memcmp(head->magic, CACHE_MAGIC, sizeof(head->magic)) == 0 && head->version == CACHE_VERSION &&
	       head->order == CACHE_ORDER && head->size == cache->size && head->length >= sizeof(*head) &&
	       head->length <= CACHE_PIECE_MAX && head->length <= cache->size && head->format <= REGMAP_HWH &&
	       head->registers > 0 && head->registers <= REGMAP_REGISTERS_MAX &&
	       head->fields <= REGMAP_FIELDS_MAX && head->enums <= REGMAP_ENUMS_MAX &&
	       head->fields <= cache->size / sizeof(struct saved_field) &&
	       head->enums <= cache->size / sizeof(struct saved_enum) && head->sources > 0 &&
	       head->sources <= head->length / sizeof(struct saved_source) &&
	       head->blocks <= head->length / sizeof(struct saved_block) && head->slots > head->registers &&
	       (head->slots & (head->slots - 1)) == 0 && head->table_at <= cache->size &&
	       head->registers <= (cache->size - head->table_at) / sizeof(struct saved_ref) &&
	       head->slots_at <= cache->size &&
	       head->slots <= (cache->size - head->slots_at) / sizeof(struct saved_slot) &&
	       sizeof(*head) + head->sources * sizeof(struct saved_source) +
			       head->blocks * sizeof(struct saved_block) <
		       head->length;
}

static int take_head(struct regmap *map, struct saved_head *head, struct piece *piece)
{
	struct regmap_cache *cache = map->store->cache;
	const size_t check_at = offsetof(struct saved_head, check);
	char *bytes;
	int rc = read_at(cache, 0, head, sizeof(*head));

	if (rc < 0)
		return rc;
	if (!head_fits(head, cache))
		return -EBADMSG;
	bytes = regmap_memory(map, head->length);
	if (!bytes)
		return -ENOMEM;
	rc = read_at(cache, 0, bytes, head->length);
	if (rc < 0)
		return rc;
	if (memcmp(bytes, head, sizeof(*head)) != 0 || bytes[head->length - 1])
		return -EBADMSG;
	memset(bytes + check_at, 0, sizeof(head->check));
	if (saved_check(SAVED_HEAD, 0, bytes, head->length) != head->check)
		return -EBADMSG;
	cache->table_at = head->table_at;
	cache->slots_at = head->slots_at;
	*piece = (struct piece){ bytes, head->length };
	return 0;
}

static bool is_source(const struct stat *st, const struct saved_source *saved)
{
	return S_ISREG(st->st_mode) && st->st_dev == saved->device && st->st_ino == saved->inode &&
	       (uint64_t)st->st_size == saved->size && st->st_mtim.tv_sec == saved->mtime &&
	       (uint32_t)st->st_mtim.tv_nsec == saved->mtime_ns && st->st_ctim.tv_sec == saved->ctime &&
	       (uint32_t)st->st_ctim.tv_nsec == saved->ctime_ns;
}

/* The files that the map was made of are what they were, and may be used: see regmap_load_found(). */
static int check_sources(const struct saved_head *head, const struct piece *piece, const char *path,
			 bool is_found)
{
	struct piece sources = { piece->bytes + sizeof(*head), piece->length - sizeof(*head) };

	for (uint32_t i = 0; i < head->sources; i++) {
		struct saved_source saved;
		const char *source;
		struct stat st;

		take_item(&sources, i, &saved, sizeof(saved));
		source = take_string(piece, saved.path);
		if (!source || source[0] != '/' || (i == 0 && strcmp(source, path) != 0))
			return -EBADMSG;
		if (stat(source, &st) < 0 || !is_source(&st, &saved))
			return -ESTALE;
		if (is_found && st.st_uid != 0 && st.st_uid != geteuid())
			return -EACCES;
	}
	return 0;
}

static int take_blocks(struct regmap *map, const struct saved_head *head, const struct piece *piece)
{
	size_t skip = sizeof(*head) + head->sources * sizeof(struct saved_source);
	struct piece blocks = { piece->bytes + skip, piece->length - skip };

	for (uint32_t i = 0; i < head->blocks; i++) {
		struct regmap_block *block = regmap_add_block(map);
		struct saved_block saved;

		if (!block)
			return -ENOMEM;
		take_item(&blocks, i, &saved, sizeof(saved));
		*block = (struct regmap_block){
			.name = take_string(piece, saved.name),
			.description = take_string(piece, saved.description),
			.address = saved.address,
			.size = saved.size,
			.bar = saved.bar,
			.place = saved.line,
			.condition = saved.condition,
			.virtio_type = saved.virtio_type,
		};
		if (!cache_block_fits(map, block))
			return -EBADMSG;
	}
	return 0;
}

/* Room for all registers, fields and values; what is not taken costs no memory, as nobody writes to it. */
static int make_room(struct regmap *map, const struct saved_head *head)
{
	map->registers = calloc(head->registers + 1, sizeof(*map->registers));
	map->fields = calloc(head->fields + 1, sizeof(*map->fields));
	map->enums = calloc(head->enums + 1, sizeof(*map->enums));
	if (!map->registers || !map->fields || !map->enums)
		return -ENOMEM;
	map->register_count = head->registers;
	map->field_count = head->fields;
	map->enum_count = head->enums;
	map->store->index_size = head->slots;
	return 0;
}

static int take_rest(struct regmap *map, const struct saved_head *head, const struct piece *piece)
{
	const char *problem = take_string(piece, head->problem);

	map->format = (enum regmap_format)head->format;
	map->name = take_string(piece, head->name);
	if (!map->name)
		map->name = regmap_name_of_file(map);
	if (!map->name)
		return -ENOMEM;
	map->description = take_string(piece, head->description);
	map->has_base = head->has_base;
	map->base = head->base;
	map->has_id = head->has_id;
	map->vendor = head->vendor;
	map->device = head->device;
	if (problem)
		regmap_problem(map, head->problem_line, "%s", problem);
	if (problem)
		map->store->problems = head->problems;
	return 0;
}

static int fill(struct regmap *map, const char *folder, bool is_found)
{
	char path[PATH_MAX];
	struct saved_head head;
	struct piece piece;
	int rc = cache_full_path(map->path, path, sizeof(path));

	if (rc == 0)
		rc = open_file(folder, path, map->store->cache);
	if (rc == 0)
		rc = take_head(map, &head, &piece);
	if (rc == 0)
		rc = check_sources(&head, &piece, path, is_found);
	if (rc == 0)
		rc = make_room(map, &head);
	if (rc == 0)
		rc = take_blocks(map, &head, &piece);
	return rc == 0 ? take_rest(map, &head, &piece) : rc;
}

int cache_open(const char *folder, const char *path, bool is_found, struct regmap **map)
{
	struct regmap *m = regmap_new(path);
	int rc = -ENOMEM;

	if (m)
		m->store->cache = calloc(1, sizeof(*m->store->cache));
	if (m && m->store->cache) {
		m->store->is_found = is_found;
		m->store->has_lines = true;
		m->store->cache->fd = -1;
		rc = fill(m, folder, is_found);
	}
	if (rc < 0) {
		regmap_close(m);
		return rc;
	}
	*map = m;
	return 0;
}
