// SPDX-License-Identifier: GPL-2.0-or-later
/* A file that is there whole or not at all. */
#include "core/file/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/fd_wait.h"
#include "core/file/output_path.h"

struct atomic_file {
	int fd;
	char *path;
	unsigned int mode;
	bool replaces; /* a file, OLD */
	struct stat old;
	bool is_unnamed; /* yet */
	bool skips_sync;
	bool is_old; /* what is in the file: it is written to as it is, and nothing was yet */
	bool is_made; /* empty, by following a link to it: it was not there before */
	bool is_nameless; /* what a link leads to */
	char *temporary; /* NULL, when it is not unnamed: the file itself is written to */
};

/* "/proc/self/fd/" and a number */
#define FD_PATH_SIZE 32
/* of a temporary name, each of which somebody who was killed may have left */
#define NAMES_MAX 100

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

/* ".NAME.PID-N" in the folder of PATH: no ending, so that no collector takes it for a file of its own. */
static char *temporary_name(const char *path, unsigned int n)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	char *text;

	return asprintf(&text, "%.*s.%s.%d-%u", (int)(name - path), path, name, (int)getpid(), n) < 0 ? NULL
												      : text;
}

/* What open(2) makes it with, less the umask. */
static mode_t creation_mode(const struct atomic_file *f)
{
	return f->mode ? f->mode : 0666;
}

static void fd_path(int fd, char path[FD_PATH_SIZE])
{
	snprintf(path, FD_PATH_SIZE, "/proc/self/fd/%d", fd);
}

/*
 * A file without a name in the folder of PATH, of which nothing is left when its writer is killed. False where the file
 * system has none (open(2), O_TMPFILE), or where there is no /proc, by which it gets its name.
 */
static bool open_unnamed(struct atomic_file *f)
{
	const char *slash = strrchr(f->path, '/');
	char *folder = slash ? strndup(f->path, (size_t)(slash - f->path) + 1) : strdup(".");
	char path[FD_PATH_SIZE];
	int fd;

	if (!folder)
		return false;
	fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, creation_mode(f));
	free(folder);
	if (fd < 0)
		return false;
	fd_path(fd, path);
	if (access(path, F_OK) < 0) {
		close(fd);
		return false;
	}
	f->fd = fd;
	f->is_unnamed = true;
	return true;
}

/*
 * What a link leads to is replaced, and not the link; where that is not there, it is made, as by open(2). The kernel goes
 * there, which refuses links of others in a folder of all (proc_sys_fs(5), protected_symlinks), and says where it came to.
 */
static int follow_link(struct atomic_file *f)
{
	struct stat st;
	char *name = NULL;
	int fd;

	if (lstat(f->path, &st) < 0 || !S_ISLNK(st.st_mode))
		return 0;
	fd = open(f->path, O_PATH | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT)
		return -errno;
	if (fd >= 0) {
		name = output_path_name(fd);
	} else {
		fd = output_path_open(f->path, creation_mode(f), &name);
		f->is_made = name;
	}
	if (fd < 0)
		return fd;
	f->is_nameless = !name;
	close(fd);
	if (name) {
		free(f->path);
		f->path = name;
	}
	return 0;
}

static int open_temporary(struct atomic_file *f)
{
	int rc = -EEXIST;

	for (unsigned int i = 0; rc == -EEXIST && i < NAMES_MAX; i++) {
		char *name = temporary_name(f->path, i);

		if (!name)
			return -ENOMEM;
		f->fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, creation_mode(f));
		if (f->fd >= 0) {
			f->temporary = name;
			return 0;
		}
		rc = -errno;
		free(name);
	}
	return rc;
}

