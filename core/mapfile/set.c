// SPDX-License-Identifier: GPL-2.0-or-later
/* Which map a device has: the folders, and the maps that were read. Knows a device only by its id. */
#include "core/mapfile/set.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mapfile/mapfile.h"

struct kept_map {
	struct kept_map *next;
	struct regmap *map;
};

struct regmap_set {
	const char *const *folders;
	struct kept_map *maps;
};

#ifndef PCIETOOL_DATADIR
#define PCIETOOL_DATADIR "/usr/local/share/pcietool"
#endif

const char *const regmap_system_folders[] = { "/etc/pcietool/maps", PCIETOOL_DATADIR "/maps", NULL };

const char *const regmap_endings[] = { ".map", ".csv", ".json", ".svd", ".xml", NULL };

int regmap_set_open(const char *const *folders, struct regmap_set **set)
{
	struct regmap_set *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->folders = folders;
	*set = s;
	return 0;
}

void regmap_set_close(struct regmap_set *set)
{
	struct kept_map *kept;

	if (!set)
		return;
	while ((kept = set->maps)) {
		set->maps = kept->next;
		regmap_close(kept->map);
		free(kept);
	}
	free(set);
}

const char *const *regmap_set_folders(const struct regmap_set *set)
{
	return set->folders;
}

static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* The first file of that name, with one of ENDINGS, in one of the folders. */
static int search(const struct regmap_set *set, const char *name, const char *const *endings, char *path,
		  size_t size)
{
	char found[PATH_MAX];

	for (const char *const *folder = set->folders; *folder; folder++) {
		/* most are not there: one look instead of one for each ending */
		if (access(*folder, F_OK) < 0)
			continue;
		for (const char *const *ending = endings; *ending; ending++) {
			int n = snprintf(found, sizeof(found), "%s/%s%s", *folder, name, *ending);

			if (n < (int)sizeof(found) && n < (int)size && is_file(found)) {
				memcpy(path, found, (size_t)n + 1);
				return 0;
			}
		}
	}
	return -ENOENT;
}

int regmap_set_path(const struct context *ctx, const struct regmap_id *id, char *path, size_t size)
{
	char name[24];

	if (!ctx->maps)
		return -ENOENT;
	if (ctx->map_file) {
		/* a name without a folder or an ending may be one of a map in the folders */
		if (!strpbrk(ctx->map_file, "/.") && access(ctx->map_file, F_OK) < 0 &&
		    search(ctx->maps, ctx->map_file, regmap_endings, path, size) == 0)
			return 0;
		return snprintf(path, size, "%s", ctx->map_file) < (int)size ? 0 : -ENAMETOOLONG;
	}
	if (!id)
		return -ENOENT;
	snprintf(name, sizeof(name), "%04x:%04x", id->vendor, id->device);
	if (search(ctx->maps, name, regmap_endings, path, size) == 0)
		return 0;
	if (!id->has_class)
		return -ENOENT;
	/* what all devices of a class have */
	snprintf(name, sizeof(name), "class-%06x", id->class_code & 0xffffff);
	return search(ctx->maps, name, regmap_endings, path, size);
}

/* Sets the BAR of the block that is called NAME, or of those of the memory map that is; how many. */
static size_t set_bar(struct regmap *map, const char *name, size_t length, int bar)
{
	size_t count = 0;

	for (size_t i = 0; i < map->block_count; i++) {
		struct regmap_block *block = &map->blocks[i];

		if (strncmp(block->name, name, length) != 0 ||
		    (block->name[length] && block->name[length] != '.'))
			continue;
		block->bar = bar;
		count++;
	}
	return count;
}

int regmap_set_bars(struct regmap *map, const char *text, struct error *error)
{
	while (*text) {
		size_t n = strcspn(text, ",");
		const char *equals = memchr(text, '=', n);
		int rc;

		if (!equals || equals == text || equals[1] < '0' || equals[1] > '5' || equals + 2 != text + n)
			return error_set(error, ERROR_USAGE, "bad-option",
					 "--bar-of: '%.*s' is not NAME=N with a BAR of 0 to 5", (int)n, text);
		if (set_bar(map, text, (size_t)(equals - text), equals[1] - '0') == 0) {
			rc = error_set(error, ERROR_USAGE, "bad-option", "--bar-of: %s has no block '%.*s'",
				       map->path, (int)(equals - text), text);
			error_hint(error, "'pcietool map show --map %s' lists its blocks", map->path);
			return rc;
		}
		text += n + (text[n] == ',');
	}
	return 0;
}

