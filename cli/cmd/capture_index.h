/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --index of capture and play: a line of JSON for every block. */
#ifndef PCIETOOL_CAPTURE_INDEX_H
#define PCIETOOL_CAPTURE_INDEX_H

#include <stdio.h>

#include "cli/writer.h"
#include "core/capture/capture.h"

struct capture_index {
	const char *file;
	FILE *stream; /* NULL: none was asked for */
	struct writer *writer;
	char name[64]; /* of its documents */
};

/* FILE NULL: there is none. COMMAND: "dma capture". */
int capture_index_open(struct capture_index *index, const char *file, const char *command,
		       struct error *error);
int capture_index_write(struct capture_index *index, const struct capture_block *block, struct error *error);
/* Reports what only then is known to have failed; may be called again. */
int capture_index_close(struct capture_index *index, struct error *error);

#endif
