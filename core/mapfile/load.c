// SPDX-License-Identifier: GPL-2.0-or-later
/* A file into a map: reads it, finds out its format, has it parsed, says what is wrong. On top of the parsers. */
#include "core/mapfile/mapfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file/same_file.h"
#include "core/mapfile/format.h"
#include "core/mapfile/xml.h"
#include "core/regmap/cache.h"
#include "core/regmap/store.h"

/* All of FD, which may be a pipe. */
static int read_all(int fd, char **text, size_t *length)
{
	size_t size = 1u << 16;
	char *buffer = malloc(size);
	size_t used = 0;
	ssize_t n;

	if (!buffer)
		return -ENOMEM;
	while ((n = read(fd, buffer + used, size - used - 1)) != 0) {
		char *grown = buffer;

		if (n < 0 && errno == EINTR)
			continue;
		used += n > 0 ? (size_t)n : 0;
		if (n < 0 || used > REGMAP_FILE_MAX) {
			int rc = n < 0 ? -errno : -EFBIG;

			free(buffer);
			return rc;
		}
		if (size - used < 2)
			grown = realloc(buffer, size *= 2);
		if (!grown) {
			free(buffer);
			return -ENOMEM;
		}
		buffer = grown;
	}
	buffer[used] = '\0';
	*text = buffer;
	*length = used;
	return 0;
}

/*
 * What was found, and not named by whoever runs this, must be theirs or root's, as ssh(1) wants it of its files: a map
 * says what is written to a device.
 */
static int check_found(const struct stat *st, const char *path, struct error *error)
{
	if (!S_ISREG(st->st_mode))
		return error_set(error, ERROR_FAILED, "bad-map", "%s: it is no file", path);
	if (st->st_uid != 0 && st->st_uid != geteuid()) {
		error_set(error, ERROR_DENIED, "foreign-map",
			  "%s: it is another user's (uid %u), so it is not used", path,
			  (unsigned int)st->st_uid);
		error_hint(error, "look at it, then name it with --map, or make it yours with chown");
		return -EACCES;
	}
	return 0;
}

/* A file that includes itself, in whatever way, has no end. */
static int check_includers(struct regmap *map, const struct stat *st, struct error *error)
{
	unsigned int depth = 0;

	map->store->file = *st;
	for (const struct regmap *m = map->store->includer; m; m = m->store->includer) {
		if (same_inode(&m->store->file, st))
			return error_set(error, ERROR_FAILED, "bad-map", "%s includes itself", map->path);
		if (++depth > REGMAP_INCLUDES_MAX)
			return error_set(error, ERROR_FAILED, "bad-map",
					 "%s: more than %d files include each other", map->path,
					 REGMAP_INCLUDES_MAX);
	}
	return 0;
}

static int check_file(struct regmap *map, int fd, const char *path, struct error *error)
{
	struct stat st;
	int rc = 0;

	if (fstat(fd, &st) < 0)
		return error_errno(error, -errno, "%s", path);
	if (map->store->includer && !S_ISREG(st.st_mode))
		rc = error_set(error, ERROR_FAILED, "bad-map", "%s: it is no file", path);
	else if (map->store->is_found)
		rc = check_found(&st, path, error);
	return rc < 0 ? rc : check_includers(map, &st, error);
}

static int read_file(struct regmap *map, const char *path, struct error *error)
{
	bool is_found = map->store->is_found || map->store->includer;
	int fd = open(path, O_RDONLY | O_CLOEXEC | (is_found ? O_NONBLOCK : 0));
	int rc;

	if (fd < 0)
		return error_errno(error, -errno, "%s", path);
	rc = check_file(map, fd, path, error);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	rc = read_all(fd, &map->store->text, &map->store->length);
	close(fd);
	if (rc == -EFBIG)
		return error_set(error, ERROR_FAILED, "bad-map",
				 "%s: a register map of more than %u MiB is refused", path,
				 REGMAP_FILE_MAX >> 20);
	return rc < 0 ? error_errno(error, rc, "%s", path) : 0;
}

