// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory that is given back all at once. */
#include "core/base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* of a usual line, and some */
#define BLOCK_SIZE (16u << 10)

struct arena_block {
	struct arena_block *before;
	size_t size;
	max_align_t bytes[];
};

static int add_block(struct arena *a, size_t least)
{
	size_t size = least > BLOCK_SIZE ? least : BLOCK_SIZE;
	struct arena_block *block = size <= SIZE_MAX - sizeof(*block) ? malloc(sizeof(*block) + size) : NULL;

	if (!block)
		return -1;
	block->before = a->blocks;
	block->size = size;
	a->blocks = block;
	a->used = 0;
	return 0;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	const size_t step = _Alignof(max_align_t);
	size_t length;
	char *bytes;

	if (__builtin_mul_overflow(count, size, &length) || length > SIZE_MAX - step)
		return NULL;
	length = (length + step - 1) / step * step;
	if ((!a->blocks || length > a->blocks->size - a->used) && add_block(a, length) < 0)
		return NULL;
	bytes = (char *)a->blocks->bytes + a->used;
	a->used += length;
	return memset(bytes, 0, length);
}

void arena_reset(struct arena *a)
{
	while (a->blocks && a->blocks->before) {
		struct arena_block *before = a->blocks->before;

		free(a->blocks);
		a->blocks = before;
	}
	a->used = 0;
}

void arena_free(struct arena *a)
{
	arena_reset(a);
	free(a->blocks);
	*a = (struct arena){ 0 };
}
