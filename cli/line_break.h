/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a line of text is broken so that it fits a terminal and can still be read. */
#ifndef PCIETOOL_LINE_BREAK_H
#define PCIETOOL_LINE_BREAK_H

#include <stddef.h>

/* How many columns of a terminal LENGTH bytes of UTF-8 take. */
size_t line_columns(const char *text, size_t length);

/*
 * How far what goes on in the next line is moved in: below the last column of a table when that is in the left part of
 * the terminal, otherwise a little behind where the line starts.
 */
size_t line_indent(const char *text, size_t length, size_t width);

/*
 * How much of TEXT fits into WIDTH columns, up to a blank, which is not counted; all of LENGTH when that fits, and
 * more than fits where nothing can be broken. What stands in 'quotes' is a command line, which is pasted: in one piece.
 */
size_t line_break(const char *text, size_t length, size_t width);

#endif
