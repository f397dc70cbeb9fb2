/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of text maps, and of other files that become their rows; private to it. text.c cuts lines into columns and,
 * when all are read, puts fields and values in order; text_rows.c knows what each kind of row does, text_columns.c what
 * its columns mean.
 */
#ifndef PCIETOOL_REGMAP_TEXT_H
#define PCIETOOL_REGMAP_TEXT_H

#include "core/base/name_table.h"
#include "core/base/text_buffer.h"
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

/* Rows about blocks (text_blocks.c). 0, TEXT_BAD, -ENOMEM. */
int text_row_block(struct text_map *t, const struct text_row *row);
int text_row_bar(struct text_map *t, const struct text_row *row);
int text_row_if(struct text_map *t, const struct text_row *row);
/* When all rows are read: notes a problem for each condition that cannot be asked for. */
void text_check_conditions(struct text_map *t);

/* One row (text_rows.c). 0, also where a problem was noted; -ENOMEM. */
int text_row_take(struct text_map *t, const struct text_row *row);

/* Is WORD, of LENGTH characters, what a row begins with? */
bool text_row_is_kind(const char *word, size_t length);

/* A map with a row of each kind, explained. 0 or -ENOMEM. */
int text_template(struct text_buffer *text);

/* --- items (text_items.c); as rows: 0, TEXT_BAD, or -ENOMEM ------------------------------------------ */

/* A block; not one whose name another has. */
int text_add_block(struct text_map *t, const struct text_row *row, struct regmap_block block);
/* A register of that row; IS_CSR: LiteX's. */
int text_add_register(struct text_map *t, const struct text_row *row, const struct regmap_register *reg,
		      bool is_csr);
/* A field of its register, and a value of FIELD, which is in T. 0 or -ENOMEM. */
int text_add_field(struct text_map *t, const struct text_field *field);
int text_add_enum(struct text_map *t, struct text_field *field, const struct text_enum *e);

/* include,FILE,BAR,BASE: all that another map has (text_include.c). */
int text_include(struct text_map *t, const struct text_row *row);

/* --- files whose rows become register rows; each takes all of the map's text: 0, also where problems were noted, or -ENOMEM */

/* LiteX's csr.json: the same as csr.csv. Does the text begin as JSON does? */
bool csr_json_is_one(const char *text, size_t length);
/* -errno with ERROR too where there is no library. */
int csr_json_take(struct text_map *t, struct error *error);

/* A CSV that a spreadsheet saves. Is its first row a heading with a name and an offset in it? */
bool csv_heading_is_one(const char *text, size_t length);
int csv_heading_take(struct text_map *t);

/* The x*_hw.h that Vivado and Vitis HLS write for a kernel: its comments describe the registers of each AXI-Lite interface. */
bool hls_header_is_one(const char *text, size_t length);
int hls_header_take(struct text_map *t);

/* --- columns (text_columns.c); each notes a problem itself, at the row's place: 0, TEXT_BAD, or -ENOMEM ------ */

/* A row that is wrong: its problem is noted, the row left out, the rest read on. */
#define TEXT_BAD 1

/* What KEY=VALUE columns fill. Parts that a row cannot have are NULL. */
struct text_subject {
	struct regmap_behaviour *behaviour;
	unsigned int *given;
	struct regmap_register *reg;
	bool is_new; /* REG is being made: its geometry can be said */
	struct regmap_enum *value;
};

/* Notes a problem of ROW. Returns TEXT_BAD. */
int text_bad(struct text_map *t, const struct text_row *row, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* WHAT is the column's name, for the problem. */
int text_take_number(struct text_map *t, const struct text_row *row, const char *what, const char *text,
		     uint64_t *value);
/* DOTTED: may it have dots in it? */
int text_take_name(struct text_map *t, const struct text_row *row, const char *text, bool dotted,
		   const char **copy);
/* "7:4" or "3" */
int text_take_bits(struct text_map *t, const struct text_row *row, const char *text, unsigned int *lsb,
		   unsigned int *bits);
/* The rest of the line from COLUMN on, without quotes around it. *COPY stays when there is none. */
int text_take_description(struct text_map *t, const struct text_row *row, unsigned int column,
			  const char **copy);
/* "ro", "rw" and so on: enum regmap_access; and what a synonym says of effects. */
int text_take_access(struct text_map *t, const struct text_row *row, const char *text,
		     struct regmap_behaviour *behaviour, unsigned int *given);
/* KEY=VALUE columns from COLUMN on; the description behind them, where TEXT is not NULL. */
int text_take_keys(struct text_map *t, const struct text_row *row, unsigned int column,
		   struct text_subject *s, const char **text);
/* The words and keys that columns know, a list each, SEPARATOR between them and a newline at the end. */
void text_list_words(struct text_buffer *text, const char *separator);
bool text_is_one_of(const char *word, const char *const *words); /* WORDS ends with a NULL */

/* What text maps call them, by their enum; each list ends with a NULL (write_text.c). */
extern const char *const text_access_words[];
extern const char *const text_read_words[];
extern const char *const text_write_words[];

#endif
