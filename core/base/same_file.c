// SPDX-License-Identifier: GPL-2.0-or-later
/* Two names of one file: by what is there, or by the folder that it would be made in. */
#include "core/base/same_file.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

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

bool same_file(const char *one, const char *other, struct stat *status)
{
	struct stat a;
	struct stat b;

	if (stat(one, &a) == 0 && stat(other, &b) == 0) {
		*status = a;
		return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
	}
	status->st_mode = 0;
	one = split(one, &a);
	other = split(other, &b);
	return one && other && strcmp(one, other) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
