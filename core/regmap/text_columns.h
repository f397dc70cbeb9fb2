/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The columns of a text map's rows, private to regmap_text*.c. Each function notes a problem itself, at the row's place:
 * 0, TEXT_BAD, or -ENOMEM. Strings that it gives are the map's.
 */
#ifndef PCIETOOL_REGMAP_TEXT_COLUMNS_H
#define PCIETOOL_REGMAP_TEXT_COLUMNS_H

#include "core/regmap/text.h"

/* A row that is wrong: its problem is noted, the row left out, the rest read on. */
#define TEXT_BAD 1

/* What KEY=VALUE columns fill. Parts that a row cannot have are NULL. */
struct text_subject {
	struct regmap_behaviour *behaviour;
	unsigned int *given;
	struct regmap_register *reg;
	bool is_new; /* REG is being made: its geometry can be said */
	struct regmap_enum *value;
};

/* Returns TEXT_BAD. */
__attribute__((format(printf, 3, 4))) int text_bad(struct text_map *t, const struct text_row *row,
						   const char *format, ...);

/* WHAT is the column's name, for the problem. */
int text_number(struct text_map *t, const struct text_row *row, const char *what, const char *text,
		uint64_t *value);
/* DOTTED: may it have dots in it? */
int text_name(struct text_map *t, const struct text_row *row, const char *text, bool dotted,
	      const char **copy);
/* The rest of the line from COLUMN on, without quotes around it. *COPY stays when there is none. */
int text_description(struct text_map *t, const struct text_row *row, unsigned int column, const char **copy);
/* "ro", "rw" and so on: enum regmap_access. */
int text_access(struct text_map *t, const struct text_row *row, const char *text, int *value);
/* KEY=VALUE columns from COLUMN on; the description behind them, where TEXT is not NULL. */
int text_keys(struct text_map *t, const struct text_row *row, unsigned int column, struct text_subject *s,
	      const char **text);

#endif
