// SPDX-License-Identifier: GPL-2.0-or-later
/* A map that was read from a file into the file of a compiled one. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/file/atomic_file.h"
#include "core/base/text_buffer.h"
#include "core/base/build_id.h"
#include "core/regmap/cache.h"
#include "core/regmap/cache_format.h"

/* Bytes of text; below, reading it is as fast as finding out that it need not be read. */
#define WORTH_IT (64u << 10)
/* Seconds: file systems have times of change of up to two (FAT). */
#define SETTLED 2

struct output {
	const struct regmap *map;
	struct text_buffer head;
	struct text_buffer body;
	uint32_t *lines; /* where each begins */
	size_t line_count;
	struct saved_ref *table; /* of registers */
	struct saved_ref *field_pieces; /* by the first field's number; of length 0: not yet written */
	struct saved_ref *enum_pieces;
	uint32_t *field_counts; /* of these pieces */
	uint32_t *enum_counts;
	uint32_t fields;
	uint32_t enums;
	uint32_t sources;
	size_t text; /* bytes of all sources */
	uint64_t program; /* see build_id.h */
	bool unfit; /* there is something in it that is not kept */
};

/* --- pieces ---------------------------------------------------------------------------------------- */

/* COUNT bytes of zeroes at the end. */
static void add_zeroes(struct text_buffer *buffer, size_t count)
{
	static const char zeroes[64];

	for (; count > 0 && !buffer->failed; count -= count < sizeof(zeroes) ? count : sizeof(zeroes))
		text_buffer_add(buffer, zeroes, count < sizeof(zeroes) ? count : sizeof(zeroes));
}

/* TEXT into the piece that begins at START; its offset there. */
static uint32_t add_string(struct text_buffer *buffer, size_t start, const char *text)
{
	size_t at = buffer->length - start;

	if (!text || buffer->failed)
		return 0;
	text_buffer_add(buffer, text, strlen(text) + 1);
	return (uint32_t)at;
}

/* A whole number of words, the last byte a NUL. */
static void end_piece(struct text_buffer *buffer, size_t start)
{
	add_zeroes(buffer, 8 - (buffer->length - start) % 8);
}

static void put_item(struct text_buffer *buffer, size_t at, const void *item, size_t size)
{
	if (!buffer->failed)
		memcpy(buffer->bytes + at, item, size);
}

/* Where the piece is that was begun at START of the body. */
static struct saved_ref refer(struct output *o, enum saved_kind kind, size_t start, uint32_t first)
{
	size_t length = o->body.length - start;

	if (o->body.failed || length > CACHE_PIECE_MAX || o->body.length > CACHE_FILE_MAX) {
		o->unfit = true;
		return (struct saved_ref){ 0 };
	}
	return (struct saved_ref){
		.at = o->head.length + start,
		.check = saved_check(kind, first, o->body.bytes + start, length),
		.length = (uint32_t)length,
		.first = first,
	};
}

/* --- items ----------------------------------------------------------------------------------------- */

static uint32_t line_of(const struct output *o, size_t place)
{
	size_t low = 0;
	size_t high = o->line_count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (o->lines[middle] <= place)
			low = middle;
		else
			high = middle;
	}
	return (uint32_t)low + 1;
}

static struct saved_behaviour save_behaviour(const struct regmap_behaviour *b)
{
	return (struct saved_behaviour){ .minimum = b->minimum,
					 .maximum = b->maximum,
					 .access = (uint8_t)b->access,
					 .on_read = (uint8_t)b->on_read,
					 .on_write = (uint8_t)b->on_write,
					 .constraint = (uint8_t)b->constraint };
}

static struct saved_ref put_enums(struct output *o, const struct regmap_field *field)
{
	struct saved_ref *kept;
	size_t start = o->body.length;

	if (field->enum_count == 0)
		return (struct saved_ref){ 0 };
	kept = &o->enum_pieces[field->first_enum];
	if (kept->length && o->enum_counts[field->first_enum] == field->enum_count)
		return *kept;
	add_zeroes(&o->body, field->enum_count * sizeof(struct saved_enum));
	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &o->map->enums[field->first_enum + i];
		struct saved_enum saved = {
			.value = e->value,
			.mask = e->mask,
			.name = add_string(&o->body, start, e->name),
			.description = add_string(&o->body, start, e->description),
			.line = line_of(o, e->place),
			.is_default = e->is_default,
			.default_has_value = e->default_has_value,
			.not_for_read = e->not_for_read,
			.not_for_write = e->not_for_write,
		};

