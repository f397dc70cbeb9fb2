// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file of a compiled map, damaged in every place: whatever it holds, the map is what its text says. And one that was made
 * to hurt, whose checksums are right: it may say what it likes, but does no harm (the sanitizers look).
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/text_buffer.h"
#include "core/convert/convert.h"
#include "core/regmap/cache.h"
#include "core/regmap/cache_format.h"
#include "tests/unit/tap.h"

/* what makes it worth keeping */
#define PADDING (70u << 10)

static const char rows[] = "device,1234:11e8,board,A board\n"
			   "block,DMA,0x0,0x80,bar=0,Moves data\n"
			   "block,IRQ,0x80,0x80,bar=2\n"
			   "register,DMA.ID,0x0,32,ro,reset=0x10ed,Who it is\n"
			   "register,DMA.CONTROL,0x4,32,rw\n"
			   "field,DMA.CONTROL,START,0\n"
			   "field,DMA.CONTROL,MODE,3:1,rw,How it moves\n"
			   "enum,DMA.CONTROL.MODE,LINEAR,0,As it comes\n"
			   "enum,DMA.CONTROL.MODE,RING,1\n"
			   "register,DMA.STATUS,0x8,64,ro,read=clear\n"
			   "field,DMA.STATUS,COUNT,63:32\n"
			   "register,IRQ.ID,0x0,8,rw\n"
			   "register,PLAIN,0x100,16,rw,write=w1c\n";

static const char *const names[] = { "DMA.ID", "ID",	"CONTROL.MODE", "DMA.STATUS.COUNT",
				     "IRQ.ID", "PLAIN", "CONTROL.NONE", "NONE" };
#define NAMES (sizeof(names) / sizeof(*names))

struct files {
	char folder[64];
	char map[96];
	char cache[96];
	char compiled[160];
	char *bytes; /* of COMPILED */
	size_t size;
};

/* --- what is done with a map ------------------------------------------------------------------------ */

static int add(void *data, const char *text, size_t length, struct error *error)
{
	(void)error;
	text_buffer_add(data, text, length);
	return 0;
}

/* What the names stand for, in RESULT; then all of it. */
static int use(const struct context *ctx, const char *path, struct text_buffer *result)
{
	struct error error = { 0 };
	struct regmap *map = NULL;
	int rc = regmap_load_part(ctx, path, false, &map, &error);

	for (size_t i = 0; rc == 0 && i < NAMES; i++) {
		struct regmap_item item;
		struct error wrong = { 0 };
		char text[REGMAP_ITEM_NAME_SIZE] = "";
		int found = regmap_find(map, names[i], &item, &wrong);

		if (found == 0)
			regmap_item_name(&item, text, sizeof(text));
		text_buffer_format(result, "%s: %s %s %s\n", names[i], found == 0 ? text : wrong.message,
				   wrong.hint, found == 0 && regmap_unsafe_to_read(map, item.reg) ? "!" : "");
		if (found == 0)
			text_buffer_format(result, "%u %llx\n", regmap_line(map, item.reg->place),
					   (unsigned long long)item.reg->address);
	}
	if (rc == 0)
		rc = regmap_complete(map, &error);
	if (rc == 0)
		rc = regmap_write_text(map, add, result, &error);
	regmap_close(map);
	return rc;
}

static bool same(const struct text_buffer *a, const struct text_buffer *b)
{
	return a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0;
}

/* --- files ----------------------------------------------------------------------------------------- */

static bool write_file(const char *path, const char *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool written = fd >= 0 && write(fd, bytes, size) == (ssize_t)size;

	if (fd >= 0)
		close(fd);
	return written;
}

