// SPDX-License-Identifier: GPL-2.0-or-later
/* Text maps: a file's lines, and what can be said when all are read; see pcietool-map(5). */
#include "core/mapfile/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/number.h"
#include "core/base/error.h"
#include "core/mapfile/format.h"
#include "core/regmap/store.h"

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

/* --- when all rows are read --------------------------------------------------------------------- */

/* LiteX: the block that is the longest beginning of the name, at a '_'. */
static uint32_t csr_block(const struct text_map *t, const char *name)
{
	for (size_t n = strlen(name); n > 0; n--) {
		uint32_t block;

		if (name[n] == '_' && name_table_find(&t->blocks, name, n, &block))
			return block;
	}
	return REGMAP_NO_BLOCK;
}

/*
 * LiteX (litex/soc/integration/export.py, soc_core.py): a word every csr_alignment bits, which carries csr_data_width of
 * them.
 */
static void finish_csr(struct text_map *t, struct regmap_register *reg)
{
	uint64_t bytes = reg->words * t->csr_alignment / 8;

	reg->block = csr_block(t, reg->name);
	reg->word_bits =
		(unsigned int)(t->csr_data_width < t->csr_alignment ? t->csr_data_width : t->csr_alignment);
	reg->width = (unsigned int)t->csr_alignment;
	reg->bits = reg->words * reg->word_bits;
	reg->low_first = t->csr_low_first;
	if (reg->address + (bytes - 1) < reg->address)
		regmap_problem(t->map, reg->place, "csr_register: %s ends above the highest address",
			       reg->name);
}

static void inherit(struct regmap_behaviour *b, unsigned int given, const struct regmap_behaviour *from)
{
	if (!(given & TEXT_ACCESS))
		b->access = from->access;
	if (!(given & TEXT_ON_READ))
		b->on_read = from->on_read;
	if (!(given & TEXT_ON_WRITE))
		b->on_write = from->on_write;
	/* a register's range is not one of its fields */
}

static int add_enums(struct text_map *t, const struct text_field *from, uint32_t *first, uint32_t *count)
{
	*first = (uint32_t)t->map->enum_count;
	for (uint32_t i = from->first_enum; i != TEXT_NONE; i = t->enums[i].next) {
		struct regmap_enum *e = regmap_add_enum(t->map);

		if (!e)
			return -ENOMEM;
		*e = t->enums[i].item;
	}
	*count = (uint32_t)t->map->enum_count - *first;
	return 0;
}

static int by_lsb(const void *a, const void *b)
{
	const struct text_field *x = *(const struct text_field *const *)a;
	const struct text_field *y = *(const struct text_field *const *)b;

	if (x->field.lsb != y->field.lsb)
		return x->field.lsb < y->field.lsb ? -1 : 1;
	return x->field.place < y->field.place ? -1 : 1;
}

static int add_field(struct text_map *t, const struct regmap_register *reg, const struct text_field *from)
{
	unsigned int end = from->field.lsb + from->field.bits;
	struct regmap_field *field;
	uint32_t first;
	uint32_t count;

	if (end > reg->bits) {
		regmap_problem(t->map, from->field.place,
			       "field: %s.%s: bit %u is past the register's %u bit%s", reg->name,
			       from->field.name, end - 1, reg->bits, plural(reg->bits));
		return 0;
	}
	if (end > 64) {
		regmap_problem(t->map, from->field.place,
			       "field: %s.%s: fields lie in a register's first 64 bits", reg->name,
			       from->field.name);
		return 0;
	}
	if (add_enums(t, from, &first, &count) < 0 || !(field = regmap_add_field(t->map)))
		return -ENOMEM;
	*field = from->field;
	field->first_enum = first;
	field->enum_count = count;
	inherit(&field->behaviour, from->given, &reg->behaviour);
	return 0;
}

