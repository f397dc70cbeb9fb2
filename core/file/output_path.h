/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a name that is given for output leads to, beside a file: a descriptor that whoever started the program opened, or
 * nothing yet, behind a link.
 */
#ifndef PCIETOOL_OUTPUT_PATH_H
#define PCIETOOL_OUTPUT_PATH_H

#include <stdbool.h>
#include <sys/types.h>

/* "-", or a name of descriptor 1, as /dev/stdout is. */
bool output_path_is_stdout(const char *path);

/*
 * The descriptor of this process, or of another one, that PATH leads to by /proc/PID/fd (proc(5)), by a number of ours and
 * closed on exec, the caller's to close. open(2) of such a name opens the file anew: at its start, and without the O_APPEND
 * that a shell's >> means. -ENOENT: PATH leads to none; -EBADF: to one that is not open for writing, or is the program's own
 * business, which is closed on exec; -EPERM: to another process', which this one may not take (pidfd_getfd(2)).
 */
int output_path_duplicate(const char *path);

/*
 * Opens PATH for writing, and makes it with MODE where it is not there. *MADE: the name of what was made, which is not PATH
 * where that is a link to nothing; to be freed; NULL: it was there, or has no name that can be known. The descriptor, or
 * -errno. Links are followed by the kernel alone, which may refuse (proc_sys_fs(5), protected_symlinks).
 */
int output_path_open(const char *path, mode_t mode, char **made);

/* The name of the regular file that is open as FD, to be freed; NULL: it has none, or there is no /proc. */
char *output_path_name(int fd);

#endif
