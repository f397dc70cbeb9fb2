/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is given back all at once: what one command line takes. Its first block stays, so that many lines cost no
 * allocation.
 */
#ifndef PCIETOOL_ARENA_H
#define PCIETOOL_ARENA_H

#include <stddef.h>

struct arena_block;

/* Starts zeroed. */
struct arena {
	struct arena_block *blocks; /* the last one first */
	size_t used; /* of that */
};

/* COUNT items of SIZE bytes, zeroed, until the arena is reset; NULL: no memory. */
void *arena_array(struct arena *arena, size_t count, size_t size);
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif
