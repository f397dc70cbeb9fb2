/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of text maps, private to text*.c. text.c cuts lines into columns and, when all are read, puts fields and
 * values in order; text_rows.c knows what each kind of row, and each of its columns, means.
 */
#ifndef PCIETOOL_REGMAP_TEXT_H
#define PCIETOOL_REGMAP_TEXT_H

#include "core/base/name_table.h"
#include "core/regmap/build.h"

#define TEXT_COLUMNS_MAX 24
#define TEXT_NONE UINT32_MAX

/* A row: its columns without the blanks around them. The last one that is kept has the rest of the line. */
struct text_row {
	size_t place;
	unsigned int count;
	struct text_column {
		const char *text; /* NUL-terminated, the row's */
		size_t offset; /* in the line */
	} columns[TEXT_COLUMNS_MAX];
	const char *line; /* all of it */
};

/* What a row says of how something behaves; bits of GIVEN for what it does say. */
enum { TEXT_ACCESS = 1, TEXT_ON_READ = 2, TEXT_ON_WRITE = 4, TEXT_CONSTRAINT = 8 };

struct text_field {
	struct regmap_field field;
	unsigned int given;
	uint32_t reg;
	uint32_t next; /* of the same register */
	uint32_t first_enum; /* in text_map.enums; TEXT_NONE */
	uint32_t last_enum;
};

struct text_enum {
	struct regmap_enum item;
	uint32_t next; /* of the same field */
};

/* What is known of a register beside what the map has. */
struct text_register {
	uint32_t first_field; /* in text_map.fields; TEXT_NONE */
	bool is_csr; /* LiteX's: its geometry depends on constants that may come later */
};

struct text_map {
	struct regmap *map;
	struct name_table registers; /* name to index */
	struct name_table
		refused; /* REGISTER and REGISTER.FIELD of rows that are wrong: what names them is not told of */
	struct name_table blocks;
	struct text_register *extra; /* one for each register */
	struct text_field *fields;
	size_t field_count;
	struct text_enum *enums;
	size_t enum_count;
	/* LiteX: config_csr_data_width, config_csr_alignment, config_csr_ordering */
	uint64_t csr_data_width;
	uint64_t csr_alignment;
	bool csr_low_first;
};

/* One row. 0, also where a problem was noted; -ENOMEM. */
int text_row_take(struct text_map *t, const struct text_row *row);

#endif
