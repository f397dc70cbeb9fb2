/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of a compiled map, which cache_write.c writes and cache_read.c reads a piece of. In the machine's byte order; all
 * offsets are in bytes, those of strings from the start of their piece, 0 for none, and no place in it is a pointer:
 *
 *     head, sources, blocks, strings        one piece
 *     for each register its enums, fields, itself: a piece each, in which strings follow the structs
 *     table        a saved_ref for each register
 *     slots        the index by name, as regmap_slot
 *
 * Registers that have their fields in common, as those of derived peripherals do, have one piece of them in common. Each
 * piece has its checksum where it is referred to, so that nothing is believed that was not checked, and no more is read
 * than what is asked for. A piece ends with a NUL: whatever offset of a string is in it is one of a string.
 */
#ifndef PCIETOOL_REGMAP_CACHE_FORMAT_H
#define PCIETOOL_REGMAP_CACHE_FORMAT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/regmap/build.h"
#include "core/regmap/regmap.h"

#define CACHE_MAGIC "pcieMAP\n"
/* To be raised with every change of the format. (What a parser makes of a file is another build's.) */
#define CACHE_VERSION 4
#define CACHE_ORDER 0x01020304u
/* Larger ones are neither written nor read. */
#define CACHE_FILE_MAX (256u << 20)
/* of the head's piece, and of any other */
#define CACHE_PIECE_MAX (16u << 20)

struct saved_head {
	char magic[8];
	uint32_t version;
	uint32_t order;
	uint64_t size; /* of the file */
	uint64_t check; /* of the head's piece, with 0 here */
	uint32_t length; /* of the head's piece */
	uint32_t format;
	uint32_t registers;
	uint32_t fields;
	uint32_t enums;
	uint32_t blocks;
	uint32_t sources;
	uint32_t slots; /* a power of two */
	uint64_t table_at;
	uint64_t slots_at;
	uint64_t base;
	uint64_t program; /* the build that wrote it: core/base/build_id.h */
	uint32_t name; /* none: the file's own is the map's */
	uint32_t description;
	uint32_t problems;
	uint32_t problem_line; /* of the first */
	uint32_t problem;
	uint16_t vendor;
	uint16_t device;
	uint8_t has_base;
	uint8_t has_id;
	uint8_t reserved[6];
};

/* A file that the map was made of; the first one is the map's, the others are those that it includes. */
struct saved_source {
	uint64_t device;
	uint64_t inode;
	uint64_t size;
	int64_t mtime;
	int64_t ctime;
	uint32_t mtime_ns;
	uint32_t ctime_ns;
	uint32_t path; /* from the root */
	uint32_t reserved;
};

struct saved_block {
	uint64_t address;
	uint64_t size;
	uint32_t name;
	uint32_t description;
	int32_t bar;
	uint32_t line;
	struct regmap_condition condition;
	uint8_t virtio_type;
	uint8_t reserved[7];
};

struct saved_ref {
	uint64_t at;
	uint64_t check;
	uint32_t length;
	uint32_t first; /* number of the piece's first item */
};

struct saved_behaviour {
	uint64_t minimum;
	uint64_t maximum;
	uint8_t access;
	uint8_t on_read;
	uint8_t on_write;
	uint8_t constraint;
	uint8_t reserved[4];
};

struct saved_register {
	struct saved_ref fields;
	struct saved_behaviour behaviour;
	uint64_t address;
	uint64_t reset_value;
	uint64_t reset_mask;
	uint32_t name;
	uint32_t shortened; /* characters of NAME in front of the short one */
	uint32_t description;
	uint32_t group;
	uint32_t block;
	uint32_t bits;
	uint32_t width;
	uint32_t words;
	uint32_t word_bits;
	uint32_t field_count;
	uint32_t line;
	uint8_t low_first;
	uint8_t has_reset;
	uint8_t is_alternate;
	uint8_t lacks_fields;
};

struct saved_field {
	struct saved_ref enums;
	struct saved_behaviour behaviour;
	uint32_t name;
	uint32_t description;
	uint32_t lsb;
	uint32_t bits;
	uint32_t enum_count;
	uint32_t line;
	uint8_t named_numbers;
	uint8_t reserved[7];
};

struct saved_enum {
	uint64_t value;
	uint64_t mask;
	uint32_t name;
	uint32_t description;
	uint32_t line;
	uint8_t is_default;
	uint8_t default_has_value;
	uint8_t not_for_read;
	uint8_t not_for_write;
};

struct saved_slot {
	uint32_t hash;
	uint32_t reg; /* 0: free */
	uint32_t second;
	uint32_t count;
	uint32_t is_short;
	uint32_t check;
};

/* What a checksum begins with, beside a number: one piece is not taken for another. */
enum saved_kind { SAVED_HEAD = 1, SAVED_REGISTER, SAVED_FIELDS, SAVED_ENUMS, SAVED_SLOT };

/*
 * Any change within one word of eight bytes changes it, as each step is a bijection; what is at the other end is not an
 * enemy, as only the user's own files are read.
 */
static inline uint64_t saved_check(enum saved_kind kind, uint64_t number, const void *bytes, size_t length)
{
	const uint64_t odd =
		UINT64_C(0x9e3779b97f4a7c15); /* 2^64 by the golden ratio: any odd number would do */
	uint64_t h = ((uint64_t)kind << 56 ^ number ^ (uint64_t)length << 32) * odd;
	const char *p = bytes;

	for (; length > 0; p += sizeof(uint64_t)) {
		size_t n = length < sizeof(uint64_t) ? length : sizeof(uint64_t);
		uint64_t word = 0;

		memcpy(&word, p, n);
		h = (h ^ word) * odd;
		h ^= h >> 29;
		length -= n;
	}
	return h;
}

static inline uint32_t saved_slot_check(uint32_t index, const struct saved_slot *slot)
{
	return (uint32_t)saved_check(SAVED_SLOT, index, slot, offsetof(struct saved_slot, check));
}

/* An open one. */
struct regmap_cache {
	int fd;
	uint64_t size;
	const char *bytes; /* all of it, once all is wanted; NULL: not yet */
	uint64_t table_at;
	uint64_t slots_at;
};

/* What every register, field, value of a map holds to; only a map that does is written, and a piece that does not is damaged. */
bool cache_register_fits(const struct regmap *map, const struct regmap_register *reg);
bool cache_field_fits(const struct regmap_register *reg, const struct regmap_field *field);
bool cache_enum_fits(const struct regmap_enum *e);
bool cache_block_fits(const struct regmap *map, const struct regmap_block *block);

/* The name of the file for the map at PATH, which begins at the root. */
#define CACHE_NAME_SIZE 32
void cache_file_name(const char *path, char name[CACHE_NAME_SIZE]);
/* PATH from the root, where it does not begin there behind the folder that we are in. 0 or -errno. */
int cache_full_path(const char *path, char *full, size_t size);

#endif
