/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of core/regmap share and nobody else sees: a map's memory and index (regmap.c, load.c, find.c), its
 * parsers and the end of its writers.
 */
#ifndef PCIETOOL_REGMAP_INTERNAL_H
#define PCIETOOL_REGMAP_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/text_buffer.h"
#include "core/regmap/build.h"
#include "core/regmap/regmap.h"

struct regmap_chunk;

/*
 * A slot of the index, one for each name: a short one may be that of a register in every block. REG is the first
 * register's number + 1, 0 for a free slot.
 */
struct regmap_slot {
	uint32_t hash;
	uint32_t reg;
	uint32_t second;
	uint32_t count;
	bool is_short;
};

struct regmap_store {
	char *text;
	size_t length;
	struct regmap_chunk *chunks;
	size_t problems; /* all, also those that were not kept */
	bool is_cut; /* one of them ended the reading: what is there is not all that could be used */
	/*
	 * Reads PATH, which MAP's text includes, and keeps it as long as MAP; load.c's, and here because text maps are
	 * read by it. Refused: a file that is being read, more than REGMAP_INCLUDES_MAX one in another.
	 */
	int (*include)(struct regmap *map, const char *path, struct regmap **included, struct error *error);
	struct regmap *includer; /* NULL: none, or it is read already */
	struct regmap *included; /* the last one; each has the one before in NEXT */
	struct regmap *next;
	bool is_found; /* nobody named it: see regmap_load_found() */
	dev_t file_device;
	ino_t file_inode;
	struct regmap_slot *index; /* made by the first lookup */
	size_t index_size; /* a power of two */
};

#define REGMAP_INCLUDES_MAX 8

/* Text of the file; it is NUL-terminated and stays as it is. */
const char *regmap_text(const struct regmap *map, size_t *length);

/*
 * The parsers. MAP has its path and its text; they add to it. What is wrong in the file they note as problems and
 * go on where that makes sense; -errno only where they cannot work at all (no memory, no library).
 */
int regmap_parse_svd(struct regmap *map, struct error *error);
int regmap_parse_ipxact(struct regmap *map, struct error *error);
int regmap_parse_hwh(struct regmap *map, struct error *error);
int regmap_parse_text(struct regmap *map, struct error *error);

/* What text maps call them, by their enum; each list ends with a NULL (write_text.c). */
extern const char *const text_access_words[];
extern const char *const text_read_words[];
extern const char *const text_write_words[];

/* Gives TEXT to PUT, piece by piece until one fails, and frees it. 0 or -errno with ERROR filled. */
int regmap_write_out(const struct regmap *map, struct text_buffer *text, regmap_put put, void *data,
		     struct error *error);

#endif
