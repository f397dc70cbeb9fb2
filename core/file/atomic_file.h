/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that is there whole or not at all: written without a name, so that nothing is left of it when its writer is
 * killed, synced, given its mode and put in its place; where the file system has no such files, written beside its place
 * under a name of its own, ".NAME.PID-N", and renamed. What is no regular file (a pipe, /dev/stdout), or is in a folder
 * that may not be written to, is written to as it is; a descriptor that was given (output_path.h) where it is.
 */
#ifndef PCIETOOL_ATOMIC_FILE_H
#define PCIETOOL_ATOMIC_FILE_H

#include <stddef.h>

#include "core/base/error.h"

struct atomic_file;

/*
 * *FILE is the caller's to commit or to abort. MODE is what it gets, whatever the umask; 0: what open(2) and the umask give
 * a new file, and the owner and mode of the one that it replaces.
 */
int atomic_file_open(const char *path, unsigned int mode, struct atomic_file **file, struct error *error);
int atomic_file_write(struct atomic_file *file, const void *data, size_t length, struct error *error);
/* What is lost by a crash can be made anew: a commit does not wait for the disk. */
void atomic_file_skip_sync(struct atomic_file *file);
/* The file is in its place. On failure nothing is left of it; either way FILE is freed. */
int atomic_file_commit(struct atomic_file *file, struct error *error);
/* Nothing is left of it, and what was in its place before is untouched. Accepts NULL. */
void atomic_file_abort(struct atomic_file *file);

#endif