		o->unfit |= !cache_enum_fits(e);
		put_item(&o->body, start + i * sizeof(saved), &saved, sizeof(saved));
	}
	end_piece(&o->body, start);
	*kept = refer(o, SAVED_ENUMS, start, o->enums);
	o->enum_counts[field->first_enum] = field->enum_count;
	o->enums += field->enum_count;
	return *kept;
}

static struct saved_field save_field(struct output *o, size_t start, const struct regmap_field *field,
				     struct saved_ref enums)
{
	return (struct saved_field){
		.enums = enums,
		.behaviour = save_behaviour(&field->behaviour),
		.name = add_string(&o->body, start, field->name),
		.description = add_string(&o->body, start, field->description),
		.lsb = field->lsb,
		.bits = field->bits,
		.enum_count = field->enum_count,
		.line = line_of(o, field->place),
		.named_numbers = field->named_numbers,
	};
}

static struct saved_ref put_fields(struct output *o, const struct regmap_register *reg)
{
	struct saved_ref *kept;
	size_t start;

	for (uint32_t i = 0; i < reg->field_count; i++)
		o->unfit |= !cache_field_fits(reg, regmap_field_at(o->map, reg, i));
	if (reg->field_count == 0 || o->unfit)
		return (struct saved_ref){ 0 };
	kept = &o->field_pieces[reg->first_field];
	if (kept->length && o->field_counts[reg->first_field] == reg->field_count)
		return *kept;
	/* a piece is written in one go: those that it refers to before it */
	for (uint32_t i = 0; i < reg->field_count; i++)
		put_enums(o, regmap_field_at(o->map, reg, i));
	start = o->body.length;
	add_zeroes(&o->body, reg->field_count * sizeof(struct saved_field));
	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(o->map, reg, i);
		struct saved_field saved = save_field(o, start, field, put_enums(o, field));

		put_item(&o->body, start + i * sizeof(saved), &saved, sizeof(saved));
	}
	end_piece(&o->body, start);
	*kept = refer(o, SAVED_FIELDS, start, o->fields);
	o->field_counts[reg->first_field] = reg->field_count;
	o->fields += reg->field_count;
	return *kept;
}

static void put_register(struct output *o, uint32_t index)
{
	const struct regmap_register *reg = &o->map->registers[index];
	struct saved_ref fields = put_fields(o, reg);
	size_t start = o->body.length;
	struct saved_register saved = {
		.fields = fields,
		.behaviour = save_behaviour(&reg->behaviour),
		.address = reg->address,
		.reset_value = reg->reset_value,
		.reset_mask = reg->reset_mask,
		.shortened = (uint32_t)(reg->short_name - reg->name),
		.block = reg->block,
		.bits = reg->bits,
		.width = reg->width,
		.words = reg->words,
		.word_bits = reg->word_bits,
		.field_count = reg->field_count,
		.line = line_of(o, reg->place),
		.low_first = reg->low_first,
		.has_reset = reg->has_reset,
		.is_alternate = reg->is_alternate,
		.lacks_fields = reg->lacks_fields,
	};

	o->unfit |= !cache_register_fits(o->map, reg);
	add_zeroes(&o->body, sizeof(saved));
	saved.name = add_string(&o->body, start, reg->name);
	saved.description = add_string(&o->body, start, reg->description);
	saved.group = add_string(&o->body, start, reg->group);
	put_item(&o->body, start, &saved, sizeof(saved));
	end_piece(&o->body, start);
	o->table[index] = refer(o, SAVED_REGISTER, start, index);
}

/* --- the head -------------------------------------------------------------------------------------- */

static void put_block(struct output *o, size_t at, const struct regmap_block *block)
{
	struct saved_block saved = {
		.address = block->address,
		.size = block->size,
		.name = add_string(&o->head, 0, block->name),
		.description = add_string(&o->head, 0, block->description),
		.bar = block->bar,
		.line = line_of(o, block->place),
		.condition = block->condition,
		.virtio_type = block->virtio_type,
	};

	o->unfit |= !cache_block_fits(o->map, block);
	put_item(&o->head, at, &saved, sizeof(saved));
}

