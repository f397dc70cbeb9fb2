/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a spreadsheet's column "Size" has bits or bytes, private to its reader: data sheets have both. */
#ifndef PCIETOOL_REGMAP_CSV_SIZE_H
#define PCIETOOL_REGMAP_CSV_SIZE_H

#include <stddef.h>
#include <stdint.h>

struct csv_size {
	uint64_t offset; /* bytes */
	uint64_t size;
};

enum csv_unit { CSV_UNKNOWN, CSV_BITS, CSV_BYTES };

/* What the COUNT ROWS, which it sorts, speak for; *WHY: the reason, for a message; CSV_UNKNOWN: none is good enough. */
enum csv_unit csv_size_unit(struct csv_size *rows, size_t count, const char **why);

#endif