static bool make_map(struct files *f)
{
	const struct timespec old[2] = { { .tv_sec = 1000000000 }, { .tv_sec = 1000000000 } };
	struct text_buffer text = { 0 };
	bool made;

	/* files are written by the ten thousand: in memory, where that is possible */
	snprintf(f->folder, sizeof(f->folder), "%s/test-regmap-cache-XXXXXX",
		 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (!mkdtemp(f->folder))
		return false;
	snprintf(f->map, sizeof(f->map), "%s/board.map", f->folder);
	snprintf(f->cache, sizeof(f->cache), "%s/cache", f->folder);
	text_buffer_string(&text, rows);
	for (size_t i = 0; i < PADDING; i += 64)
		text_buffer_format(&text, "#%62s\n", "");
	made = !text.failed && write_file(f->map, text.bytes, text.length) &&
	       utimensat(AT_FDCWD, f->map, old, 0) == 0;
	text_buffer_free(&text);
	return made;
}

/* The one file in the folder of compiled maps. */
static bool read_compiled(struct files *f)
{
	char name[CACHE_NAME_SIZE];
	struct stat st;
	bool is_read;
	int fd;

	cache_file_name(f->map, name);
	snprintf(f->compiled, sizeof(f->compiled), "%s/%s", f->cache, name);
	fd = open(f->compiled, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return false;
	f->size = (size_t)st.st_size;
	f->bytes = malloc(f->size);
	is_read = f->bytes && read(fd, f->bytes, f->size) == (ssize_t)f->size && (st.st_mode & 0777) == 0600;
	close(fd);
	return is_read;
}

static void remove_all(struct files *f)
{
	unlink(f->compiled);
	rmdir(f->cache);
	unlink(f->map);
	rmdir(f->folder);
	free(f->bytes);
}

/* --- checksums made right ---------------------------------------------------------------------------- */

/* LENGTH bytes at AT, where they are in the file. */
static char *at(const struct files *f, char *bytes, uint64_t offset, uint64_t length)
{
	return offset <= f->size && length <= f->size - offset ? bytes + offset : NULL;
}

static void seal_piece(const struct files *f, char *bytes, struct saved_ref *ref, enum saved_kind kind)
{
	char *piece = ref->length <= CACHE_PIECE_MAX ? at(f, bytes, ref->at, ref->length) : NULL;

	if (!piece || !ref->length)
		return;
	piece[ref->length - 1] = '\0';
	ref->check = saved_check(kind, ref->first, piece, ref->length);
}

static void seal_fields(const struct files *f, char *bytes, const struct saved_register *reg)
{
	for (uint32_t i = 0; i < reg->field_count && i < 16; i++) {
		char *place = at(f, bytes, reg->fields.at + i * sizeof(struct saved_field),
				 sizeof(struct saved_field));
		struct saved_field field;

		if (!place)
			return;
		memcpy(&field, place, sizeof(field));
		seal_piece(f, bytes, &field.enums, SAVED_ENUMS);
		memcpy(place, &field, sizeof(field));
	}
}

static void seal_register(const struct files *f, char *bytes, char *place)
{
	struct saved_register reg;
	struct saved_ref ref;
	char *piece;

	memcpy(&ref, place, sizeof(ref));
	piece = at(f, bytes, ref.at, sizeof(reg));
	if (!piece)
		return;
	memcpy(&reg, piece, sizeof(reg));
	seal_fields(f, bytes, &reg);
	seal_piece(f, bytes, &reg.fields, SAVED_FIELDS);
	memcpy(piece, &reg, sizeof(reg));
	seal_piece(f, bytes, &ref, SAVED_REGISTER);
	memcpy(place, &ref, sizeof(ref));
}

static void seal(const struct files *f, char *bytes)
{
	struct saved_head head;
	char *place;

	memcpy(&head, bytes, sizeof(head));
	for (uint32_t i = 0; i < head.registers && i < 64; i++) {
		place = at(f, bytes, head.table_at + i * sizeof(struct saved_ref), sizeof(struct saved_ref));
		if (place)
			seal_register(f, bytes, place);
	}
	for (uint32_t i = 0; i < head.slots && i < 256; i++) {
		struct saved_slot slot;

		place = at(f, bytes, head.slots_at + i * sizeof(slot), sizeof(slot));
		if (!place)
			break;
		memcpy(&slot, place, sizeof(slot));
		slot.check = saved_slot_check(i, &slot);
		memcpy(place, &slot, sizeof(slot));
	}
	if (head.length < sizeof(head) || head.length > f->size)
		return;
	memset(bytes + offsetof(struct saved_head, check), 0, sizeof(head.check));
	bytes[head.length - 1] = '\0';
	head.check = saved_check(SAVED_HEAD, 0, bytes, head.length);
	memcpy(bytes + offsetof(struct saved_head, check), &head.check, sizeof(head.check));
}

/* --- tests ----------------------------------------------------------------------------------------- */

/* Uses the map beside a compiled file of SIZE bytes; what came of it is right. Whatever was wrong was then made anew. */
static bool is_right_with(const struct context *ctx, const struct files *f, const char *bytes, size_t size,
			  const struct text_buffer *right)
{
	struct text_buffer got = { 0 };
	bool is_right =
		write_file(f->compiled, bytes, size) && use(ctx, f->map, &got) == 0 && same(&got, right);

	text_buffer_free(&got);
	return is_right;
}

static void test_damaged(struct tap *tap, const struct context *ctx, const struct files *f,
			 const struct text_buffer *right)
{
	char *copy = malloc(f->size);
	size_t bad = 0;

	if (!ok(tap, copy, "memory"))
		return;
	ok(tap, is_right_with(ctx, f, f->bytes, f->size, right), "what was kept says what the text says");
	for (size_t i = 0; i < f->size; i++) {
		memcpy(copy, f->bytes, f->size);
		copy[i] ^= (char)(1u << i % 8);
		bad += !is_right_with(ctx, f, copy, f->size, right);
	}
	ok(tap, bad == 0, "a bit in any of %zu bytes turned: %zu times something else", f->size, bad);
	bad = 0;
	for (size_t i = 0; i < f->size; i++)
		bad += !is_right_with(ctx, f, f->bytes, i, right);
	ok(tap, bad == 0, "cut off at any byte: %zu times something else", bad);
	free(copy);
}

static void test_hostile(struct tap *tap, const struct context *ctx, const struct files *f)
{
	static const unsigned char values[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	char *copy = malloc(f->size);
	size_t taken = 0;

	if (!ok(tap, copy, "memory"))
		return;
	for (size_t i = 0; i < f->size * sizeof(values); i++) {
		struct text_buffer got = { 0 };

		memcpy(copy, f->bytes, f->size);
		copy[i / sizeof(values)] = (char)values[i % sizeof(values)];
		seal(f, copy);
		write_file(f->compiled, copy, f->size);
		use(ctx, f->map, &got);
		taken += got.length > 0;
		text_buffer_free(&got);
	}
	ok(tap, taken > 0, "%zu files with right checksums and wrong contents", f->size * sizeof(values));
	free(copy);
}

/* The checksums that the hostile ones have are those that the reader wants: else they would show nothing. */
static void test_seal(struct tap *tap, const struct context *ctx, const struct files *f,
		      const struct text_buffer *right)
{
	char *copy = malloc(f->size);
	struct text_buffer got = { 0 };
	char *place;

	if (!ok(tap, copy, "memory"))
		return;
	memcpy(copy, f->bytes, f->size);
	place = memmem(copy, f->size, "As it comes", 11);
	if (place)
		memcpy(place, "At a stroke", 11);
	seal(f, copy);
	write_file(f->compiled, copy, f->size);
	ok(tap, place && use(ctx, f->map, &got) == 0 && !same(&got, right) && got.length == right->length,
	   "a sealed file is taken at its word");
	text_buffer_free(&got);
	free(copy);
}

int main(void)
{
	struct files f = { 0 };
	struct context ctx = { .map_cache = f.cache };
	struct text_buffer right = { 0 };
	struct text_buffer first = { 0 };
	struct tap tap = { 0 };

	if (ok(&tap, make_map(&f) && use(NULL, f.map, &right) == 0 && right.length > 0, "the map is read") &&
	    ok(&tap, use(&ctx, f.map, &first) == 0 && same(&first, &right),
	       "and the first time with a folder") &&
	    ok(&tap, read_compiled(&f), "it is kept, for its owner only")) {
		test_damaged(&tap, &ctx, &f, &right);
		test_seal(&tap, &ctx, &f, &right);
		test_hostile(&tap, &ctx, &f);
	}
	text_buffer_free(&first);
	text_buffer_free(&right);
	remove_all(&f);
	return tap_done(&tap);
}
