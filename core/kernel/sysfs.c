// SPDX-License-Identifier: GPL-2.0-or-later
/* Files below the sysroot: the one place that puts it in front of a path. */
#include "core/kernel/sysfs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/array.h"

static int vpath(const struct context *ctx, char *path, size_t size, const char *format, va_list ap)
	__attribute__((format(printf, 4, 0)));

static int vpath(const struct context *ctx, char *path, size_t size, const char *format, va_list ap)
{
	size_t used = strlen(ctx->sysroot);
	int n;

	if (ctx->dump)
		return -ENODATA;
	if (used >= size)
		return -ENAMETOOLONG;
	memcpy(path, ctx->sysroot, used);
	n = vsnprintf(path + used, size - used, format, ap);
	if (n < 0 || (size_t)n >= size - used)
		return -ENAMETOOLONG;
	return 0;
}

/* PATH, an array, from FORMAT and the caller's parameters behind it; RC: 0 or -errno. */
#define MAKE_PATH(rc, ctx, path, format)                                                                     \
	do {                                                                                                 \
		va_list ap;                                                                                  \
                                                                                                             \
		va_start(ap, format);                                                                        \
		(rc) = vpath(ctx, path, sizeof(path), format, ap);                                           \
		va_end(ap);                                                                                  \
	} while (0)

int sysfs_path(const struct context *ctx, char *path, size_t size, const char *format, ...)
{
	va_list ap;
	int rc;

	va_start(ap, format);
	rc = vpath(ctx, path, size, format, ap);
	va_end(ap);
	return rc;
}

static int open_path(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int sysfs_open(const struct context *ctx, int flags, const char *format, ...)
{
	char path[PATH_MAX];
	int rc;

	MAKE_PATH(rc, ctx, path, format);
	return context_lacks(ctx, rc < 0 ? rc : open_path(path, flags));
}

DIR *sysfs_opendir(const struct context *ctx, const char *format, ...)
{
	char path[PATH_MAX];
	DIR *dir;
	int rc;

	MAKE_PATH(rc, ctx, path, format);
	dir = rc < 0 ? NULL : opendir(path);
	if (!dir)
		errno = -context_lacks(ctx, rc < 0 ? rc : -errno);
	return dir;
}

int sysfs_read_at(const struct context *ctx, int folder, const char *name, char *text, size_t size)
{
	ssize_t n;
	int fd;

	fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return context_lacks(ctx, -errno);
	n = read(fd, text, size - 1);
	if (n < 0)
		n = -errno;
	close(fd);
	if (n < 0)
		return (int)n;
	while (n > 0 && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return 0;
}

int sysfs_read_number_at(const struct context *ctx, int folder, const char *name, uint64_t *value)
{
	char text[64] = "";
	char *end;
	uint64_t v;
	int rc;

	rc = sysfs_read_at(ctx, folder, name, text, sizeof(text));
	if (rc < 0)
		return rc;
	if (text[0] < '0' || text[0] > '9')
		return -EINVAL;
	errno = 0;
	v = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : 10);
	if (errno || *end)
		return -EINVAL;
	*value = v;
	return 0;
}

int sysfs_read(const struct context *ctx, char *text, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	int rc;

	MAKE_PATH(rc, ctx, path, format);
	return rc < 0 ? rc : sysfs_read_at(ctx, AT_FDCWD, path, text, size);
}

int sysfs_read_number(const struct context *ctx, uint64_t *value, const char *format, ...)
{
	char path[PATH_MAX];
	int rc;

	MAKE_PATH(rc, ctx, path, format);
	return rc < 0 ? rc : sysfs_read_number_at(ctx, AT_FDCWD, path, value);
}

int sysfs_each_line(const struct context *ctx, const char *path, sysfs_line_fn fn, void *data)
{
	char *line = NULL;
	size_t size = 0;
	int rc = 0;
	FILE *f;
	int fd;

	fd = sysfs_open(ctx, O_RDONLY, "%s", path);
	if (fd < 0)
		return fd;
	f = fdopen(fd, "r");
	if (!f) {
		rc = -errno;
		close(fd);
		return rc;
	}
	errno = 0;
	while (rc == 0 && getline(&line, &size, f) >= 0) {
		rc = fn(data, line);
		errno = 0;
	}
	if (rc == 0 && !feof(f))
		rc = errno ? -errno : -EIO;
	free(line);
	fclose(f);
	return rc;
}

static int read_link(const char *path, char *target, size_t size)
{
	ssize_t n = readlink(path, target, size);

	if (n < 0)
		return -errno;
	if ((size_t)n >= size)
		return -ENAMETOOLONG;
	target[n] = '\0';
	return 0;
}

int sysfs_link(const struct context *ctx, char *target, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	int rc;

	MAKE_PATH(rc, ctx, path, format);
	return rc < 0 ? rc : read_link(path, target, size);
}

int sysfs_link_name(const struct context *ctx, char *name, size_t size, const char *format, ...)
{
	char path[PATH_MAX];
	char target[PATH_MAX];
	const char *slash;
	int rc;

	MAKE_PATH(rc, ctx, path, format);
	if (rc == 0)
		rc = read_link(path, target, sizeof(target));
	if (rc < 0)
		return rc;
	slash = strrchr(target, '/');
	rc = snprintf(name, size, "%s", slash ? slash + 1 : target);
	return (size_t)rc >= size ? -ENAMETOOLONG : 0;
}

int sysfs_write(const struct context *ctx, const char *text, const char *format, ...)
{
	char path[PATH_MAX];
	size_t length = strlen(text);
	ssize_t n;
	int rc;
	int fd;

	MAKE_PATH(rc, ctx, path, format);
	if (rc < 0)
		return rc;
	fd = open_path(path, O_WRONLY);
	if (fd < 0)
		return fd;
	n = write(fd, text, length);
	if (n < 0)
		rc = -errno;
	else if ((size_t)n != length)
		rc = -EIO;
	close(fd);
	return rc;
}

/* --- folders of numbered entries ------------------------------------------------------------------------ */

bool sysfs_name_number(const char *name, const char *prefix, unsigned int *number)
{
	size_t length = strlen(prefix);
	unsigned long n;
	char *end;

	if (strncmp(name, prefix, length) != 0 || name[length] < '0' || name[length] > '9')
		return false;
	n = strtoul(name + length, &end, 10);
	if (*end || n > INT_MAX)
		return false;
	*number = (unsigned int)n;
	return true;
}

static int by_number(const void *a, const void *b)
{
	const unsigned int *x = a;
	const unsigned int *y = b;

	return *x < *y ? -1 : *x > *y;
}

int sysfs_list_numbers(const struct context *ctx, const char *folder, const char *prefix,
		       unsigned int **numbers, size_t *count)
{
	DIR *dir = sysfs_opendir(ctx, "%s", folder);
	unsigned int *list = NULL;
	struct dirent *entry;
	size_t n = 0;

	while (dir && (entry = readdir(dir))) {
		unsigned int number;
		unsigned int *grown;

		if (!sysfs_name_number(entry->d_name, prefix, &number))
			continue;
		grown = array_grow(list, n, sizeof(*list));
		if (!grown) {
			free(list);
			closedir(dir);
			return -ENOMEM;
		}
		list = grown;
		list[n++] = number;
	}
	if (dir)
		closedir(dir);
	if (n)
		qsort(list, n, sizeof(*list), by_number);
	*numbers = list;
	*count = n;
	return 0;
}
