/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether two names lead to one file. */
#ifndef PCIETOOL_SAME_FILE_H
#define PCIETOOL_SAME_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

/* As many links as the kernel follows, path_resolution(7). */
#define SAME_FILE_LINKS_MAX 40

static inline bool same_inode(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/*
 * Do ONE and OTHER lead to a file that is there, or would they make the same one? *STATUS is that of the first then; of one
 * that is not there its st_mode is 0. Looks only.
 */
bool same_file(const char *one, const char *other, struct stat *status);

#endif
