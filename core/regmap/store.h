/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a map is regmap.c's and regmap_find.c's only. */
#ifndef PCIETOOL_REGMAP_STORE_H
#define PCIETOOL_REGMAP_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	struct regmap_slot *index; /* made by the first lookup */
	size_t index_size; /* a power of two */
};

#endif
