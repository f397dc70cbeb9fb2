// SPDX-License-Identifier: GPL-2.0-or-later
/* libsmartcols and nothing else; it is part of util-linux, so its header's package is not asked for. */
#include "cli/table.h"

#include <errno.h>
#include <stdlib.h>

#include "core/base/library.h"

/* util-linux, libsmartcols.h: the functions below, as of 2.29 */
#define SCOLS_FL_TRUNC (1 << 0)
#define SCOLS_TERMFORCE_ALWAYS 2

struct libscols_table;
struct libscols_column;
struct libscols_line;

struct libscols_table *scols_new_table(void);
void scols_unref_table(struct libscols_table *tb);
int scols_table_set_termforce(struct libscols_table *tb, int force);
int scols_table_set_termwidth(struct libscols_table *tb, size_t width);
struct libscols_column *scols_table_new_column(struct libscols_table *tb, const char *name, double whint,
					       int flags);
struct libscols_line *scols_table_new_line(struct libscols_table *tb, struct libscols_line *parent);
int scols_line_set_data(struct libscols_line *ln, size_t n, const char *data);
int scols_print_table_to_string(struct libscols_table *tb, char **data);

#define FUNCTIONS(X)                                                                                         \
	X(scols_new_table)                                                                                   \
	X(scols_unref_table)                                                                                 \
	X(scols_table_set_termforce)                                                                         \
	X(scols_table_set_termwidth)                                                                         \
	X(scols_table_new_column)                                                                            \
	X(scols_table_new_line)                                                                              \
	X(scols_line_set_data)                                                                               \
	X(scols_print_table_to_string)

struct table {
	void *library;
	struct libscols_table *lines;
	size_t columns;
	size_t rows;
	FUNCTIONS(LIBRARY_MEMBER)
};

static bool add_columns(struct table *t, const struct table_column *columns)
{
	for (; columns->heading; columns++, t->columns++) {
		/* one column is what it wants, until the library shares what is left */
		if (!t->scols_table_new_column(t->lines, columns->heading, 1,
					       columns->may_be_cut ? SCOLS_FL_TRUNC : 0))
			return false;
	}
	return true;
}

struct table *table_open(const struct table_column *columns, unsigned int width)
{
#define SYMBOL(name) LIBRARY_SYMBOL(struct table, name)
	static const struct library_symbol symbols[] = { FUNCTIONS(SYMBOL) };
#undef SYMBOL
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->library = library_load("libsmartcols.so.1", t, symbols, sizeof(symbols) / sizeof(symbols[0]));
	if (t->library)
		t->lines = t->scols_new_table();
	if (t->lines && t->scols_table_set_termforce(t->lines, SCOLS_TERMFORCE_ALWAYS) == 0 &&
	    t->scols_table_set_termwidth(t->lines, width) == 0 && add_columns(t, columns))
		return t;
	table_close(t);
	return NULL;
}

int table_row(struct table *t, const char *const *cells)
{
	struct libscols_line *line = t->scols_table_new_line(t->lines, NULL);

	if (!line)
		return -ENOMEM;
	for (size_t i = 0; i < t->columns; i++) {
		if (t->scols_line_set_data(line, i, cells[i]) < 0)
			return -ENOMEM;
	}
	t->rows++;
	return 0;
}

int table_format(struct table *t, char **text)
{
	char *made = NULL;
	int rc = t->rows ? t->scols_print_table_to_string(t->lines, &made) : 0;

	if (rc == 0)
		*text = made;
	return rc;
}

void table_close(struct table *t)
{
	if (!t)
		return;
	if (t->lines)
		t->scols_unref_table(t->lines);
	library_close(t->library);
	free(t);
}
