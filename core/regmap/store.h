/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A map's memory and index, for the model's own files and for those that read one from a file. */
#ifndef PCIETOOL_REGMAP_STORE_H
#define PCIETOOL_REGMAP_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "core/regmap/build.h"
#include "core/regmap/regmap.h"

struct regmap_cache;
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
	 * read by it. Refused: a file that is being read, more than REGMAP_INCLUDES_MAX one in another, more in all than
	 * REGMAP_FILES_MAX, or than one file may have of bytes and of registers.
	 */
	int (*include)(struct regmap *map, const char *path, struct regmap **included, struct error *error);
	/* The file of MAP read anew; load.c's, where there is a compiled one, which may be damaged. */
	int (*reload)(const struct regmap *map, struct regmap **fresh, struct error *error);
	/* Of the outermost one: what it includes in all, as far as that is read. */
	unsigned int includes;
	size_t included_bytes;
	size_t included_registers;
	size_t included_fields;
	size_t included_enums;
	const char *excess; /* what of that is too much; NULL: nothing */
	unsigned int excess_limit;
	struct regmap *includer; /* NULL: none, or it is read already */
	struct regmap *included; /* the last one; each has the one before in NEXT */
	struct regmap *next;
	bool is_found; /* nobody named it: see regmap_load_found() */
	struct stat file;
	bool is_named_by_file; /* its name is regmap_name_of_file() */
	bool has_lines; /* places are lines: it came out of a compiled one */
	struct regmap_cache *cache; /* has what was not asked for yet, see cache.h; NULL: all is there */
	struct regmap_slot *index; /* made by the first lookup */
	size_t index_size; /* a power of two */
};

#define REGMAP_INCLUDES_MAX 8
/* Far more than a board has of IPs; ten in each of ten are a hundred, and so on. */
#define REGMAP_FILES_MAX 1000

/* Text of the file; it is NUL-terminated and stays as it is. */
const char *regmap_text(const struct regmap *map, size_t *length);

/* LENGTH bytes, aligned for none, that live as long as the map; NULL: no memory. */
char *regmap_memory(struct regmap *map, size_t length);

/* The name of MAP's file without folders and ending; NULL: no memory. */
const char *regmap_name_of_file(struct regmap *map);

/* Makes the index of a map that has all its registers (index.c). 0 or -ENOMEM. */
int regmap_make_index(struct regmap *map);

/* What an index has of a name. */
struct regmap_found {
	uint32_t reg; /* the first */
	uint32_t second;
	unsigned int count; /* 0: none */
};

/*
 * The registers that are called so, by their whole name, or where there is none by the short one. The time does not depend on the
 * size of the map. -EBADMSG: it cannot be told, as the map is compiled and damaged.
 */
int regmap_look_up(struct regmap *map, const char *name, size_t length, struct regmap_found *result);

#endif
