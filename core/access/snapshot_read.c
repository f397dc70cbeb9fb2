// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshots from files, which people edit and mail. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/number.h"
#include "core/base/script.h"
#include "core/access/snapshot.h"
#include "core/base/words.h"

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
