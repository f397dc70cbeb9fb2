// SPDX-License-Identifier: GPL-2.0-or-later
/* Names that are no files: descriptors of a process, and links to nothing. Follows no link that the kernel would not. */
#include "core/file/output_path.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
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

/* A process' descriptor. */
struct descriptor {
	int process;
	int number;
};

/* FOLDER, which has no links in it, is /proc/PID/fd, or that of one of its threads, /proc/PID/task/TID/fd: which process? */
static int process_of(const char *folder)
{
	struct statfs fs;
	char name[16];
	char *end;
	int process;

	if (strncmp(folder, "/proc/", 6) != 0 || statfs(folder, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return -ENOENT;
	folder += 6;
	snprintf(name, sizeof(name), "%.*s", (int)strspn(folder, "0123456789"), folder);
	process = number_of(name);
	end = strchr(folder, '/');
	if (end && strncmp(end, "/task/", 6) == 0)
		end += 6 + strspn(end + 6, "0123456789");
	return end && strcmp(end, "/fd") == 0 ? process : -ENOENT;
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

/* The one that following PATH comes by. False: none. */
static bool find_descriptor(const char *path, struct descriptor *found)
{
	char *at = strdup(path);

	*found = (struct descriptor){ -1, -1 };
	for (unsigned int i = 0; at && found->number < 0 && i < SAME_FILE_LINKS_MAX; i++) {
		const char *name;
		char *folder = folder_of(at, &name);
		char *next = NULL;

		found->process = folder ? process_of(folder) : -ENOENT;
		if (found->process >= 0)
			found->number = number_of(name);
		if (folder && found->number < 0)
			next = next_of(at, folder);
		free(folder);
		free(at);
		at = next;
	}
	free(at);
	return found->number >= 0;
}

static bool is_own(const struct descriptor *descriptor)
{
	char self[16];
	ssize_t n = readlink("/proc/self", self, sizeof(self) - 1);

	self[n < 0 ? 0 : n] = '\0';
	return number_of(self) == descriptor->process;
}

/* By hand is only looked which descriptor it may be: it is one where the kernel comes to the same file. */
static int own_descriptor(const char *path)
{
	struct descriptor found;
	struct stat by_path;
	struct stat by_number;

	if (stat(path, &by_path) < 0 || !find_descriptor(path, &found) || !is_own(&found) ||
	    fstat(found.number, &by_number) < 0 || !same_inode(&by_path, &by_number))
		return -ENOENT;
	return found.number;
}

/*
 * Another process' descriptor as one of ours, which share a place in the file: pidfd_getfd(2), of Linux 5.6. -ENOENT: PATH leads
 * to none; -EPERM: it does, and that cannot be had.
 */
static int take_descriptor(const char *path)
{
	struct descriptor found;
	struct stat by_path;
	struct stat by_number;
	int pidfd;
	int fd;

	if (stat(path, &by_path) < 0 || !find_descriptor(path, &found) || is_own(&found))
		return -ENOENT;
	pidfd = (int)syscall(SYS_pidfd_open, found.process, 0);
	if (pidfd < 0)
		return -EPERM;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, found.number, 0);
	close(pidfd);
	if (fd < 0)
		return -EPERM;
	if (fstat(fd, &by_number) < 0 || !same_inode(&by_path, &by_number)) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

bool output_path_is_stdout(const char *path)
{
	return strcmp(path, "-") == 0 || own_descriptor(path) == STDOUT_FILENO;
}

static bool is_for_writing(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	/* one of O_PATH is for nothing */
	return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY && !(flags & O_PATH);
}

static int duplicate_own(int number)
{
	int own = fcntl(number, F_GETFD);
	int fd;

	if (own < 0 || (own & FD_CLOEXEC) || !is_for_writing(number))
		return -EBADF;
	fd = fcntl(number, F_DUPFD_CLOEXEC, DESCRIPTOR_MIN);
	return fd < 0 ? -errno : fd;
}

int output_path_duplicate(const char *path)
{
	int number = own_descriptor(path);
	int taken;
	int fd;

	if (number >= 0)
		return duplicate_own(number);
	taken = take_descriptor(path);
	if (taken < 0)
		return taken;
	fd = is_for_writing(taken) ? fcntl(taken, F_DUPFD_CLOEXEC, DESCRIPTOR_MIN) : -1;
	if (fd < 0)
		fd = is_for_writing(taken) ? -errno : -EBADF;
	close(taken);
	return fd;
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