/* XML: its first character is a '<', behind a byte order mark, or in UTF-16. */
static bool is_xml(const char *text, size_t length)
{
	size_t i = 0;

	if (length >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0 ||
			    memcmp(text, "<\0", 2) == 0 || memcmp(text, "\0<", 2) == 0))
		return true;
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		i = 3;
	while (i < length && strchr(" \t\r\n", text[i]) && text[i])
		i++;
	return i < length && text[i] == '<';
}

/* SVD, IP-XACT or .hwh, by the outermost element, whatever its prefix is. SVD says what others are. */
static int parse_xml(struct regmap *map, struct error *error)
{
	char root[80];
	const char *name;
	int rc = xml_root(map, root, sizeof(root), error);

	if (rc < 0)
		return rc;
	name = strrchr(root, ':') ? strrchr(root, ':') + 1 : root;
	if (strcmp(name, "component") == 0) {
		map->format = REGMAP_IPXACT;
		return regmap_parse_ipxact(map, error);
	}
	if (strcmp(name, "EDKSYSTEM") == 0) {
		map->format = REGMAP_HWH;
		return regmap_parse_hwh(map, error);
	}
	map->format = REGMAP_SVD;
	return regmap_parse_svd(map, error);
}

static int by_place(const void *a, const void *b)
{
	const struct regmap_problem *x = a;
	const struct regmap_problem *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

static int include(struct regmap *map, const char *path, struct regmap **included, struct error *error);

static int load_into(struct regmap *m, const char *path, struct regmap **map, struct error *error)
{
	int rc;

	m->store->include = include;
	rc = read_file(m, path, error);
	if (rc == 0) {
		rc = is_xml(m->store->text, m->store->length) ? parse_xml(m, error)
							      : regmap_parse_text(m, error);
	}
	if (rc == 0 && !m->name) {
		m->store->is_named_by_file = true;
		m->name = regmap_name_of_file(m);
		if (!m->name)
			rc = error_errno(error, -ENOMEM, "%s", path);
	}
	if (rc < 0) {
		regmap_close(m);
		return rc;
	}
	if (m->problem_count)
		qsort(m->problems, m->problem_count, sizeof(*m->problems), by_place);
	*map = m;
	return 0;
}

static int load(const char *path, bool is_found, struct regmap **map, struct error *error)
{
	struct regmap *m = regmap_new(path);

	if (!m)
		return error_errno(error, -ENOMEM, "%s", path);
	m->store->is_found = is_found;
	return load_into(m, path, map, error);
}

/* The same for what is included from there on, however deep, so that it is told once and nothing more is read. */
static int too_much(const struct regmap *outermost, struct error *error)
{
	return error_set(error, ERROR_FAILED, "bad-map", "%s: more than %u %s are included in all",
			 outermost->path, outermost->store->excess_limit, outermost->store->excess);
}

static void limit(struct regmap_store *s, size_t count, unsigned int most, const char *what)
{
	if (s->excess || count <= most)
		return;
	s->excess = what;
	s->excess_limit = most;
}

/* M was read: is all that OUTERMOST includes still no more than one file may have? */
static int count_included(struct regmap *outermost, const struct regmap *m, struct error *error)
{
	struct regmap_store *s = outermost->store;

	s->included_bytes += m->store->length;
	s->included_registers += m->register_count;
	s->included_fields += m->field_count;
	s->included_enums += m->enum_count;
	limit(s, s->included_bytes, REGMAP_FILE_MAX, "bytes");
	limit(s, s->included_registers, REGMAP_REGISTERS_MAX, "registers");
	limit(s, s->included_fields, REGMAP_FIELDS_MAX, "fields");
	limit(s, s->included_enums, REGMAP_ENUMS_MAX, "names of values");
	return s->excess ? too_much(outermost, error) : 0;
}

static int include(struct regmap *map, const char *path, struct regmap **included, struct error *error)
{
	struct regmap *outermost = map;
	struct regmap *m;
	int rc;

	while (outermost->store->includer)
		outermost = outermost->store->includer;
	limit(outermost->store, (size_t)outermost->store->includes + 1, REGMAP_FILES_MAX, "files");
	if (outermost->store->excess)
		return too_much(outermost, error);
	outermost->store->includes++;
	m = regmap_new(path);
	if (!m)
		return error_errno(error, -ENOMEM, "%s", path);
	m->store->is_found = map->store->is_found;
	m->store->includer = map;
	rc = load_into(m, path, &m, error);
	if (rc < 0)
		return rc;
	rc = count_included(outermost, m, error);
	if (rc < 0) {
		regmap_close(m);
		return rc;
	}
	m->store->includer = NULL;
	m->store->next = map->store->included;
	map->store->included = m;
	*included = m;
	return 0;
}

int regmap_load_anyhow(const char *path, struct regmap **map, struct error *error)
{
	return load(path, false, map, error);
}

/* Is what could be read of it to be used? */
static bool is_usable(const struct context *ctx, const struct regmap *m)
{
	return m->problem_count == 0 || (m->format != REGMAP_TEXT && ctx && !ctx->strict &&
					 !m->store->is_cut && m->register_count > 0);
}

static void warn_of_problems(const struct context *ctx, const struct regmap *m)
{
	context_log(ctx, LOG_WARN,
		    "%s:%u: %s; what is wrong was left out (%zu problem%s, see 'pcietool map check')",
		    m->path, regmap_line(m, m->problems[0].place), m->problems[0].message, m->store->problems,
		    m->store->problems == 1 ? "" : "s");
}

static int reload(const struct regmap *map, struct regmap **fresh, struct error *error)
{
	return load(map->path, map->store->is_found, fresh, error);
}

/* The compiled one, where there is one and it may be used. */
static int load_kept(const struct context *ctx, const char *path, bool is_found, struct regmap **map)
{
	struct regmap *m;
	int rc = ctx && ctx->map_cache ? cache_open(ctx->map_cache, path, is_found, &m) : -ENOENT;

	if (rc < 0)
		return rc;
	if (!is_usable(ctx, m)) {
		regmap_close(m);
		return -ENOENT;
	}
	m->store->reload = reload;
	*map = m;
	return 0;
}

static int load_good(const struct context *ctx, const char *path, bool is_found, struct regmap **map,
		     struct error *error)
{
	struct regmap *m;
	int rc = load(path, is_found, &m, error);

	if (rc < 0)
		return rc;
	if (is_usable(ctx, m)) {
		if (ctx && ctx->map_cache)
			cache_keep(ctx->map_cache, m);
		*map = m;
		return 0;
	}
	rc = error_set(error, ERROR_FAILED, "bad-map", "%s:%u: %s", path,
		       regmap_line(m, m->problems[0].place), m->problems[0].message);
	if (m->store->problems > 1)
		error_hint(error, "there are %zu more: 'pcietool map check --map %s' shows them",
			   m->store->problems - 1, path);
	regmap_close(m);
	return rc;
}

int regmap_load_part(const struct context *ctx, const char *path, bool is_found, struct regmap **map,
		     struct error *error)
{
	struct regmap *m;
	int rc = load_kept(ctx, path, is_found, &m);

	if (rc < 0)
		rc = load_good(ctx, path, is_found, &m, error);
	if (rc < 0)
		return rc;
	if (m->problem_count)
		warn_of_problems(ctx, m);
	*map = m;
	return 0;
}

static int load_whole(const struct context *ctx, const char *path, bool is_found, struct regmap **map,
		      struct error *error)
{
	struct regmap *m;
	int rc = regmap_load_part(ctx, path, is_found, &m, error);

	if (rc < 0)
		return rc;
	rc = regmap_complete(m, error);
	if (rc < 0)
		regmap_close(m);
	else
		*map = m;
	return rc;
}

int regmap_load(const struct context *ctx, const char *path, struct regmap **map, struct error *error)
{
	return load_whole(ctx, path, false, map, error);
}

int regmap_load_found(const struct context *ctx, const char *path, struct regmap **map, struct error *error)
{
	return load_whole(ctx, path, true, map, error);
}
