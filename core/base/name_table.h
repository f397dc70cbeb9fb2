/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names to numbers, by hash; and how near one is to another. Names are the caller's and must outlive the table. */
#ifndef PCIETOOL_NAME_TABLE_H
#define PCIETOOL_NAME_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct name_slot {
	const char *name; /* NULL: free */
	uint32_t value;
};

struct name_table {
	struct name_slot *slots;
	size_t size; /* a power of two */
	size_t count;
};

/* FNV-1a of LENGTH characters. */
uint32_t name_hash(const char *name, size_t length);

/* 0, -EEXIST when the name is there already (its value stays), or -ENOMEM. */
int name_table_add(struct name_table *table, const char *name, uint32_t value);
/* The name is LENGTH characters of NAME. */
bool name_table_find(const struct name_table *table, const char *name, size_t length, uint32_t *value);
void name_table_free(struct name_table *table);

/* How many characters make A of B (Levenshtein's distance), without regard to case; LIMIT + 1 for more than LIMIT. */
unsigned int name_distance(const char *a, const char *b, unsigned int limit);

#endif
