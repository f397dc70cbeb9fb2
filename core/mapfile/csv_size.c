// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/mapfile/csv_size.h"

#include <stdbool.h>
#include <stdlib.h>

static int by_offset(const void *a, const void *b)
{
	const struct csv_size *x = a;
	const struct csv_size *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Does each end, with a size in bytes, before the next one begins? Others at one place are no next one. */
static bool fits_bytes(const struct csv_size *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t next = i + 1;

		while (next < count && rows[next].offset == rows[i].offset)
			next++;
		if (next < count && rows[i].size > rows[next].offset - rows[i].offset)
			return false;
	}
	return true;
}

/* 8 is both: bits of the narrowest access, bytes of the widest. */
enum csv_unit csv_size_unit(struct csv_size *rows, size_t count, const char **why)
{
	bool has_small = false; /* no bits of an access */
	bool has_large = false; /* no bytes of one */
	bool is_bytes = true;

	for (size_t i = 0; i < count; i++) {
		uint64_t size = rows[i].size;

		has_small |= size < 8;
		has_large |= size > 8;
		is_bytes &= size == 1 || size == 2 || size == 4 || size == 8;
	}
	if (has_small && is_bytes) {
		*why = "all are 1, 2, 4 or 8";
		return CSV_BYTES;
	}
	if (has_large && !has_small) {
		*why = "none is below 8, some are above";
		return CSV_BITS;
	}
	if (count)
		qsort(rows, count, sizeof(*rows), by_offset);
	*why = "registers of so many bytes would overlap";
	return fits_bytes(rows, count) ? CSV_UNKNOWN : CSV_BITS;
}
