// SPDX-License-Identifier: GPL-2.0-or-later
/* Text maps: what a column means: numbers, names, access, KEY=VALUE. */
#include "core/regmap/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/number.h"

int text_bad(struct text_map *t, const struct text_row *row, const char *format, ...)
{
	char text[300];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	regmap_problem(t->map, row->place, "%s: %s", row->columns[0].text, text);
	return TEXT_BAD;
}

int text_number(struct text_map *t, const struct text_row *row, const char *what, const char *text,
		uint64_t *value)
{
	struct error error;

	if (number_parse(text, value, &error) < 0)
		return text_bad(t, row, "the %s is no number: %s", what, error.message);
	return 0;
}

int text_name(struct text_map *t, const struct text_row *row, const char *text, bool dotted,
	      const char **copy)
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) || text[n] == '_' || text[n] == '[' || text[n] == ']' ||
	       (dotted && text[n] == '.'))
		n++;
	if (n == 0 || text[n] || isdigit((unsigned char)text[0]) || strstr(text, "..") || text[0] == '.' ||
	    text[n - 1] == '.')
		return text_bad(t, row, "'%.60s' is no name", text);
	if (n >= REGMAP_NAME_SIZE)
		return text_bad(t, row, "'%.60s...' has more than %d characters", text, REGMAP_NAME_SIZE - 1);
	*copy = regmap_string(t->map, text, n);
	return *copy ? 0 : -ENOMEM;
}

/* The rest of the line from COLUMN on, without quotes around it. */
int text_description(struct text_map *t, const struct text_row *row, unsigned int column, const char **copy)
{
	const char *text;
	size_t n;

	if (column >= row->count)
		return 0;
	text = row->line + row->columns[column].offset;
	n = strlen(text);
	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	if (n >= 2 && text[0] == '"' && text[n - 1] == '"') {
		text++;
		n -= 2;
	}
	if (n == 0)
		return 0;
	*copy = regmap_string(t->map, text, n);
	return *copy ? 0 : -ENOMEM;
}

struct word {
	const char *word;
	int value;
};

static const struct word accesses[] = {
	{ "", REGMAP_UNKNOWN },
	{ "-", REGMAP_UNKNOWN },
	{ "ro", REGMAP_READ_ONLY },
	{ "rw", REGMAP_READ_WRITE },
	{ "wo", REGMAP_WRITE_ONLY },
	{ "w1", REGMAP_WRITE_ONCE },
	{ "rw1", REGMAP_READ_WRITE_ONCE },
	{ NULL, 0 },
};

static const struct word read_effects[] = {
	{ "none", READ_HARMLESS },
	{ "clear", READ_CLEARS },
	{ "set", READ_SETS },
	{ "modify", READ_MODIFIES },
	{ "other", READ_MODIFIES_OTHERS },
	{ "unsafe", READ_UNSAFE },
	{ NULL, 0 },
};

static const struct word write_effects[] = {
	{ "none", WRITE_MODIFIES }, { "w1c", WRITE_1_CLEARS },
	{ "w1s", WRITE_1_SETS },    { "w1t", WRITE_1_TOGGLES },
	{ "w0c", WRITE_0_CLEARS },  { "w0s", WRITE_0_SETS },
	{ "w0t", WRITE_0_TOGGLES }, { "clear", WRITE_CLEARS },
	{ "set", WRITE_SETS },	    { NULL, 0 },
};

static int find_word(struct text_map *t, const struct text_row *row, const struct word *words,
		     const char *what, const char *text, int *value)
{
	for (; words->word; words++) {
		if (strcmp(words->word, text) == 0) {
			*value = words->value;
			return 0;
		}
	}
	return text_bad(t, row, "'%.60s' is no %s", text, what);
}

int text_access(struct text_map *t, const struct text_row *row, const char *text, int *value)
{
	return find_word(t, row, accesses, "access", text, value);
}

static int key_range(struct text_map *t, const struct text_row *row, const char *text, struct text_subject *s)
{
	char low[64];
	const char *dots = strstr(text, "..");
	int rc;

	if (!dots || (size_t)(dots - text) >= sizeof(low))
		return text_bad(t, row, "a range is MINIMUM..MAXIMUM, not '%.60s'", text);
	memcpy(low, text, (size_t)(dots - text));
	low[dots - text] = '\0';
	rc = text_number(t, row, "minimum", low, &s->behaviour->minimum);
	if (rc == 0)
		rc = text_number(t, row, "maximum", dots + 2, &s->behaviour->maximum);
	s->behaviour->constraint = CONSTRAINT_RANGE;
	*s->given |= TEXT_CONSTRAINT;
	return rc;
}

static int key_behaviour(struct text_map *t, const struct text_row *row, const char *key, const char *text,
			 struct text_subject *s)
{
	int v = 0;
	int rc;

