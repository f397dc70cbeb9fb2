// SPDX-License-Identifier: GPL-2.0-or-later
/* Names that are no files: descriptors of this process, and links to nothing. Follows no link that the kernel would not. */
#include "core/file/output_path.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file/same_file.h"

/* Above the standard streams, which may be closed. */
#define DESCRIPTOR_MIN 3
/* "/proc/self/fd/" and a number */
#define FD_PATH_SIZE 32

static void fd_path(int fd, char path[FD_PATH_SIZE])
{
	snprintf(path, FD_PATH_SIZE, "/proc/self/fd/%d", fd);
}

/* The folder that PATH is in, without links; where its last word starts: *NAME. */
static char *folder_of(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	char *real = folder ? realpath(folder, NULL) : NULL;

	*name = slash ? slash + 1 : path;
	free(folder);
	return real;
}

/* FOLDER is /proc/PID/fd, or that of one of its threads, /proc/PID/task/TID/fd. */
static bool holds_descriptors(const char *folder)
{
	char *process = realpath("/proc/self", NULL);
	size_t length = process ? strlen(process) : 0;
	bool holds = false;

	if (process && strncmp(folder, process, length) == 0) {
		const char *rest = folder + length;

		if (strncmp(rest, "/task/", 6) == 0)
			rest += 6 + strspn(rest + 6, "0123456789");
		holds = strcmp(rest, "/fd") == 0;
	}
	free(process);
	return holds;
}

static int number_of(const char *name)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)name[0]))
		return -ENOENT;
	errno = 0;
	number = strtoul(name, &end, 10);
	return *end || errno || number > INT_MAX ? -ENOENT : (int)number;
}

/* What PATH, a link in FOLDER, says; to be freed. NULL: it is none. */
static char *next_of(const char *path, const char *folder)
{
	char target[PATH_MAX];
	ssize_t n = readlink(path, target, sizeof(target) - 1);
	char *next;

	if (n < 0)
		return NULL;
	target[n] = '\0';
	if (target[0] == '/')
		return strdup(target);
	return asprintf(&next, "%s/%s", folder, target) < 0 ? NULL : next;
}

/* The number that following PATH comes by. */
static int find_number(const char *path)
{
	char *at = strdup(path);
	int number = -ENOENT;

	for (unsigned int i = 0; at && number < 0 && i < SAME_FILE_LINKS_MAX; i++) {
		const char *name;
		char *folder = folder_of(at, &name);
		char *next = NULL;

		if (folder && holds_descriptors(folder))
			number = number_of(name);
		if (folder && number < 0)
			next = next_of(at, folder);
		free(folder);
		free(at);
		at = next;
	}
	free(at);
	return number;
}

/* By hand is only looked which descriptor it may be: it is one where the kernel comes to the same file. */
static int own_descriptor(const char *path)
{
	struct stat by_path;
	struct stat by_number;
	int number;

	if (stat(path, &by_path) < 0)
		return -ENOENT;
	number = find_number(path);
	if (number < 0 || fstat(number, &by_number) < 0 || !same_inode(&by_path, &by_number))
		return -ENOENT;
	return number;
}

bool output_path_is_stdout(const char *path)
{
	return strcmp(path, "-") == 0 || own_descriptor(path) == STDOUT_FILENO;
}

int output_path_duplicate(const char *path)
{
	int number = own_descriptor(path);
	int own;
	int flags;
	int fd;

	if (number < 0)
		return number;
	own = fcntl(number, F_GETFD);
	flags = fcntl(number, F_GETFL);
	if (own < 0 || flags < 0 || (own & FD_CLOEXEC) || (flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	fd = fcntl(number, F_DUPFD_CLOEXEC, DESCRIPTOR_MIN);
	return fd < 0 ? -errno : fd;
}

char *output_path_name(int fd)
{
	char link[FD_PATH_SIZE];
	struct stat by_fd;
	struct stat by_name;
	char *name;

	fd_path(fd, link);
	name = next_of(link, "/proc/self/fd");
	/* one that was removed has a name that it had */
	if (name && fstat(fd, &by_fd) == 0 && S_ISREG(by_fd.st_mode) && lstat(name, &by_name) == 0 &&
	    same_inode(&by_fd, &by_name))
		return name;
	free(name);
	return NULL;
}

int output_path_open(const char *path, mode_t mode, char **made)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, mode);
	struct stat st;
	bool is_missing;

	*made = NULL;
	if (fd >= 0) {
		*made = strdup(path);
		return fd;
	}
	if (errno != EEXIST)
		return -errno;
	is_missing = stat(path, &st) < 0 && errno == ENOENT;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, mode);
	if (fd < 0)
		return -errno;
	if (is_missing)
		*made = output_path_name(fd);
	return fd;
}
