// SPDX-License-Identifier: GPL-2.0-or-later
/* CSV is RFC 4180's, separated by what the heading has: spreadsheets write ';' where the comma is in numbers. */
#include "core/mapfile/text.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/base/number.h"
#include "core/mapfile/csv_size.h"
#include "core/regmap/store.h"

#define CELLS_MAX 64
/* Of a row, without its separators; more than a text map's line may have is refused there. */
#define ROW_SIZE 65000

enum column { NAME, OFFSET, WIDTH, BYTES, SIZE, ACCESS, RESET, DESCRIPTION, COLUMNS };

static const struct {
	const char *word; /* '(' stands for '[' too */
	enum column column;
} words[] = {
	{ "name", NAME },
	{ "register", NAME },
	{ "register name", NAME },
	{ "reg", NAME },
	{ "offset", OFFSET },
	{ "address", OFFSET },
	{ "addr", OFFSET },
	{ "address offset", OFFSET },
	{ "width", WIDTH },
	{ "bits", WIDTH },
	{ "width (bits)", WIDTH },
	{ "size (bits)", WIDTH },
	{ "size in bits", WIDTH },
	{ "bytes", BYTES },
	{ "width (bytes)", BYTES },
	{ "size (bytes)", BYTES },
	{ "size in bytes", BYTES },
	{ "size", SIZE }, /* of what, its values say */
	{ "access", ACCESS },
	{ "type", ACCESS },
	{ "mode", ACCESS },
	{ "r/w", ACCESS },
	{ "reset", RESET },
	{ "reset value", RESET },
	{ "default", RESET },
	{ "default value", RESET },
	{ "description", DESCRIPTION },
	{ "comment", DESCRIPTION },
};

struct cells {
	char bytes[ROW_SIZE];
	const char *cell[CELLS_MAX];
	unsigned int count;
	size_t place; /* of the row */
	bool is_cut; /* it has more than there is room for */
};

struct reader {
	struct text_map *map;
	const char *text;
	const char *end;
	const char *at; /* the next row */
	char separator;
	int column[COLUMNS]; /* which cell has it; -1: none */
	enum csv_unit unit; /* of SIZE */
	struct cells row;
	char line[ROW_SIZE + 8]; /* a description in quotes */
};

static void put(struct cells *row, size_t *used, char c)
{
	if (*used < sizeof(row->bytes) - 1)
		row->bytes[(*used)++] = c;
	else
		row->is_cut = true;
}

/* A quoted cell's text; its line ends and tabs become blanks. The place behind it. */
static const char *take_quoted(struct reader *r, const char *at, size_t *used)
{
	for (at++; at < r->end; at++) {
		if (*at == '"' && at + 1 < r->end && at[1] == '"')
			at++;
		else if (*at == '"')
			return at + 1;
		put(&r->row, used, *at == '\n' || *at == '\r' || *at == '\t' ? ' ' : *at);
	}
	return at;
}

/* The cell at AT without the blanks around it; the place of what ends it. */
static const char *take_cell(struct reader *r, const char *at, size_t *used)
{
	size_t start = *used;

	while (at < r->end && *at == ' ')
		at++;
	if (at < r->end && *at == '"')
		at = take_quoted(r, at, used);
	for (; at < r->end && *at != r->separator && *at != '\n'; at++) {
		if (*at != '\r')
			put(&r->row, used, *at ? *at : ' ');
	}
	while (*used > start && r->row.bytes[*used - 1] == ' ')
		(*used)--;
	if (r->row.count < CELLS_MAX)
		r->row.cell[r->row.count++] = r->row.bytes + start;
	put(&r->row, used, '\0');
	return at;
}

/* The next row that has something in it; false: there is none. */
static bool next_row(struct reader *r)
{
	while (r->at < r->end) {
		size_t used = 0;

		r->row.count = 0;
		r->row.is_cut = false;
		r->row.place = (size_t)(r->at - r->text);
		for (;; r->at++) {
			r->at = take_cell(r, r->at, &used);
			if (r->at >= r->end || *r->at == '\n')
				break;
		}
		r->at++;
		r->row.bytes[sizeof(r->row.bytes) - 1] = '\0';
		if (r->row.cell[0][0] == '#')
			continue;
		for (unsigned int i = 0; i < r->row.count; i++) {
			if (r->row.cell[i][0])
				return true;
		}
	}
	return false;
}

static bool is_word(const char *word, const char *text)
{
	for (; *word && *text; word++, text++) {
		char c = *text == '[' ? '(' : *text == ']' ? ')' : *text;

		if (tolower((unsigned char)c) != *word)
			return false;
	}
	return *word == *text;
}

/* Reads the heading: the separator is that with which it has most of the words. */
static bool take_heading(struct reader *r, const char *text, size_t length)
{
	bool has_number = false;

	r->text = text;
	r->end = text + length;
	r->at = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
	for (int i = 0; i < COLUMNS; i++)
		r->column[i] = -1;
	if (!next_row(r))
		return false;
	for (unsigned int i = 0; i < r->row.count; i++) {
		has_number |= r->row.cell[i][0] >= '0' && r->row.cell[i][0] <= '9';
		for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
			int *column = &r->column[words[w].column];

			if (is_word(words[w].word, r->row.cell[i]) && *column < 0)
				*column = (int)i;
		}
	}
	return r->column[NAME] >= 0 && r->column[OFFSET] >= 0 && !has_number;
}