	if (strcmp(key, "read") == 0) {
		rc = find_word(t, row, read_effects, "effect of a read", text, &v);
		s->behaviour->on_read = (enum regmap_read_effect)v;
		*s->given |= TEXT_ON_READ;
	} else if (strcmp(key, "write") == 0) {
		rc = find_word(t, row, write_effects, "effect of a write", text, &v);
		s->behaviour->on_write = (enum regmap_write_effect)v;
		*s->given |= TEXT_ON_WRITE;
	} else if (strcmp(key, "access") == 0) {
		rc = text_access(t, row, text, &v);
		s->behaviour->access = (enum regmap_access)v;
		*s->given |= TEXT_ACCESS;
	} else if (strcmp(key, "range") == 0) {
		rc = key_range(t, row, text, s);
	} else {
		s->behaviour->constraint = strcmp(text, "enum") == 0 ? CONSTRAINT_ENUM : CONSTRAINT_AS_READ;
		*s->given |= TEXT_CONSTRAINT;
		rc = 0;
		if (strcmp(text, "enum") != 0 && strcmp(text, "read") != 0)
			rc = text_bad(t, row, "only= is enum or read, not '%.60s'", text);
	}
	return rc;
}

static int key_register(struct text_map *t, const struct text_row *row, const char *key, const char *text,
			struct text_subject *s)
{
	struct regmap_register *reg = s->reg;
	uint64_t v = 0;
	int rc;

	if (strcmp(key, "order") == 0) {
		reg->low_first = strcmp(text, "low") == 0;
		return reg->low_first || strcmp(text, "high") == 0
			       ? 0
			       : text_bad(t, row, "order= is high or low, not '%.60s'", text);
	}
	if (strcmp(key, "block") == 0)
		return name_table_find(&t->blocks, text, strlen(text), &reg->block)
			       ? 0
			       : text_bad(t, row, "there is no block '%.60s' above", text);
	rc = text_number(t, row, key, text, &v);
	if (rc)
		return rc;
	if (strcmp(key, "width") == 0) {
		reg->width = (unsigned int)v;
		return v == 8 || v == 16 || v == 32 || v == 64
			       ? 0
			       : text_bad(t, row, "width= is 8, 16, 32 or 64");
	}
	if (strcmp(key, "reset") == 0) {
		reg->has_reset = true;
		reg->reset_value = v;
	} else if (strcmp(key, "known") == 0) {
		reg->reset_mask = v;
	} else if (v < 1 || v > 64) {
		return text_bad(t, row, "words= is 1 to 64");
	} else {
		reg->words = (unsigned int)v;
	}
	return 0;
}

static int key_value(struct text_map *t, const struct text_row *row, const char *text, struct text_subject *s)
{
	s->value->not_for_read = strcmp(text, "write") == 0;
	s->value->not_for_write = strcmp(text, "read") == 0;
	return s->value->not_for_read || s->value->not_for_write
		       ? 0
		       : text_bad(t, row, "for= is read or write, not '%.60s'", text);
}

static bool is_one_of(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

/* KEY=VALUE columns from COLUMN on; the description behind them. */
int text_keys(struct text_map *t, const struct text_row *row, unsigned int column, struct text_subject *s,
	      const char **text)
{
	static const char *const for_behaviour[] = { "read", "write", "access", "range", "only", NULL };
	static const char *const for_reset[] = { "reset", "known", NULL };
	static const char *const for_geometry[] = { "words", "width", "order", "block", NULL };
	int rc = 0;

	for (; rc == 0 && column < row->count; column++) {
		const char *c = row->columns[column].text;
		const char *equals = strchr(c, '=');
		char key[12] = "";

		if (!equals)
			break;
		if ((size_t)(equals - c) < sizeof(key))
			memcpy(key, c, (size_t)(equals - c));
		if (s->behaviour && is_one_of(key, for_behaviour))
			rc = key_behaviour(t, row, key, equals + 1, s);
		else if (s->reg && (is_one_of(key, for_reset) || (s->is_new && is_one_of(key, for_geometry))))
			rc = key_register(t, row, key, equals + 1, s);
		else if (s->value && strcmp(key, "for") == 0)
			rc = key_value(t, row, equals + 1, s);
		else if (text && key[0] && strspn(key, "abcdefghijklmnopqrstuvwxyz") == strlen(key))
			/* a side effect that is misspelt must not pass for a description */
			rc = text_bad(t, row,
				      "'%.60s' is no key here; a description that starts so is quoted", c);
		else
			break;
	}
	if (rc)
		return rc;
	if (!text && column < row->count && row->columns[column].text[0])
		return text_bad(t, row, "'%.60s' is not understood here", row->columns[column].text);
	return text ? text_description(t, row, column, text) : 0;
}
