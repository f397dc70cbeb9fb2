// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines that are longer than a terminal is wide: broken at blanks, what follows moved in. */
#include "cli/line_break.h"

#include <ctype.h>
#include <stdbool.h>

/* A device's page of names, say, is never broken so that less than this is left beside the indent. */
#define TEXT_MIN 24
#define STEP 4

/* How long the character at the start of TEXT is, with the colour before it: "\033[1;31m" takes no column. */
static size_t character(const char *text, size_t length, size_t *columns)
{
	size_t n = 0;

	*columns = 0;
	while (n + 1 < length && text[n] == '\033') {
		while (n < length && text[n] != 'm')
			n++;
		n += n < length;
	}
	if (n == length)
		return n;
	*columns = ((unsigned char)text[n] & 0xc0) != 0x80;
	return n + 1;
}

size_t line_columns(const char *text, size_t length)
{
	size_t columns = 0;
	size_t wide;

	for (size_t i = 0; i < length; i += character(text + i, length - i, &wide), columns += wide)
		;
	return columns;
}

size_t line_indent(const char *text, size_t length, size_t width)
{
	size_t start = 0;
	size_t indent;

	while (start < length && text[start] == ' ')
		start++;
	indent = start + STEP;
	for (size_t i = start + 2; i < length && line_columns(text, i) + TEXT_MIN <= width; i++) {
		if (text[i] != ' ' && text[i - 1] == ' ' && text[i - 2] == ' ')
			indent = line_columns(text, i);
	}
	return indent + TEXT_MIN <= width ? indent : 0;
}

/* Does the quote at I begin a command line, or end it? An apostrophe does neither. */
static bool opens(const char *text, size_t i)
{
	return i == 0 || text[i - 1] == ' ' || text[i - 1] == '(';
}

static bool closes(const char *text, size_t length, size_t i)
{
	return i + 1 == length || !isalnum((unsigned char)text[i + 1]);
}

size_t line_break(const char *text, size_t length, size_t width)
{
	bool quoted = false;
	size_t last = 0;
	size_t column = 0;

	for (size_t i = 0; i < length;) {
		size_t wide;
		size_t next = i + character(text + i, length - i, &wide);

		if (text[i] == '\'' && (quoted ? closes(text, length, i) : opens(text, i)))
			quoted = !quoted;
		/* not between the blanks of one gap, nor in those that the line starts with */
		if (text[i] == ' ' && !quoted && i > 0 && text[i - 1] != ' ') {
			if (column > width && last)
				return last;
			last = i;
			if (column > width)
				return last;
		}
		column += wide;
		i = next;
	}
	return column > width && last ? last : length;
}
