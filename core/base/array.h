/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables that grow by one item at a time. */
#ifndef PCIETOOL_ARRAY_H
#define PCIETOOL_ARRAY_H

#include <stdlib.h>

/*
 * Room for another item in a table of COUNT items of SIZE bytes, which starts as NULL: the table, perhaps moved, or
 * NULL when there is no memory (the old one is whole then). Capacities are powers of two, so COUNT tells them.
 */
static inline void *array_grow(void *table, size_t count, size_t size)
{
	if (count & (count - 1))
		return table;
	return reallocarray(table, count ? 2 * count : 1, size);
}

#endif
