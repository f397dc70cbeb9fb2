// SPDX-License-Identifier: GPL-2.0-or-later
/* Names by hash, and their distance. */
#include "core/base/name_table.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Characters of a name that are compared; the rest of a longer one counts as the same. */
#define DISTANCE_MAX 256

/* http://www.isthe.com/chongo/tech/comp/fnv/ */
uint32_t name_hash(const char *name, size_t length)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)name[i]) * 16777619u;
	return hash;
}

/* The slot that has the name, or the free one where it belongs. */
static struct name_slot *find_slot(const struct name_table *t, const char *name, size_t length)
{
	size_t i = name_hash(name, length) & (t->size - 1);

	while (t->slots[i].name && (strncmp(t->slots[i].name, name, length) != 0 || t->slots[i].name[length]))
		i = (i + 1) & (t->size - 1);
	return &t->slots[i];
}

/* At most half full. */
static int make_room(struct name_table *t)
{
	struct name_table grown = { .size = t->size ? 2 * t->size : 64, .count = t->count };

	if (2 * (t->count + 1) <= t->size)
		return 0;
	grown.slots = calloc(grown.size, sizeof(*grown.slots));
	if (!grown.slots)
		return -ENOMEM;
	for (size_t i = 0; i < t->size; i++) {
		if (t->slots[i].name)
			*find_slot(&grown, t->slots[i].name, strlen(t->slots[i].name)) = t->slots[i];
	}
	free(t->slots);
	*t = grown;
	return 0;
}

int name_table_add(struct name_table *table, const char *name, uint32_t value)
{
	struct name_slot *slot;
	int rc = make_room(table);

	if (rc < 0)
		return rc;
	slot = find_slot(table, name, strlen(name));
	if (slot->name)
		return -EEXIST;
	*slot = (struct name_slot){ .name = name, .value = value };
	table->count++;
	return 0;
}

bool name_table_find(const struct name_table *table, const char *name, size_t length, uint32_t *value)
{
	const struct name_slot *slot = table->size ? find_slot(table, name, length) : NULL;

	if (!slot || !slot->name)
		return false;
	*value = slot->value;
	return true;
}

void name_table_free(struct name_table *table)
{
	free(table->slots);
	*table = (struct name_table){ 0 };
}

unsigned int name_distance(const char *a, const char *b, unsigned int limit)
{
	unsigned int row[DISTANCE_MAX + 1];
	size_t n = strlen(a);
	size_t m = strlen(b);

	if (n > DISTANCE_MAX)
		n = DISTANCE_MAX;
	if ((n > m ? n - m : m - n) > limit)
		return limit + 1;
	for (size_t i = 0; i <= n; i++)
		row[i] = (unsigned int)i;
	for (size_t j = 1; j <= m; j++) {
		unsigned int diagonal = row[0];
		unsigned int best = row[0] = (unsigned int)j;

		for (size_t i = 1; i <= n; i++) {
			bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
			unsigned int d = diagonal + !same;

			if (d > row[i] + 1)
				d = row[i] + 1;
			if (d > row[i - 1] + 1)
				d = row[i - 1] + 1;
			diagonal = row[i];
			row[i] = d;
			if (d < best)
				best = d;
		}
		if (best > limit)
			return limit + 1;
	}
	return row[n];
}
