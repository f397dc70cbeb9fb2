// SPDX-License-Identifier: GPL-2.0-or-later
/* The form for people: labels, values and lines as the command puts them; hex and ASCII for data. */
#include <endian.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/line_break.h"
#include "cli/writer_backend.h"

/* --- lines, as wide as the terminal at most ------------------------------------------------------- */

static unsigned int terminal_width(const struct writer *w)
{
	struct winsize size;

	if (!w->is_terminal || ioctl(w->terminal, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

static void put_broken(struct writer *w, const char *text, size_t length)
{
	size_t indent = line_indent(text, length, w->width);
	size_t room = w->width;

	while (length > 0) {
		size_t n = line_break(text, length, room);

		writer_put(w, text, n);
		while (n < length && text[n] == ' ')
			n++;
		text += n;
		length -= n;
		if (length == 0)
			return;
		writer_put(w, "\n", 1);
		for (size_t i = 0; i < indent; i++)
			writer_put(w, " ", 1);
		room = w->width - indent;
	}
}

void writer_text_flush(struct writer *w)
{
	const struct text_buffer *line = &w->pending;

	if (line->length == 0)
		return;
	if (w->is_verbatim || line_columns(line->bytes, line->length) <= w->width)
		writer_put(w, line->bytes, line->length);
	else
		put_broken(w, line->bytes, line->length);
	w->pending.length = 0;
}

static void put_bytes(struct writer *w, const char *bytes, size_t n)
{
	if (w->table) {
		if (w->cell >= 0)
			text_buffer_add(&w->cells[w->cell], bytes, n);
	} else if (w->width && !w->pending.failed) {
		text_buffer_add(&w->pending, bytes, n);
	} else {
		writer_put(w, bytes, n);
	}
	w->column += (int)n;
}

static void put(struct writer *w, const char *text)
{
	for (const char *end = strchr(text, '\n'); end; end = strchr(text, '\n')) {
		put_bytes(w, text, (size_t)(end - text));
		writer_line(w);
		text = end + 1;
	}
	put_bytes(w, text, strlen(text));
}

/* Of the line or of what is written at once, without a column of its own. */
static void put_escape(struct writer *w, const char *sequence)
{
	if (w->width && !w->pending.failed)
		text_buffer_add(&w->pending, sequence, strlen(sequence));
	else
		writer_put(w, sequence, strlen(sequence));
}

void writer_tone(struct writer *w, enum writer_tone tone)
{
	/* ECMA-48 5th edition, 8.3.117, "Select Graphic Rendition"; each begins anew */
	static const char *const sequences[TONES] = {
		[TONE_PLAIN] = "\033[m",
		[TONE_GOOD] = "\033[;32m",
		[TONE_WARNING] = "\033[;33m",
		[TONE_CRITICAL] = "\033[;1;31m",
	};

	if (!w->has_color || w->table || w->tone == tone)
		return;
	put_escape(w, sequences[tone]);
	w->tone = tone;
}

static void text_document(struct writer *w, const char *name)
{
	(void)name;
	w->width = terminal_width(w);
}

static void text_document_end(struct writer *w)
{
	if (w->column > 0)
		writer_line(w);
}

static void text_begin(struct writer *w, const char *key, enum writer_container container)
{
	(void)w;
	(void)key;
	(void)container;
}

static void text_end(struct writer *w, enum writer_container container)
{
	(void)w;
	(void)container;
}

/* A device's strings (VPD, names) must not drive the terminal. */
static void put_printable(struct writer *w, const char *text)
{
	while (*text) {
		size_t n = 0;

		while ((unsigned char)text[n] >= 0x20 && text[n] != 0x7f)
			n++;
		put_bytes(w, text, n);
		text += n;
		if (*text) {
			put(w, "?");
			text++;
		}
	}
}

static void text_scalar(struct writer *w, const char *key, const char *label, const char *text,
			const char *value, bool quoted)
{
	(void)key;
	(void)value;
	(void)quoted;
	if (!label)
		return;
	put(w, label);
	put_printable(w, text);
}

/* The eight digits of a word as they stand in memory: a nibble in each byte, and 'a' - '0' - 10 more where it is above 9. */
static uint64_t hex_digits(uint32_t word)
{
	uint64_t x = word;
	uint64_t above_9;

	x = (x | x << 16) & 0x0000ffff0000ffff;
	x = (x | x << 8) & 0x00ff00ff00ff00ff;
	x = (x | x << 4) & 0x0f0f0f0f0f0f0f0f;
	above_9 = (x + 0x0606060606060606) >> 4 & 0x0101010101010101;
	return htobe64(x + 0x3030303030303030 + above_9 * ('a' - '0' - 10));
}

/* Writes eight characters at P, whatever BITS, of which 2 * BITS / 8 count. */
static char *put_hex(char *p, uint32_t value, unsigned int bits)
{
	uint64_t digits = hex_digits(value << (32 - bits));

	memcpy(p, &digits, sizeof(digits));
	return p + bits / 4;
}

/* A number of the access width, least significant byte first. */
static char *put_value(char *p, const unsigned char *bytes, unsigned int step)
{
	uint64_t value;
	uint32_t half;
	uint16_t quarter;

	switch (step) {
	case 1:
		return put_hex(p, bytes[0], 8);
	case 2:
		memcpy(&quarter, bytes, sizeof(quarter));
		return put_hex(p, le16toh(quarter), 16);
	case 4:
		memcpy(&half, bytes, sizeof(half));
		return put_hex(p, le32toh(half), 32);
	default:
		memcpy(&value, bytes, sizeof(value));
		p = put_hex(p, (uint32_t)(le64toh(value) >> 32), 32);
		return put_hex(p, (uint32_t)le64toh(value), 32);
	}
}

/* Eight characters at once, a dot for each that is not of 0x20..0x7e: a byte's highest bit says whether it is. */
static uint64_t printable(uint64_t bytes)
{
	uint64_t low = bytes & 0x7f7f7f7f7f7f7f7f;
	uint64_t from_20 = low + 0x6060606060606060;
	uint64_t is_7f = low + 0x0101010101010101;
	uint64_t kept = ((from_20 & ~is_7f & ~bytes) >> 7 & 0x0101010101010101) * 0xff;

	return (bytes & kept) | (0x2e2e2e2e2e2e2e2e & ~kept);
}

/*
 * One line of up to 16 bytes: the offset, the values as they were read, the bytes as ASCII. Values are
 * shown as numbers of the access width, so that a register reads as in its manual.
 */
static void put_line(struct writer *w)
{
	unsigned int step = w->data_width / 8;
	unsigned int ascii = 10 + 16 / step * (2 * step + 1);
	uint64_t characters[2];
	char line[128];
	char *p = line;

	if (w->line_offset >> 32) {
		p = put_hex(p, (uint32_t)(w->line_offset >> 32), 32);
		ascii += 8;
	}
	p = put_hex(p, (uint32_t)w->line_offset, 32);
	*p++ = ':';
	for (unsigned int i = 0; i < w->line_length; i += step) {
		*p++ = ' ';
		p = put_value(p, w->line + i, step);
	}
	while ((unsigned int)(p - line) < ascii)
		*p++ = ' ';
	*p++ = ' ';
	memcpy(characters, w->line, sizeof(characters));
	characters[0] = printable(characters[0]);
	characters[1] = printable(characters[1]);
	memcpy(p, characters, sizeof(characters));
	p += w->line_length;
	*p++ = '\n';
	writer_put(w, line, (size_t)(p - line));
}

static void flush_line(struct writer *w)
{
	bool same = w->has_previous && w->line_length == 16 && !w->data_all &&
		    memcmp(w->line, w->previous, 16) == 0;

	if (w->line_length == 0)
		return;
	if (!same) {
		put_line(w);
		w->repeated = false;
	} else if (!w->repeated) {
		writer_put(w, "*\n", 2);
		w->repeated = true;
	}
	memcpy(w->previous, w->line, 16);
	w->has_previous = w->line_length == 16;
	w->line_length = 0;
	w->line_offset += 16;
}

static void text_data(struct writer *w, const char *key, uint64_t offset, const void *data, size_t length,
		      unsigned int width, bool all)
{
	const unsigned char *bytes = data;

	(void)key;
	writer_text_flush(w);
	if (!w->in_data) {
		w->repeated = false;
		w->has_previous = false;
		w->line_length = 0;
		w->line_offset = offset;
		w->data_width = width;
		w->data_all = all;
	}
	w->data_end_offset = offset + length;
	while (length > 0) {
		size_t n = 16 - w->line_length < length ? 16 - w->line_length : length;

		memcpy(w->line + w->line_length, bytes, n);
		w->line_length += (unsigned int)n;
		bytes += n;
		length -= n;
		if (w->line_length == 16)
			flush_line(w);
	}
}

static void text_data_end(struct writer *w)
{
	flush_line(w);
	/* where the run ends would otherwise not be seen */
	if (w->repeated)
		writer_text(w, "%08llx\n", (unsigned long long)w->data_end_offset);
	w->column = 0;
}

const struct writer_ops writer_text_ops = {
	.document = text_document,
	.document_end = text_document_end,
	.begin = text_begin,
	.end = text_end,
	.scalar = text_scalar,
	.data = text_data,
	.data_end = text_data_end,
};

void writer_text(struct writer *w, const char *format, ...)
{
	char text[512];
	va_list ap;

	if (w->json)
		return;
	if (!strchr(format, '%')) {
		put(w, format);
		return;
	}
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	put(w, text);
}

void writer_column(struct writer *w, int column)
{
	if (w->json)
		return;
	while (w->column < column) {
		static const char blanks[] = "                ";
		size_t left = (size_t)(column - w->column);

		put_bytes(w, blanks, left < sizeof(blanks) - 1 ? left : sizeof(blanks) - 1);
	}
}

/* The text of a cell without what joins it to its neighbours in a line. */
static const char *cell_text(struct text_buffer *cell)
{
	const char *text;

	while (cell->length && strchr(" ,", cell->bytes[cell->length - 1]))
		cell->length--;
	text_buffer_add(cell, "", 1);
	if (cell->failed)
		return "";
	for (text = cell->bytes; *text && strchr(" ,", *text);)
		text++;
	return text;
}

static void end_row(struct writer *w)
{
	const char *cells[TABLE_COLUMNS] = { NULL };
	int rc;

	for (size_t i = 0; i < TABLE_COLUMNS && w->columns[i].heading; i++)
		cells[i] = cell_text(&w->cells[i]);
	rc = table_row(w->table, cells);
	if (rc < 0 && !w->error)
		w->error = rc;
	for (size_t i = 0; i < TABLE_COLUMNS; i++)
		w->cells[i].length = 0;
}

void writer_line(struct writer *w)
{
	if (w->json)
		return;
	w->column = 0;
	if (w->table) {
		end_row(w);
		return;
	}
	writer_tone(w, TONE_PLAIN);
	writer_text_flush(w);
	writer_put(w, "\n", 1);
}

void writer_verbatim(struct writer *w, bool verbatim)
{
	writer_text_flush(w);
	w->is_verbatim = verbatim;
}

unsigned int writer_width(const struct writer *w)
{
	return w->width;
}

/* --- tables --------------------------------------------------------------------------------------- */

bool writer_table(struct writer *w, const struct table_column *columns)
{
	if (w->json || !w->width)
		return false;
	w->table = table_open(columns, w->width);
	w->columns = columns;
	w->cell = -1;
	return w->table;
}

bool writer_is_table(const struct writer *w)
{
	return w->table;
}

void writer_cell(struct writer *w, const char *heading)
{
	if (!w->table)
		return;
	w->cell = -1;
	for (int i = 0; heading && w->columns[i].heading; i++) {
		if (strcmp(w->columns[i].heading, heading) == 0)
			w->cell = i;
	}
}

void writer_table_end(struct writer *w)
{
	struct table *table = w->table;
	char *text = NULL;
	int rc;

	if (!table)
		return;
	w->table = NULL;
	rc = table_format(table, &text);
	if (rc == 0 && text)
		writer_put(w, text, strlen(text));
	else if (rc < 0 && !w->error)
		w->error = rc;
	if (text && text[0] && text[strlen(text) - 1] != '\n')
		writer_put(w, "\n", 1);
	free(text);
	table_close(table);
	for (size_t i = 0; i < TABLE_COLUMNS; i++)
		text_buffer_free(&w->cells[i]);
}
