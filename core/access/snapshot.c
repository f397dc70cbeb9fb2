// SPDX-License-Identifier: GPL-2.0-or-later
/* What registers held at a time, as text. Knows no device. */
#include "core/access/snapshot.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/base/name_table.h"
#include "core/base/number.h"
#include "core/base/script.h"

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
	if (!a->has_value && !b->has_value)
		return SNAPSHOT_NOT_COMPARED;
	if (a->bar != b->bar || a->offset != b->offset || a->width != b->width || a->words != b->words)
		return SNAPSHOT_MOVED;
	if (!a->has_value || !b->has_value)
		return SNAPSHOT_ONE_SIDED;
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

/* --- from a file --------------------------------------------------------------------------------- */

#define MAGIC "# pcietool snapshot 1"

struct reader {
	struct snapshot *snapshot;
	const char *path;
	unsigned int line;
	struct words words;
};

static int bad(const struct reader *r, const char *why, struct error *error)
{
	return error_set(error, ERROR_FAILED, "bad-snapshot", "%s:%u: %s", r->path, r->line, why);
}

static int take_device(struct reader *r, const char *text, struct error *error)
{
	unsigned int vendor;
	unsigned int device;
	int used = 0;

	if (strcmp(text, "-") == 0)
		return 0;
	if (sscanf(text, "%4x:%4x%n", &vendor, &device, &used) != 2 || (text[used] && text[used] != ' '))
		return bad(r, "the device is VENDOR:DEVICE ADDRESS", error);
	r->snapshot->has_id = true;
	r->snapshot->vendor = (uint16_t)vendor;
	r->snapshot->device = (uint16_t)device;
	text += used + strspn(text + used, " ");
	snprintf(r->snapshot->address, sizeof(r->snapshot->address), "%.*s", (int)strcspn(text, " "), text);
	return 0;
}

static int take_comment(struct reader *r, const char *line, struct error *error)
{
	if (strncmp(line, "# device ", 9) == 0)
		return take_device(r, line + 9, error);
	if (strncmp(line, "# map ", 6) == 0 && strcmp(line + 6, "-") != 0)
		return snapshot_set_map(r->snapshot, line + 6, error);
	if (strncmp(line, "# time ", 7) == 0)
		snprintf(r->snapshot->time, sizeof(r->snapshot->time), "%s", line + 7);
	return 0;
}

/* BAR:OFFSET/WIDTH[xWORDS] */
static int take_place(struct reader *r, const char *text, struct snapshot_entry *e, struct error *error)
{
	struct error ignored;
	uint64_t bar;
	uint64_t words = 1;
	uint64_t width;
	char digits[32];
	size_t n;

	if (number_scan(&text, &bar, &ignored) < 0 || *text++ != ':' ||
	    number_scan(&text, &e->offset, &ignored) < 0 || *text++ != '/')
		return bad(r, "a place is BAR:OFFSET/WIDTH", error);
	n = strcspn(text, "x");
	snprintf(digits, sizeof(digits), "%.*s", (int)(n < 31 ? n : 31), text);
	if (bar > 5)
		return bad(r, "BARs are 0 to 5", error);
	if (number_parse(digits, &width, &ignored) < 0 ||
	    (width != 8 && width != 16 && width != 32 && width != 64))
		return bad(r, "the width is 8, 16, 32 or 64", error);
	if (text[n] == 'x' && (number_parse(text + n + 1, &words, &ignored) < 0 || words < 1 || words > 64))
		return bad(r, "a register has 1 to 64 words", error);
	e->bar = (unsigned int)bar;
	e->width = (unsigned int)width;
	e->words = (unsigned int)words;
	return 0;
}

static int take_entry(struct reader *r, const char *line, struct error *error)
{
	struct snapshot_entry e = { 0 };
	struct error ignored;
	const char *reason;
	char *const *w;
	int rc;

	if (words_split(line, &r->words, &ignored) < 0 || r->words.count != 3)
		return bad(r, "a line is NAME BAR:OFFSET/WIDTH VALUE", error);
	w = r->words.list;
	if (strlen(w[0]) >= 256)
		return bad(r, "the name is too long", error);
	e.name = strcmp(w[0], "-") == 0 ? NULL : w[0];
	rc = take_place(r, w[1], &e, error);
	if (rc < 0)
		return rc;
	e.has_value = strcmp(w[2], "-") != 0;
	if (e.has_value && number_parse(w[2], &e.value, &ignored) < 0)
		return bad(r, "the value is no number", error);
	if (e.has_value && e.value > width_max(e.width * e.words))
		return bad(r, "the value has more bits than the register", error);
	reason = strstr(line, " # ");
	e.reason = reason && !e.has_value ? reason + 3 : NULL;
	return snapshot_add(r->snapshot, &e, error);
}

static int read_lines(struct reader *r, struct script *script, struct error *error)
{
	bool first = true;

	for (;;) {
		const char *line;
		int rc = script_next(script, &line, error);

		if (rc < 0 || !line)
			return rc < 0 || !first ? rc : bad(r, "it is empty", error);
		r->line = script_line(script);
		if (first && strcmp(line, MAGIC) != 0)
			return bad(r, "this is no snapshot, which starts with '" MAGIC "'", error);
		first = false;
		if (line[0] == '#')
			rc = take_comment(r, line, error);
		else if (line[strspn(line, " \t")])
			rc = take_entry(r, line, error);
		if (rc < 0)
			return rc;
	}
}

int snapshot_read(const char *path, struct snapshot *snapshot, struct error *error)
{
	struct reader r = { .snapshot = snapshot, .path = path, .line = 1 };
	struct script *script;
	int fd;
	int rc;

	snapshot->path = strdup(path);
	if (!snapshot->path)
		return error_errno(error, -ENOMEM, "%s", path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_errno(error, error_last(), "%s", path);
	rc = script_open(fd, path, &script, error);
	if (rc == 0) {
		rc = read_lines(&r, script, error);
		script_close(script);
	}
	words_free(&r.words);
	close(fd);
	return rc;
}
