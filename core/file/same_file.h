/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether two names lead to one file. */
#ifndef PCIETOOL_SAME_FILE_H
#define PCIETOOL_SAME_FILE_H

#include <stdbool.h>
#include <sys/stat.h>

/*
 * Do ONE and OTHER lead to a file that is there, or would they make the same one? *STATUS is that of the first then; of one
 * that is not there its st_mode is 0. Looks only.
 */
bool same_file(const char *one, const char *other, struct stat *status);

#endif
