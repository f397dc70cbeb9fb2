/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table that fits a terminal: util-linux' libsmartcols, which is loaded when a table is asked for. */
#ifndef PCIETOOL_TABLE_H
#define PCIETOOL_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#define TABLE_COLUMNS 8

struct table_column {
	const char *heading; /* NULL: the end of the list */
	bool may_be_cut; /* where the terminal is too narrow for all */
};

struct table;

/* For a terminal of WIDTH columns. NULL: there is no library, or no memory. */
struct table *table_open(const struct table_column *columns, unsigned int width);
/* A text for each column. 0 or -ENOMEM. */
int table_row(struct table *table, const char *const *cells);
/* All lines, each with its newline, in *TEXT, which is the caller's to free; NULL where there is no row. 0 or -errno. */
int table_format(struct table *table, char **text);
void table_close(struct table *table); /* accepts NULL */

#endif
