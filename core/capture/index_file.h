/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --index of a capture wrote, read again: a JSON document a line, see schemas/dma-capture-index.json. */
#ifndef PCIETOOL_INDEX_FILE_H
#define PCIETOOL_INDEX_FILE_H

#include <stdint.h>

#include "core/base/error.h"

/* Blocks that are looked at; a larger file is refused. */
#define INDEX_BLOCKS_MAX 10000000u

struct index_times {
	uint64_t *between; /* ns from a block to the next one, in the order of the file */
	uint64_t count;
	uint64_t blocks;
	uint64_t
		missing; /* numbers that are left out: blocks that were lost, whose neighbours no time is between */
};

/* A file that is no index, or whose times go back, is a usage error with the line. To be freed in every case. */
int index_times_read(const char *path, struct index_times *times, struct error *error);
void index_times_free(struct index_times *times);

#endif
