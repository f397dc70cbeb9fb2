// SPDX-License-Identifier: GPL-2.0-or-later
/* CSV is RFC 4180's, separated by what the heading has: spreadsheets write ';' where the comma is in numbers. */
#include "core/mapfile/text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/regmap/store.h"

#define CELLS_MAX 64
/* Of a row, without its separators; more than a text map's line may have is refused there. */
#define ROW_SIZE 65000

enum column { NAME, OFFSET, WIDTH, ACCESS, RESET, DESCRIPTION, COLUMNS };

static const struct {
	const char *word;
	enum column column;
} words[] = {
	{ "name", NAME },	    { "register", NAME },
	{ "register name", NAME },  { "reg", NAME },
	{ "offset", OFFSET },	    { "address", OFFSET },
	{ "addr", OFFSET },	    { "address offset", OFFSET },
	{ "width", WIDTH },	    { "bits", WIDTH },
	{ "size", WIDTH },	    { "access", ACCESS },
	{ "type", ACCESS },	    { "mode", ACCESS },
	{ "r/w", ACCESS },	    { "reset", RESET },
	{ "reset value", RESET },   { "default", RESET },
	{ "default value", RESET }, { "description", DESCRIPTION },
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

			if (strcasecmp(words[w].word, r->row.cell[i]) == 0 && *column < 0)
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

static int take_row(struct reader *r)
{
	char reset[80];
	struct text_row row = { .place = r->row.place, .count = 5, .line = r->line };
	const char *const columns[] = {
		"register",	 cell(r, NAME), cell(r, OFFSET), cell(r, WIDTH)[0] ? cell(r, WIDTH) : "32",
		cell(r, ACCESS),
	};

	if (r->row.is_cut) {
		regmap_problem(r->map->map, row.place, "the row has more than %d bytes", ROW_SIZE);
		return 0;
	}
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

int csv_heading_take(struct text_map *t)
{
	size_t length;
	const char *text = regmap_text(t->map, &length);
	bool is_one;
	struct reader *r = open_reader(text, length, &is_one);
	int rc = r ? 0 : -ENOMEM;

	if (r)
		r->map = t;
	while (rc == 0 && is_one && next_row(r))
		rc = take_row(r);
	free(r);
	return rc;
}
