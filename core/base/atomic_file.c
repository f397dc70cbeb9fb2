// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that is there whole or not at all. */
#include "core/base/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct atomic_file {
	int fd;
	char *path;
	char *temporary; /* NULL: the file itself is written to */
};

/* A file's permissions are no matter of the device's. */
static int file_error(struct error *error, int rc, const char *what, const char *path)
{
	rc = error_errno(error, rc, "%s%s", what, path);
	error->kind = ERROR_FAILED;
	return rc;
}

static void free_file(struct atomic_file *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f->path);
	free(f->temporary);
	free(f);
}

/* ".NAME.XXXXXX" in the folder of PATH: no ending, so that no collector takes it for a file of its own. */
static char *temporary_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *text;

	return asprintf(&text, "%.*s.%s.XXXXXX", (int)(name - path), path, name) < 0 ? NULL : text;
}

/* What a link leads to is replaced, and not the link: /dev/stdout may lead to a regular file. */
static int follow_link(struct atomic_file *f)
{
	struct stat st;
	char *path;

	if (lstat(f->path, &st) < 0 || !S_ISLNK(st.st_mode) || stat(f->path, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	path = realpath(f->path, NULL);
	if (!path)
		return -errno;
	free(f->path);
	f->path = path;
	return 0;
}

static int open_file(struct atomic_file *f)
{
	struct stat st;

	int rc = follow_link(f);

	if (rc < 0)
		return rc;
	if (stat(f->path, &st) == 0 && !S_ISREG(st.st_mode)) {
		f->fd = open(f->path, O_WRONLY | O_CLOEXEC);
		return f->fd < 0 ? -errno : 0;
	}
	f->temporary = temporary_name(f->path);
	if (!f->temporary)
		return -ENOMEM;
	f->fd = mkostemp(f->temporary, O_CLOEXEC);
	if (f->fd < 0) {
		rc = -errno;
		free(f->temporary);
		f->temporary = NULL;
		return rc;
	}
	return 0;
}

int atomic_file_open(const char *path, struct atomic_file **file, struct error *error)
{
	struct atomic_file *f = calloc(1, sizeof(*f));
	int rc = -ENOMEM;

	if (f) {
		f->fd = -1;
		f->path = strdup(path);
		if (f->path)
			rc = open_file(f);
	}
	if (rc < 0) {
		if (f)
			free_file(f);
		return file_error(error, rc, "", path);
	}
	*file = f;
	return 0;
}

int atomic_file_write(struct atomic_file *f, const void *data, size_t length, struct error *error)
{
	const char *p = data;

	while (length > 0) {
		ssize_t n = write(f->fd, p, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return file_error(error, -errno, "writing ", f->path);
		p += n;
		length -= (size_t)n;
	}
	return 0;
}

static int put_in_place(struct atomic_file *f, unsigned int mode)
{
	int fd = f->fd;

	if (f->temporary && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		return -errno;
	f->fd = -1;
	if (close(fd) < 0)
		return -errno;
	if (f->temporary && rename(f->temporary, f->path) < 0)
		return -errno;
	return 0;
}

int atomic_file_commit(struct atomic_file *f, unsigned int mode, struct error *error)
{
	int rc = put_in_place(f, mode);

	if (rc < 0) {
		rc = file_error(error, rc, "writing ", f->path);
		atomic_file_abort(f);
		return rc;
	}
	free_file(f);
	return 0;
}

void atomic_file_abort(struct atomic_file *f)
{
	if (!f)
		return;
	if (f->temporary)
		unlink(f->temporary);
	free_file(f);
}