/* What is no regular file, or has no name, or is in a folder that only others may write to. */
static int open_itself(struct atomic_file *f)
{
	f->fd = open(f->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	f->is_old = f->fd >= 0 && S_ISREG(f->old.st_mode);
	return f->fd < 0 ? -errno : 0;
}

/* What is written to itself has its old content until there is new. */
static int take_old_away(struct atomic_file *f)
{
	bool is_old = f->is_old;

	f->is_old = false;
	return is_old && ftruncate(f->fd, 0) < 0 ? -errno : 0;
}

static int open_file(struct atomic_file *f)
{
	int rc;

	f->fd = output_path_duplicate(f->path);
	if (f->fd != -ENOENT)
		return f->fd < 0 ? f->fd : 0;
	rc = follow_link(f);
	if (rc < 0)
		return rc;
	f->replaces = stat(f->path, &f->old) == 0;
	if (f->is_nameless || (f->replaces && !S_ISREG(f->old.st_mode)))
		return open_itself(f);
	/* as with open(2): what may not be written to is not replaced either */
	if (f->replaces && !f->mode && access(f->path, W_OK) < 0)
		return -errno;
	if (open_unnamed(f))
		return 0;
	rc = open_temporary(f);
	if (f->replaces && (rc == -EACCES || rc == -EPERM || rc == -EROFS))
		rc = open_itself(f);
	return rc;
}

int atomic_file_open(const char *path, unsigned int mode, struct atomic_file **file, struct error *error)
{
	struct atomic_file *f = calloc(1, sizeof(*f));
	int rc = -ENOMEM;

	if (f) {
		f->fd = -1;
		f->mode = mode;
		f->path = strdup(path);
		if (f->path)
			rc = open_file(f);
	}
	if (rc < 0) {
		atomic_file_abort(f);
		return file_error(error, rc, "", path);
	}
	*file = f;
	return 0;
}

int atomic_file_write(struct atomic_file *f, const void *data, size_t length, struct error *error)
{
	int rc = take_old_away(f);

	if (rc == 0)
		rc = fd_write_all(f->fd, data, length);
	return rc < 0 ? file_error(error, rc, "writing ", f->path) : 0;
}

void atomic_file_skip_sync(struct atomic_file *f)
{
	f->skips_sync = true;
}

static int link_as(int fd, const char *name)
{
	char path[FD_PATH_SIZE];

	fd_path(fd, path);
	return linkat(AT_FDCWD, path, AT_FDCWD, name, AT_SYMLINK_FOLLOW) < 0 ? -errno : 0;
}

/*
 * linkat(2) does not replace: where there is a file already, the new one gets a temporary name, which rename(2) takes
 * away directly after. Who is killed between these two calls, and only there, leaves it.
 */
static int give_name(struct atomic_file *f)
{
	int rc = link_as(f->fd, f->path);

	for (unsigned int i = 0; rc == -EEXIST && i < NAMES_MAX; i++) {
		char *name = temporary_name(f->path, i);

		rc = name ? link_as(f->fd, name) : -ENOMEM;
		if (rc == 0 && rename(name, f->path) < 0) {
			rc = -errno;
			unlink(name);
		}
		free(name);
	}
	return rc;
}

/* Who may not give a file away keeps it. */
static int set_owner_and_mode(struct atomic_file *f)
{
	if (f->mode)
		return fchmod(f->fd, f->mode) < 0 ? -errno : 0;
	if (!f->replaces)
		return 0;
	if (fchown(f->fd, f->old.st_uid, f->old.st_gid) < 0 && errno != EPERM)
		return -errno;
	return fchmod(f->fd, f->old.st_mode & 0777) < 0 ? -errno : 0;
}

static int put_in_place(struct atomic_file *f)
{
	int fd = f->fd;
	int rc;

	if (!f->temporary && !f->is_unnamed) {
		rc = take_old_away(f);
		f->fd = -1;
		return close(fd) < 0 ? -errno : rc;
	}
	rc = set_owner_and_mode(f);
	/* all that a close could still tell is told here */
	if (rc == 0 && !f->skips_sync && fsync(fd) < 0)
		rc = -errno;
	if (rc == 0 && f->is_unnamed)
		rc = give_name(f);
	else if (rc == 0 && rename(f->temporary, f->path) < 0)
		rc = -errno;
	return rc;
}

int atomic_file_commit(struct atomic_file *f, struct error *error)
{
	int rc = put_in_place(f);

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
	if (f->is_made)
		unlink(f->path);
	free_file(f);
}