static void count_sources(struct output *o, const struct regmap *map)
{
	o->sources++;
	o->text += map->store->length;
	for (const struct regmap *m = map->store->included; m; m = m->store->next)
		count_sources(o, m);
}

/* MAP's file and those that it includes, from *AT on. */
static void put_sources(struct output *o, const struct regmap *map, size_t *at)
{
	const struct stat *st = &map->store->file;
	char path[PATH_MAX];
	struct saved_source saved = {
		.device = st->st_dev,
		.inode = st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime = st->st_mtim.tv_sec,
		.ctime = st->st_ctim.tv_sec,
		.mtime_ns = (uint32_t)st->st_mtim.tv_nsec,
		.ctime_ns = (uint32_t)st->st_ctim.tv_nsec,
	};

	if (!S_ISREG(st->st_mode) || st->st_mtim.tv_sec > time(NULL) - SETTLED ||
	    cache_full_path(map->path, path, sizeof(path)) < 0) {
		o->unfit = true;
		return;
	}
	saved.path = add_string(&o->head, 0, path);
	put_item(&o->head, *at, &saved, sizeof(saved));
	*at += sizeof(saved);
	for (const struct regmap *m = map->store->included; m; m = m->store->next)
		put_sources(o, m, at);
}

/* All of the head's piece but what is known at the end only. */
static void put_head(struct output *o, struct saved_head *head)
{
	const struct regmap *map = o->map;
	size_t at = sizeof(*head);

	*head = (struct saved_head){
		.magic = CACHE_MAGIC,
		.version = CACHE_VERSION,
		.order = CACHE_ORDER,
		.format = map->format,
		.registers = (uint32_t)map->register_count,
		.blocks = (uint32_t)map->block_count,
		.sources = o->sources,
		.base = map->base,
		.program = o->program,
		.vendor = map->vendor,
		.device = map->device,
		.has_base = map->has_base,
		.has_id = map->has_id,
		.problems = (uint32_t)map->store->problems,
	};
	add_zeroes(&o->head, sizeof(*head) + o->sources * sizeof(struct saved_source) +
				     map->block_count * sizeof(struct saved_block));
	put_sources(o, map, &at);
	for (size_t i = 0; i < map->block_count && !o->unfit; i++)
		put_block(o, at + i * sizeof(struct saved_block), &map->blocks[i]);
	if (!map->store->is_named_by_file)
		head->name = add_string(&o->head, 0, map->name);
	head->description = add_string(&o->head, 0, map->description);
	if (map->problem_count) {
		head->problem = add_string(&o->head, 0, map->problems[0].message);
		head->problem_line = line_of(o, map->problems[0].place);
	}
	end_piece(&o->head, 0);
	o->unfit |= o->head.failed || o->head.length > CACHE_PIECE_MAX;
}

static void put_slots(struct output *o, struct saved_head *head)
{
	const struct regmap_store *s = o->map->store;

	head->slots_at = o->head.length + o->body.length;
	head->slots = (uint32_t)s->index_size;
	for (uint32_t i = 0; i < s->index_size; i++) {
		const struct regmap_slot *slot = &s->index[i];
		struct saved_slot saved = {
			.hash = slot->hash,
			.reg = slot->reg,
			.second = slot->second,
			.count = slot->count,
			.is_short = slot->is_short,
		};

		saved.check = saved_slot_check(i, &saved);
		text_buffer_add(&o->body, (const char *)&saved, sizeof(saved));
	}
}

static void put_all(struct output *o)
{
	const struct regmap *map = o->map;
	struct saved_head head;

	put_head(o, &head);
	for (uint32_t i = 0; i < map->register_count && !o->unfit; i++)
		put_register(o, i);
	if (o->unfit)
		return;
	head.table_at = o->head.length + o->body.length;
	text_buffer_add(&o->body, (const char *)o->table, map->register_count * sizeof(*o->table));
	put_slots(o, &head);
	head.fields = o->fields;
	head.enums = o->enums;
	head.length = (uint32_t)o->head.length;
	head.size = o->head.length + o->body.length;
	put_item(&o->head, 0, &head, sizeof(head));
	o->unfit |= o->body.failed || head.size > CACHE_FILE_MAX;
	if (o->unfit)
		return;
	head.check = saved_check(SAVED_HEAD, 0, o->head.bytes, o->head.length);
	put_item(&o->head, 0, &head, sizeof(head));
}

