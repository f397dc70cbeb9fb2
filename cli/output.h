/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Raw bytes to a file or to standard output ("-"), every one or an error. With --dry-run no file is opened, made or
 * changed: a note says which would be.
 */
#ifndef PCIETOOL_OUTPUT_H
#define PCIETOOL_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/error.h"

struct atomic_file;
struct invocation;
struct output;

/*
 * NAME gets what is written when it is finished, as a whole or not at all (core/file/atomic_file.h). "-" is standard
 * output, which cannot carry a JSON document too, nor may it be a terminal. Fills the invocation's error record.
 */
int output_open(struct invocation *inv, const char *name, struct output **output);
int output_write(struct output *output, const void *data, size_t length, struct error *error);
bool output_is_stdout(const struct output *output);
/* The file is in its place, or the reason why not. */
int output_finish(struct output *output, struct error *error);
/* All of it in one piece. Fills the invocation's error record. */
int output_write_file(struct invocation *inv, const char *name, const void *data, size_t length);
/* What was not finished is not there. Accepts NULL. */
void output_close(struct output *output);

/*
 * Could NAME be made or written to? For what is not opened before there is something to put into it; what comes of that is
 * told then, too.
 */
int output_check(const char *name, struct error *error);

/* Could NAME ("-": standard input) be read? What may wait, or be taken from, by being opened is not. */
int input_check(const char *name, struct error *error);

/* Opens NAME ("-": standard input) for reading; the descriptor is the caller's, or -errno. */
int input_open(const char *name, struct error *error);

/*
 * A file of mode 0644 that is there whole or not at all, written in pieces. NAME NULL or "-": standard output, with all
 * else that goes there. Ends with a commit, whatever comes of it, or with an abort, which does nothing after a commit.
 */
struct whole_file {
	struct atomic_file *atomic; /* NULL: standard output, or nothing */
	bool is_discarded;
};

int whole_file_open(struct invocation *inv, const char *name, struct whole_file *file);
int whole_file_put(struct whole_file *file, const void *data, size_t length, struct error *error);
int whole_file_commit(struct whole_file *file, struct error *error);
void whole_file_abort(struct whole_file *file);
/* All of it in one piece. */
int whole_file_write(struct invocation *inv, const char *name, const void *data, size_t length);

#endif
