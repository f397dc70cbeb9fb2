// SPDX-License-Identifier: GPL-2.0-or-later
/* Text maps: lines and columns; see pcietool-map(5). */
#include "core/regmap/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

/* With its NUL; room for any description that somebody would read. */
#define LINE_SIZE 65536

/* The line that is read, and a copy that is cut at the commas. */
struct line {
	char text[LINE_SIZE];
	char cut[LINE_SIZE];
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts SCRATCH, a copy of LINE, at its commas and takes the blanks off. */
static void split(struct text_row *row, const char *line, char *scratch)
{
	char *start = scratch;

	row->line = line;
	row->count = 0;
	while (row->count < TEXT_COLUMNS_MAX) {
		char *end = start + strcspn(start, ",");
		bool is_last = !*end || row->count == TEXT_COLUMNS_MAX - 1;
		char *next = end + 1;

		if (is_last)
			end = start + strlen(start);
		while (is_blank(*start))
			start++;
		while (end > start && is_blank(end[-1]))
			end--;
		*end = '\0';
		row->columns[row->count].text = start;
		row->columns[row->count].offset = (size_t)(start - scratch);
		row->count++;
		if (is_last)
			break;
		start = next;
	}
}

static int take_line(struct text_map *t, struct line *line, const char *text, size_t place, size_t length)
{
	struct text_row row = { .place = place };

	if (memchr(text, '\0', length)) {
		regmap_problem(t->map, place, "there is a NUL byte in the line");
		return 0;
	}
	if (length >= LINE_SIZE) {
		regmap_problem(t->map, place, "the line has more than %d bytes", LINE_SIZE - 1);
		return 0;
	}
	memcpy(line->text, text, length);
	line->text[length] = '\0';
	memcpy(line->cut, line->text, length + 1);
	split(&row, line->text, line->cut);
	if (row.columns[0].text[0] == '#' || (row.count == 1 && !row.columns[0].text[0]))
		return 0;
	return text_row_take(t, &row);
}

static int take_lines(struct text_map *t, struct line *scratch)
{
	size_t length;
	const char *text = regmap_text(t->map, &length);
	const char *end = text + length;
	/* a byte order mark, as some editors write it */
	const char *line = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
	int rc = 0;

	while (rc == 0 && line < end) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		const char *stop = newline ? newline : end;

		rc = take_line(t, scratch, line, (size_t)(line - text), (size_t)(stop - line));
		line = stop + 1;
	}
	return rc;
}

int regmap_parse_text(struct regmap *map, struct error *error)
{
	struct text_map t = { .map = map, .csr_data_width = 32, .csr_alignment = 32 };
	struct line *scratch = malloc(sizeof(*scratch));
	int rc = scratch ? take_lines(&t, scratch) : -ENOMEM;

	if (rc == 0)
		rc = text_finish(&t);
	if (rc == 0 && map->register_count == 0 && map->problem_count == 0)
		regmap_problem(map, 0, "there is no register in it; is it a register map?");
	name_table_free(&t.registers);
	name_table_free(&t.blocks);
	free(t.extra);
	free(t.fields);
	free(t.enums);
	free(scratch);
	return rc < 0 ? error_errno(error, rc, "%s", map->path) : 0;
}
