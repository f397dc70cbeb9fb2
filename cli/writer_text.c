// SPDX-License-Identifier: GPL-2.0-or-later
/* The form for people: labels, values and lines as the command puts them; hex and ASCII for data. */
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

/* "000102..ff": a byte's two digits at once. */
#define ROW(h) h "0" h "1" h "2" h "3" h "4" h "5" h "6" h "7" h "8" h "9" h "a" h "b" h "c" h "d" h "e" h "f"
static const char pairs[] = ROW("0") ROW("1") ROW("2") ROW("3") ROW("4") ROW("5") ROW("6") ROW("7") ROW("8")
	ROW("9") ROW("a") ROW("b") ROW("c") ROW("d") ROW("e") ROW("f");

static char *put_pair(char *p, unsigned char byte)
{
	memcpy(p, pairs + 2 * (size_t)byte, 2);
	return p + 2;
}

static char printable(unsigned char byte)
{
	/* without a branch, which random bytes would mislead */
	return (char)((unsigned char)(byte - 0x20) < 0x5f ? byte : '.');
}

/*
 * One line of up to 16 bytes: the offset, the values as they were read, the bytes as ASCII. Values are
 * shown as numbers of the access width, so that a register reads as in its manual.
 */
static void put_line(struct writer *w, const unsigned char *bytes, unsigned int length)
{
	unsigned int step = w->data_width / 8;
	unsigned int ascii = 10 + 16 / step * (2 * step + 1);
	char line[128];
	char *p = line;
	unsigned int offset_bytes = w->line_offset >> 32 ? 8 : 4;

	for (unsigned int i = offset_bytes; i-- > 0;)
		p = put_pair(p, (unsigned char)(w->line_offset >> (8 * i)));
	*p++ = ':';
	for (unsigned int i = 0; i < length; i += step) {
		*p++ = ' ';
		for (unsigned int b = step; b-- > 0;)
			p = put_pair(p, bytes[i + b]);
	}
	ascii += 2 * offset_bytes - 8;
	while ((unsigned int)(p - line) < ascii)
		*p++ = ' ';
	*p++ = ' ';
	for (unsigned int i = 0; i < length; i++)
		*p++ = printable(bytes[i]);
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
		put_line(w, w->line, w->line_length);
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
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	put(w, text);
}

void writer_column(struct writer *w, int column)
{
	if (w->json)
		return;
	while (w->column < column)
		put(w, " ");
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
