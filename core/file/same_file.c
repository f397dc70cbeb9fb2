// SPDX-License-Identifier: GPL-2.0-or-later
/* Two names of one file: by what is there, or by the folder that it would be made in. */
#include "core/file/same_file.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The folder that a file of that NAME would be made in, and what it would be called there. */
static const char *split(const char *name, struct stat *folder)
{
	const char *slash = strrchr(name, '/');
	char path[PATH_MAX];
	int length = slash ? (int)(slash - name) + 1 : 0;

	if (length >= PATH_MAX)
		return NULL;
	snprintf(path, sizeof(path), "%.*s", length, name);
	return stat(length ? path : ".", folder) == 0 ? name + length : NULL;
}

/* What NAME leads to, which is no link any more, into PATH. False: nowhere. */
static bool follow(const char *name, char path[PATH_MAX])
{
	char target[PATH_MAX];

	if (snprintf(path, PATH_MAX, "%s", name) >= PATH_MAX)
		return false;
	for (unsigned int i = 0; i < SAME_FILE_LINKS_MAX; i++) {
		ssize_t n = readlink(path, target, sizeof(target) - 1);
		char *slash = strrchr(path, '/');
		size_t kept;

		if (n < 0)
			return true;
		target[n] = '\0';
		kept = slash && target[0] != '/' ? (size_t)(slash - path) + 1 : 0;
		if (kept + (size_t)n >= PATH_MAX)
			return false;
		memcpy(path + kept, target, (size_t)n + 1);
	}
	return false;
}

bool same_file(const char *one, const char *other, struct stat *status)
{
	char first[PATH_MAX];
	char second[PATH_MAX];
	struct stat a;
	struct stat b;

	if (stat(one, &a) == 0 && stat(other, &b) == 0) {
		*status = a;
		return same_inode(&a, &b);
	}
	status->st_mode = 0;
	if (!follow(one, first) || !follow(other, second))
		return false;
	one = split(first, &a);
	other = split(second, &b);
	return one && other && strcmp(one, other) == 0 && same_inode(&a, &b);
}