/* --- the file -------------------------------------------------------------------------------------- */

/* Is PATH a folder of the caller's? Of another's, as root has it with sudo and HOME as it was, nothing is made. */
static bool is_own(const char *path, mode_t forbidden)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       (st.st_mode & forbidden) == 0;
}

/* Makes the folder PATH where the one above it is the caller's, or is made too. One that others may write to is of no use. */
static bool make_folder(const char *path, bool with_parent)
{
	const mode_t forbidden = with_parent ? S_IWGRP | S_IWOTH : 0;
	char above[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (is_own(path, forbidden))
		return true;
	if (!slash || slash == path ||
	    snprintf(above, sizeof(above), "%.*s", (int)(slash - path), path) >= (int)sizeof(above))
		return false;
	if (!(with_parent ? make_folder(above, false) : is_own(above, 0)))
		return false;
	/* the modes of the XDG base directory specification */
	return mkdir(path, 0700) == 0 || (errno == EEXIST && is_own(path, forbidden));
}

/* What is there, and is no file (a link, a FIFO), would be written to as it is. */
static bool make_way(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT;
	return S_ISREG(st.st_mode) || unlink(path) == 0;
}

static void write_file(const struct output *o, const char *folder)
{
	struct atomic_file *file;
	struct error ignored;
	char full[PATH_MAX];
	char name[CACHE_NAME_SIZE];
	char path[PATH_MAX];

	if (cache_full_path(o->map->path, full, sizeof(full)) < 0 || !make_folder(folder, true))
		return;
	cache_file_name(full, name);
	if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path) || !make_way(path) ||
	    atomic_file_open(path, 0600, &file, &ignored) < 0)
		return;
	/* it has checksums, and can be made anew */
	atomic_file_skip_sync(file);
	if (atomic_file_write(file, o->head.bytes, o->head.length, &ignored) < 0 ||
	    atomic_file_write(file, o->body.bytes, o->body.length, &ignored) < 0)
		atomic_file_abort(file);
	else
		atomic_file_commit(file, &ignored);
}

static int find_lines(struct output *o)
{
	const char *text = o->map->store->text;
	const char *end = text + o->map->store->length;
	size_t count = 1;

	for (const char *p = text; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		count++;
	o->lines = malloc(count * sizeof(*o->lines));
	if (!o->lines)
		return -ENOMEM;
	o->lines[o->line_count++] = 0;
	for (const char *p = text; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		o->lines[o->line_count++] = (uint32_t)(p + 1 - text);
	return 0;
}

static bool make_tables(struct output *o)
{
	const struct regmap *map = o->map;

	o->table = calloc(map->register_count + 1, sizeof(*o->table));
	o->field_pieces = calloc(map->field_count + 1, sizeof(*o->field_pieces));
	o->field_counts = calloc(map->field_count + 1, sizeof(*o->field_counts));
	o->enum_pieces = calloc(map->enum_count + 1, sizeof(*o->enum_pieces));
	o->enum_counts = calloc(map->enum_count + 1, sizeof(*o->enum_counts));
	return o->table && o->field_pieces && o->field_counts && o->enum_pieces && o->enum_counts &&
	       find_lines(o) == 0;
}

void cache_keep(const char *folder, struct regmap *map)
{
	struct output o = { .map = map };

	if (build_id_number(&o.program) < 0)
		return;
	count_sources(&o, map);
	if (o.text > WORTH_IT && regmap_make_index(map) == 0 && make_tables(&o)) {
		put_all(&o);
		if (!o.unfit)
			write_file(&o, folder);
	}
	free(o.enum_counts);
	free(o.enum_pieces);
	free(o.field_counts);
	free(o.field_pieces);
	free(o.table);
	free(o.lines);
	text_buffer_free(&o.body);
	text_buffer_free(&o.head);
}
