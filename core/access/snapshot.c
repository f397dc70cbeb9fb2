// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/access/snapshot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/base/name_table.h"

void snapshot_free(struct snapshot *s)
{
	for (size_t i = 0; i < s->count; i++) {
		free((char *)s->entries[i].name);
		free((char *)s->entries[i].reason);
	}
	free(s->entries);
	free(s->map);
	free(s->path);
	*s = (struct snapshot){ 0 };
}

/* NULL stays NULL. -ENOMEM. */
static int copy(const char **where, const char *text)
{
	*where = text ? strdup(text) : NULL;
	return text && !*where ? -ENOMEM : 0;
}

int snapshot_add(struct snapshot *s, const struct snapshot_entry *entry, struct error *error)
{
	struct snapshot_entry *grown;
	struct snapshot_entry *added;

	if (s->count >= SNAPSHOT_ENTRIES_MAX)
		return error_set(error, ERROR_FAILED, "too-many", "a snapshot has at most %u registers",
				 SNAPSHOT_ENTRIES_MAX);
	grown = array_grow(s->entries, s->count, sizeof(*grown));
	if (!grown)
		return error_errno(error, -ENOMEM, "a snapshot");
	s->entries = grown;
	added = &grown[s->count++];
	*added = *entry;
	added->name = added->reason = NULL;
	if (copy(&added->name, entry->name) < 0 || copy(&added->reason, entry->reason) < 0)
		return error_errno(error, -ENOMEM, "a snapshot");
	return 0;
}

int snapshot_set_map(struct snapshot *s, const char *name, struct error *error)
{
	char *map = strdup(name);

	if (!map)
		return error_errno(error, -ENOMEM, "a snapshot");
	free(s->map);
	s->map = map;
	return 0;
}

/* --- writing --------------------------------------------------------------------------------------- */

static int put_entry(const struct snapshot_entry *e, snapshot_put put, void *data, struct error *error)
{
	unsigned int bits = e->width * e->words;
	char words[16] = "";
	char value[24] = "-";
	char line[512];
	int n;

	if (e->words > 1)
		snprintf(words, sizeof(words), "x%u", e->words);
	if (e->has_value)
		snprintf(value, sizeof(value), "0x%0*" PRIx64, (int)(bits > 64 ? 64 : bits) / 4, e->value);
	n = snprintf(line, sizeof(line), "%s %u:0x%" PRIx64 "/%u%s %s%s%.100s\n", e->name ? e->name : "-",
		     e->bar, e->offset, e->width, words, value, e->reason ? " # " : "",
		     e->reason ? e->reason : "");
	if (n >= (int)sizeof(line))
		return error_set(error, ERROR_FAILED, "failed", "%.100s...: too long a name", e->name);
	return put(data, line, (size_t)n, error);
}

int snapshot_write(const struct snapshot *s, snapshot_put put, void *data, struct error *error)
{
	char head[512];
	char id[64] = "-";
	int n;
	int rc;

	if (s->has_id)
		snprintf(id, sizeof(id), "%04x:%04x %s", s->vendor, s->device, s->address);
	n = snprintf(head, sizeof(head), "# pcietool snapshot 1\n# device %s\n# map %.200s\n# time %s\n", id,
		     s->map ? s->map : "-", s->time[0] ? s->time : "-");
	rc = put(data, head, (size_t)n, error);
	for (size_t i = 0; rc == 0 && i < s->count; i++)
		rc = put_entry(&s->entries[i], put, data, error);
	return rc;
}

/* --- comparing ------------------------------------------------------------------------------------- */

int snapshot_check_kind(const struct snapshot *a, const struct snapshot *b, struct error *error)
{
	if (!a->has_id || !b->has_id || (a->vendor == b->vendor && a->device == b->device))
		return 0;
	return error_set(error, ERROR_USAGE, "other-device",
			 "%s is of a device %04x:%04x, %s of %04x:%04x: they cannot be compared",
			 a->path ? a->path : a->address, a->vendor, a->device, b->path ? b->path : b->address,
			 b->vendor, b->device);
}

/* What an entry is known by: its name, or its place. */
static void key_of(const struct snapshot_entry *e, char key[300])
{
	if (e->name)
		snprintf(key, 300, "%s", e->name);
	else
		snprintf(key, 300, "%u:0x%" PRIx64 "/%u", e->bar, e->offset, e->width);
}

struct comparison {
	struct name_table table; /* key to index in B */
	char **keys; /* of B; the table's names */
	bool *found;
};

static int index_b(struct comparison *c, const struct snapshot *b)
{
	c->keys = calloc(b->count + 1, sizeof(*c->keys));
	c->found = calloc(b->count + 1, sizeof(*c->found));
	if (!c->keys || !c->found)
		return -ENOMEM;
	for (size_t i = 0; i < b->count; i++) {
		char key[300];
		int rc;

		key_of(&b->entries[i], key);
		c->keys[i] = strdup(key);
		rc = c->keys[i] ? name_table_add(&c->table, c->keys[i], (uint32_t)i) : -ENOMEM;
		if (rc == -ENOMEM)
			return rc;
		/* of two with a name, the first is compared */
		c->found[i] = rc == -EEXIST;
	}
	return 0;
}

static enum snapshot_change change_of(const struct snapshot_entry *a, const struct snapshot_entry *b)
{
	if (!a->has_value || !b->has_value)
		return SNAPSHOT_NOT_COMPARED;
	return a->value == b->value ? SNAPSHOT_SAME : SNAPSHOT_CHANGED;
}

int snapshot_compare(const struct snapshot *a, const struct snapshot *b, snapshot_tell tell, void *data)
{
	struct comparison c = { 0 };
	int rc = index_b(&c, b);

	for (size_t i = 0; rc == 0 && i < a->count; i++) {
		char key[300];
		uint32_t at;

		key_of(&a->entries[i], key);
		if (!name_table_find(&c.table, key, strlen(key), &at)) {
			tell(data, SNAPSHOT_ONLY_A, &a->entries[i], NULL);
			continue;
		}
		tell(data, c.found[at] ? SNAPSHOT_NOT_COMPARED : change_of(&a->entries[i], &b->entries[at]),
		     &a->entries[i], &b->entries[at]);
		c.found[at] = true;
	}
	for (size_t i = 0; rc == 0 && i < b->count; i++) {
		if (!c.found[i])
			tell(data, SNAPSHOT_ONLY_B, NULL, &b->entries[i]);
	}
	for (size_t i = 0; c.keys && i < b->count; i++)
		free(c.keys[i]);
	free(c.keys);
	free(c.found);
	name_table_free(&c.table);
	return rc;
}