/* The register's fields in the order of their bits. */
static int add_fields(struct text_map *t, uint32_t index, struct text_field ***list, size_t *room)
{
	struct regmap_register *reg = &t->map->registers[index];
	size_t count = 0;
	int rc = 0;

	reg->first_field = (uint32_t)t->map->field_count;
	for (uint32_t i = t->extra[index].first_field; i != TEXT_NONE; i = t->fields[i].next) {
		if (count == *room) {
			struct text_field **grown =
				reallocarray(*list, 2 * *room + 16, sizeof(struct text_field *));

			if (!grown)
				return -ENOMEM;
			*list = grown;
			*room = 2 * *room + 16;
		}
		(*list)[count++] = &t->fields[i];
	}
	if (count)
		qsort(*list, count, sizeof(struct text_field *), by_lsb);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = add_field(t, reg, (*list)[i]);
	reg->field_count = (uint32_t)t->map->field_count - reg->first_field;
	return rc;
}

/* The geometry of LiteX's registers, what fields inherit, the order of all. */
static int finish(struct text_map *t)
{
	struct text_field **list = NULL;
	size_t room = 0;
	int rc = 0;

	/* without a register there is none */
	for (uint32_t i = 0; rc == 0 && t->extra && i < t->map->register_count; i++) {
		if (t->extra[i].is_csr)
			finish_csr(t, &t->map->registers[i]);
		rc = add_fields(t, i, &list, &room);
	}
	free(list);
	if (rc == 0)
		text_check_conditions(t);
	return rc;
}

/* Does the first line that is no comment begin with what begins a row? An empty file is one too. */
static bool is_text_map(const char *text)
{
	size_t n;

	text += strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	for (;;) {
		text += strspn(text, " \t\r\n");
		if (*text != '#')
			break;
		/* a line of a C header is no comment */
		if (strncmp(text, "#define ", 8) == 0 || strncmp(text, "#ifndef ", 8) == 0)
			return false;
		text += strcspn(text, "\n");
	}
	n = strcspn(text, ", \t\r\n");
	return !*text || text_row_is_kind(text, n);
}

/* A file of another kind is told what it is, instead of what is wrong in each line. */
static int take_others(struct text_map *t, struct line *scratch)
{
	size_t length;
	const char *text = regmap_text(t->map, &length);
	const char *what = is_text_map(text) ? NULL : format_of_text(text, length);

	if (!what)
		return take_lines(t, scratch);
	regmap_problem(t->map, 0, "%s", what);
	return 0;
}

/* The rows of a text map, or of what LiteX has as JSON, HLS as a header and a spreadsheet as a CSV. */
static int take_rows(struct text_map *t, struct error *error)
{
	struct line *scratch;
	size_t length;
	const char *text = regmap_text(t->map, &length);
	int rc;

	if (csr_json_is_one(text, length))
		return csr_json_take(t, error);
	if (hls_header_is_one(text, length)) {
		rc = hls_header_take(t);
	} else if (csv_heading_is_one(text, length)) {
		rc = csv_heading_take(t);
	} else {
		scratch = malloc(sizeof(*scratch));
		rc = scratch ? take_others(t, scratch) : -ENOMEM;
		free(scratch);
	}
	return rc < 0 ? error_errno(error, rc, "%s", t->map->path) : 0;
}

int regmap_parse_text(struct regmap *map, struct error *error)
{
	struct text_map t = { .map = map, .csr_data_width = 32, .csr_alignment = 32 };
	int rc = take_rows(&t, error);

	if (rc == 0) {
		rc = finish(&t);
		if (rc < 0)
			error_errno(error, rc, "%s", map->path);
	}
	if (rc == 0 && map->register_count == 0 && map->problem_count == 0)
		regmap_problem(map, 0, "there is no register in it; is it a register map?");
	name_table_free(&t.registers);
	name_table_free(&t.refused);
	name_table_free(&t.blocks);
	free(t.extra);
	free(t.fields);
	free(t.enums);
	return rc;
}

int regmap_write_template(regmap_put put, void *data, struct error *error)
{
	struct text_buffer text = { 0 };
	int rc = text_template(&text);

	rc = rc < 0 ? error_errno(error, rc, "a template") : put(data, text.bytes, text.length, error);
	text_buffer_free(&text);
	return rc;
}
