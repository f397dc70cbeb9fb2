/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of --index: a line of JSON for each block of a capture or a play. */
#ifndef PCIETOOL_CAPTURE_INDEX_H
#define PCIETOOL_CAPTURE_INDEX_H

#include <stdio.h>

#include "cli/writer.h"
#include "core/file/stream_file.h"
#include "core/capture/capture.h"

/* All zero is one that was not asked for: writing and closing it do nothing. */
struct capture_index {
	const char *path;
	struct stream_file file;
	FILE *stream; /* of that one */
	struct writer *writer;
	char name[64]; /* of its documents */
};

/* Could PATH be written to? NULL: none is asked for. */
int capture_index_check(const char *path, struct error *error);

/* PATH must outlive *INDEX; NULL: none is asked for. COMMAND: "dma capture". Errors are a file's: exit 1. */
int capture_index_open(struct capture_index *index, const char *path, const char *command,
		       struct error *error);
/* Empties it: from here on it is this capture's. One that never begins is left as it was, and not there where it was not. */
int capture_index_begin(struct capture_index *index, struct error *error);
int capture_index_write(struct capture_index *index, const struct capture_block *block, struct error *error);
/* Says what could not be written; may be called again. */
int capture_index_close(struct capture_index *index, struct error *error);

#endif