static struct reader *open_reader(const char *text, size_t length, bool *is_one)
{
	struct reader *r = calloc(1, sizeof(*r));

	*is_one = false;
	for (const char *separator = ",;\t"; r && *separator && !*is_one; separator++) {
		r->separator = *separator;
		*is_one = take_heading(r, text, length);
	}
	return r;
}

bool csv_heading_is_one(const char *text, size_t length)
{
	bool is_one;
	struct reader *r = open_reader(text, length, &is_one);

	free(r);
	return is_one;
}

static const char *cell(const struct reader *r, enum column column)
{
	int i = r->column[column];

	return i >= 0 && (unsigned int)i < r->row.count ? r->row.cell[i] : "";
}

/* The bits of the row's register, as a text map's row has them; TEXT has room for a number. 0 or TEXT_BAD. */
static int take_bits(struct reader *r, const struct text_row *row, char *text, size_t size, const char **bits)
{
	bool in_bytes = r->column[BYTES] >= 0 || r->unit == CSV_BYTES;
	const char *given = cell(r, r->column[WIDTH] >= 0 ? WIDTH : r->column[BYTES] >= 0 ? BYTES : SIZE);
	uint64_t bytes;
	int rc;

	*bits = given[0] ? given : "32";
	if (r->column[WIDTH] >= 0 || !in_bytes || !given[0])
		return 0;
	rc = text_take_number(r->map, row, "size", given, &bytes);
	if (rc == 0 && (bytes < 1 || bytes > 8))
		rc = text_bad(r->map, row, "%.60s: a register has 1 to 8 bytes, not %" PRIu64 " bytes",
			      cell(r, NAME), bytes);
	if (rc)
		return rc;
	snprintf(text, size, "%" PRIu64, 8 * bytes);
	*bits = text;
	return 0;
}

static int take_row(struct reader *r)
{
	char reset[80];
	char number[24];
	struct text_row row = { .place = r->row.place, .count = 5, .line = r->line };
	const char *columns[] = { "register", cell(r, NAME), cell(r, OFFSET), NULL, cell(r, ACCESS) };
	int rc;

	if (r->row.is_cut) {
		regmap_problem(r->map->map, row.place, "the row has more than %d bytes", ROW_SIZE);
		return 0;
	}
	row.columns[0].text = columns[0];
	rc = take_bits(r, &row, number, sizeof(number), &columns[3]);
	if (rc)
		return rc == TEXT_BAD ? 0 : rc;
	for (unsigned int i = 0; i < row.count; i++)
		row.columns[i].text = columns[i];
	if (cell(r, RESET)[0] && strcmp(cell(r, RESET), "-") != 0) {
		snprintf(reset, sizeof(reset), "reset=%s", cell(r, RESET));
		row.columns[row.count++].text = reset;
	}
	if (cell(r, DESCRIPTION)[0]) {
		snprintf(r->line, sizeof(r->line), "\"%s\"", cell(r, DESCRIPTION));
		row.columns[row.count++].text = r->line;
	}
	return text_row_take(r->map, &row);
}

/* The numbers of all rows that have both; *ROWS is the caller's to free. 0 or -ENOMEM. */
static int take_sizes(struct reader *r, struct csv_size **rows, size_t *count)
{
	while (next_row(r)) {
		struct csv_size row;
		struct csv_size *grown;
		struct error ignored;

		/* the row itself says so */
		if (number_parse(cell(r, OFFSET), &row.offset, &ignored) < 0 ||
		    number_parse(cell(r, SIZE), &row.size, &ignored) < 0)
			continue;
		grown = array_grow(*rows, *count, sizeof(**rows));
		if (!grown)
			return -ENOMEM;
		*rows = grown;
		grown[(*count)++] = row;
	}
	return 0;
}

/* What a column that may be either has. 0, or -ENOMEM; TEXT_BAD: it cannot be told, and a problem was noted. */
static int take_unit(struct reader *r)
{
	struct regmap *map = r->map->map;
	const char *begin = r->at;
	const char *why = "";
	struct csv_size *rows = NULL;
	size_t count = 0;
	size_t heading = r->row.place;
	int rc;

	if (r->column[SIZE] < 0 || r->column[WIDTH] >= 0 || r->column[BYTES] >= 0)
		return 0;
	rc = take_sizes(r, &rows, &count);
	r->at = begin;
	if (rc == 0 && count) {
		r->unit = csv_size_unit(rows, count, &why);
		if (r->unit == CSV_UNKNOWN)
			regmap_problem(map, heading,
				       "the column 'Size' may be bits or bytes: call it 'Size (bits)' or "
				       "'Size (bytes)'");
		else
			regmap_note(map, heading,
				    "the column 'Size' is taken as %s: %s; 'Size (bits)' or 'Size (bytes)' "
				    "as its heading says it",
				    r->unit == CSV_BYTES ? "bytes" : "bits", why);
		rc = r->unit == CSV_UNKNOWN ? TEXT_BAD : 0;
	}
	free(rows);
	return rc;
}

int csv_heading_take(struct text_map *t)
{
	size_t length;
	const char *text = regmap_text(t->map, &length);
	bool is_one;
	struct reader *r = open_reader(text, length, &is_one);
	int rc = r ? 0 : -ENOMEM;

	if (r)
		r->map = t;
	if (rc == 0 && is_one)
		rc = take_unit(r);
	while (rc == 0 && is_one && next_row(r))
		rc = take_row(r);
	free(r);
	return rc == TEXT_BAD ? 0 : rc;
}
