// SPDX-License-Identifier: GPL-2.0-or-later
/* Who has a node open: what lies in /proc/PID/fd of all that this user may see. */
#include "core/kernel/open_by.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

static bool has_open(const struct context *ctx, const char *pid, const char *node)
{
	char folder[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	if (sysfs_path(ctx, folder, sizeof(folder), "/proc/%s/fd", pid) < 0)
		return false;
	dir = opendir(folder);
	while (dir && !found && (entry = readdir(dir))) {
		char target[128];
		ssize_t n = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);

		if (n < 0)
			continue;
		target[n] = '\0';
		found = strcmp(target, node) == 0;
	}
	if (dir)
		closedir(dir);
	return found;
}

int open_by(const struct context *ctx, const char *node, char *text, size_t size)
{
	return open_by_another(ctx, node, NULL, text, size);
}

int open_by_another(const struct context *ctx, const char *node, const char *except, char *text, size_t size)
{
	char folder[PATH_MAX];
	struct dirent *entry;
	int rc = -ENOENT;
	DIR *dir;

	if (sysfs_path(ctx, folder, sizeof(folder), "/proc") < 0)
		return -ENOENT;
	dir = opendir(folder);
	while (dir && rc < 0 && (entry = readdir(dir))) {
		char name[32] = "a program";

		if (!isdigit((unsigned char)entry->d_name[0]) || atoi(entry->d_name) == getpid() ||
		    !has_open(ctx, entry->d_name, node))
			continue;
		sysfs_read(ctx, name, sizeof(name), "/proc/%s/comm", entry->d_name);
		if (except && strcmp(name, except) == 0)
			continue;
		snprintf(text, size, "%s (process %.16s)", name, entry->d_name);
		rc = 0;
	}
	if (dir)
		closedir(dir);
	return rc;
}
