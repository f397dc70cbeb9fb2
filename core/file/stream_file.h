/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that is written to while something goes on: what was there before stays until that begins, and a file that was not
 * there is not there either when it never does. A descriptor that was given (output_path.h) is written to where it is.
 */
#ifndef PCIETOOL_STREAM_FILE_H
#define PCIETOOL_STREAM_FILE_H

#include <stdbool.h>

struct stream_file {
	int fd; /* the caller's to close */
	bool is_given; /* its offset and flags are others' too */
	char *made; /* its name, where it was not there and has not begun */
};

/* 0, or -errno with *FILE untouched. */
int stream_file_open(const char *path, struct stream_file *file);
/* Empties a regular file that was not given. -errno when that fails. */
int stream_file_begin(struct stream_file *file);
/* Removes what was made and never begun. All zero, and a second call, are nothing. */
void stream_file_end(struct stream_file *file);

#endif