/* PATH's map, read now or kept. BARS_OF: of the context, or NULL. */
static int get_kept(const struct context *ctx, const char *path, const char *bars_of, struct regmap **map,
		    struct error *error)
{
	struct kept_map *kept;
	int rc;

	for (kept = ctx->maps->maps; kept; kept = kept->next) {
		if (strcmp(kept->map->path, path) == 0) {
			*map = kept->map;
			return 0;
		}
	}
	kept = calloc(1, sizeof(*kept));
	if (!kept)
		return error_errno(error, -ENOMEM, "%s", path);
	rc = regmap_load_part(ctx, path, !ctx->map_file || strcmp(path, ctx->map_file) != 0, &kept->map,
			      error);
	if (rc == 0 && bars_of) {
		rc = regmap_set_bars(kept->map, bars_of, error);
		if (rc < 0)
			regmap_close(kept->map);
	}
	if (rc < 0) {
		free(kept);
		return rc;
	}
	context_log(ctx, LOG_INFO, "register map %s: %zu registers", path, kept->map->register_count);
	kept->next = ctx->maps->maps;
	ctx->maps->maps = kept;
	*map = kept->map;
	return 0;
}

int regmap_set_get_part(const struct context *ctx, const struct regmap_id *id, struct regmap **map,
			struct error *error)
{
	char path[PATH_MAX];
	int rc;

	rc = regmap_set_path(ctx, id, path, sizeof(path));
	if (rc == -ENOENT) {
		*map = NULL;
		return 0;
	}
	if (rc < 0)
		return error_errno(error, rc, "%s", ctx->map_file);
	return get_kept(ctx, path, ctx->bars_of, map, error);
}

int regmap_set_get_named(const struct context *ctx, const char *name, struct regmap **map,
			 struct error *error)
{
	static const char *const ending[] = { ".map", NULL };
	struct regmap *found;
	char path[PATH_MAX];
	int rc;

	if (!ctx->maps || search(ctx->maps, name, ending, path, sizeof(path)) < 0) {
		*map = NULL;
		return 0;
	}
	rc = get_kept(ctx, path, NULL, &found, error);
	if (rc == 0)
		rc = regmap_complete(found, error);
	if (rc == 0)
		*map = found;
	return rc;
}

int regmap_set_get(const struct context *ctx, const struct regmap_id *id, struct regmap **map,
		   struct error *error)
{
	struct regmap *found;
	int rc = regmap_set_get_part(ctx, id, &found, error);

	if (rc == 0 && found)
		rc = regmap_complete(found, error);
	if (rc == 0)
		*map = found;
	return rc;
}

int regmap_set_need_part(const struct context *ctx, const struct regmap_id *id, struct regmap **map,
			 struct error *error)
{
	struct regmap *found;
	int rc = regmap_set_get_part(ctx, id, &found, error);

	if (rc < 0)
		return rc;
	if (found) {
		*map = found;
		return 0;
	}
	if (id)
		rc = error_set(error, ERROR_USAGE, "no-map", "there is no register map for %04x:%04x",
			       id->vendor, id->device);
	else
		rc = error_set(error, ERROR_USAGE, "no-map", "there is no register map");
	error_hint(error, "name one with --map FILE or PCIETOOL_MAP; 'pcietool map list' shows where they "
			  "are looked for");
	return rc;
}

int regmap_set_need(const struct context *ctx, const struct regmap_id *id, struct regmap **map,
		    struct error *error)
{
	struct regmap *found;
	int rc = regmap_set_need_part(ctx, id, &found, error);

	if (rc == 0)
		rc = regmap_complete(found, error);
	if (rc == 0)
		*map = found;
	return rc;
}

int regmap_offset(const struct context *ctx, const struct regmap *map, const struct regmap_register *reg,
		  uint64_t *offset, struct error *error)
{
	uint64_t base = ctx->has_map_base ? ctx->map_base : map->has_base ? map->base : 0;

	if (regmap_placed(map, reg))
		return error_set(error, ERROR_USAGE, "no-place",
				 "%s has no place of its own: a device's config space says where it is",
				 reg->name);
	if (reg->address < base)
		return error_set(error, ERROR_USAGE, "out-of-range",
				 "%s is at 0x%llx, below the base address 0x%llx", reg->name,
				 (unsigned long long)reg->address, (unsigned long long)base);
	*offset = reg->address - base;
	return 0;
}
