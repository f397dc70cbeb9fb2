// SPDX-License-Identifier: GPL-2.0-or-later
/* The twins of one machine: the command line's, and one of each file with options (--twin). */
#include "cli/cmd/twin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/script.h"
#include "core/mapfile/set.h"

/* --- a file --------------------------------------------------------------------------------------- */

/* VALUE, in memory that lasts; a path is one from the file's folder. */
static const char *keep(const struct twin_member *m, const char *value, bool is_path)
{
	const char *slash = is_path && value[0] != '/' ? strrchr(m->file, '/') : NULL;
	int folder = slash ? (int)(slash + 1 - m->file) : 0;
	size_t size = (size_t)folder + strlen(value) + 1;
	char *text = arena_array(m->inv->arena, size, 1);

	if (text)
		snprintf(text, size, "%.*s%s", folder, m->file, value);
	return text;
}

static int set_bar(struct twin_member *m, const char *value, struct error *error)
{
	const char *size;
	unsigned int bar;
	int rc = twin_bar_number(value, &bar, &size, error);

	return rc < 0 ? rc : twin_bar_parse(size, &m->options.bars[bar], error);
}

static int set_slot(struct twin_member *m, const char *value, struct error *error)
{
	struct selector selector;
	int rc;

	selector_init(&selector);
	rc = selector_set_slot(&selector, value, error);
	if (rc == 0 && !selector_file_address(&selector, &m->address))
		rc = error_set(error, ERROR_USAGE, "bad-option", "'%s' is not one device's address", value);
	if (rc == 0)
		m->options.address = &m->address;
	return rc;
}

static int set_option(void *data, const char *name, const char *value, struct error *error)
{
	struct twin_member *m = data;
	const struct {
		enum option_id option;
		const char **place;
	} paths[] = {
		{ OPTION_TWIN_CONFIG, &m->options.config },
		{ OPTION_TWIN_ROM, &m->options.rom },
		{ OPTION_TWIN_SNAPSHOT, &m->options.snapshot },
		{ OPTION_MODEL, &m->options.model },
		{ OPTION_REPLAY, &m->options.replay },
		{ OPTION_TWIN_LOG, &m->options.log },
		{ OPTION_MAP, &m->ctx.map_file },
	};

	for (size_t i = 0; value && i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (strcmp(name, option_table[paths[i].option].name) != 0)
			continue;
		/* without either it is the name of one in the folders of maps */
		*paths[i].place = keep(m, value, paths[i].option != OPTION_MAP || strpbrk(value, "/."));
		return *paths[i].place ? 0 : error_errno(error, -ENOMEM, "--%s", name);
	}
	if (value && strcmp(name, option_table[OPTION_TWIN_BAR].name) == 0)
		return set_bar(m, value, error);
	if (value && strcmp(name, option_table[OPTION_SLOT].name) == 0)
		return set_slot(m, value, error);
	return error_set(error, ERROR_USAGE, "bad-twin",
			 value ? "'--%s' is no option of a twin in a file" : "'--%s' needs an argument",
			 name);
}

/* Several may speak at once: who it is stands first. */
static void log_named(void *data, enum log_level level, const char *message)
{
	const struct twin_member *m = data;

	context_log(&m->inv->ctx, level, "%s: %s", m->file, message);
}

static int read_file(struct twin_member *m, struct error *error)
{
	const char *const *folders = regmap_set_folders(m->inv->ctx.maps);

	m->ctx.map_file = NULL;
	m->ctx.log = log_named;
	m->ctx.log_data = m;
	/* maps find their names by an index that is made when it is needed: a thread's own */
	if (regmap_set_open(folders, &m->maps) < 0)
		return error_errno(error, -ENOMEM, "%s", m->file);
	m->ctx.maps = m->maps;
	return recipe_read(m->file, set_option, m, error);
}

/* --- all of them ------------------------------------------------------------------------------------ */

/* A map that the environment has makes no device of it. */
static bool has_own(const struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	const char *map = getenv("PCIETOOL_MAP");
	bool has_bar = false;

	for (unsigned int i = 0; i < DEVICE_BARS; i++)
		has_bar |= o->twin_bars[i] != NULL;
	return !o->twin_count || o->config || o->rom || o->snapshot || o->model || o->replay || o->log ||
	       inv->selected || has_bar || (inv->ctx.map_file && inv->ctx.map_file != map);
}

int twin_members_make(struct invocation *inv, struct twin_members *members)
{
	int rc = 0;

	*members = (struct twin_members){ 0 };
	if (has_own(inv)) {
		struct twin_member *m = &members->list[members->count++];

		*m = (struct twin_member){ .inv = inv, .ctx = inv->ctx };
		rc = twin_make_options(inv, &m->options, &m->address);
	}
	for (unsigned int i = 0; rc == 0 && i < inv->options.twin_count; i++) {
		struct twin_member *m = &members->list[members->count++];

		*m = (struct twin_member){ .inv = inv, .ctx = inv->ctx, .file = inv->options.twins[i] };
		rc = read_file(m, &inv->error);
	}
	return rc;
}

/* A line does not say whose it is. */
static int check_logs(const struct twin_member *m, const struct twin_member *other, struct error *error)
{
	if (!twin_shares_log(m->twin, other->twin))
		return 0;
	return error_set(error, ERROR_USAGE, "same-file", "%.100s and %.100s: both have the log %.100s",
			 other->file ? other->file : "the command line", m->file, m->options.log);
}

int twin_members_open(struct twin_members *members, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < members->count; i++) {
		struct twin_member *m = &members->list[i];

		rc = twin_open(&m->ctx, &m->options, &m->twin, error);
		if (rc < 0 && m->file)
			error_prefix(error, m->file);
		for (size_t n = 0; rc == 0 && n < i; n++)
			rc = check_logs(m, &members->list[n], error);
	}
	return rc;
}

void twin_members_close(struct twin_members *members)
{
	for (size_t i = 0; i < members->count; i++) {
		struct twin_member *m = &members->list[i];

		twin_close(m->twin);
		m->twin = NULL;
		regmap_set_close(m->maps);
		m->maps = NULL;
	}
}
