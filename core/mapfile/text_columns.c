// SPDX-License-Identifier: GPL-2.0-or-later
/* Text maps: what a column means, in whatever row it stands; see pcietool-map(5). */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/number.h"
#include "core/mapfile/text.h"
#include "core/regmap/store.h"

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

int text_take_number(struct text_map *t, const struct text_row *row, const char *what, const char *text,
		     uint64_t *value)
{
	struct error error;
	size_t digits = strspn(text, "0123456789abcdefABCDEF");

	if (number_parse(text, value, &error) == 0)
		return 0;
	if (digits > 0 && strcasecmp(text + digits, "h") == 0)
		return text_bad(t, row, "the %s is no number: '%.60s'; write 0x%.*s", what, text, (int)digits,
				text);
	return text_bad(t, row, "the %s is no number: %s", what, error.message);
}

int text_take_name(struct text_map *t, const struct text_row *row, const char *text, bool dotted,
		   const char **copy)
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) || text[n] == '_' || text[n] == '[' || text[n] == ']' ||
	       (dotted && text[n] == '.'))
		n++;
	if (isdigit((unsigned char)text[0]))
		return text_bad(
			t, row,
			"'%.60s' is no name: one that begins with a digit would be a number where it is used; write _%.60s",
			text, text);
	if (n == 0 || text[n] || strstr(text, "..") || text[0] == '.' || text[n - 1] == '.')
		return text_bad(t, row, "'%.60s' is no name", text);
	if (n >= REGMAP_NAME_SIZE)
		return text_bad(t, row, "'%.60s...' has more than %d characters", text, REGMAP_NAME_SIZE - 1);
	*copy = regmap_string(t->map, text, n);
	return *copy ? 0 : -ENOMEM;
}

int text_take_description(struct text_map *t, const struct text_row *row, unsigned int column,
			  const char **copy)
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

int text_take_bits(struct text_map *t, const struct text_row *row, const char *text, unsigned int *lsb,
		   unsigned int *bits)
{
	char high[64];
	const char *colon = strchr(text, ':');
	uint64_t msb;
	uint64_t low;
	int rc;

	if (colon && (size_t)(colon - text) >= sizeof(high))
		return text_bad(t, row, "'%.60s' are no bits: 7:4 or 3", text);
	snprintf(high, sizeof(high), "%.*s", colon ? (int)(colon - text) : 63, text);
	rc = text_take_number(t, row, "bit", high, &msb);
	low = msb;
	if (rc == 0 && colon)
		rc = text_take_number(t, row, "bit", colon + 1, &low);
	if (rc)
		return rc;
	if (low > msb || msb > 4095 || msb - low > 63)
		return text_bad(t, row,
				"'%.60s' are no bits: the higher one is first, and at most 64 of them", text);
	*lsb = (unsigned int)low;
	*bits = (unsigned int)(msb - low + 1);
	return 0;
}

/* The place of TEXT in WORDS, which ends with a NULL; data sheets write them in capitals. */
static int find_word(struct text_map *t, const struct text_row *row, const char *const *words,
		     const char *what, const char *text, int *value)
{
	char list[128] = "";
	size_t n = 0;

	for (int i = 0; words[i]; i++) {
		if (strcasecmp(words[i], text) == 0) {
			*value = i;
			return 0;
		}
	}
	for (int i = 0; words[i] && n < sizeof(list); i++)
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", i ? ", " : "", words[i]);
	return text_bad(t, row, "'%.60s' is no %s: %s", text, what, list);
}

/* What data sheets write in that column, where it says more than enum regmap_access, or says it in another way */
static const struct {
	const char *word;
	enum regmap_access access;
	enum regmap_read_effect on_read;
	enum regmap_write_effect on_write;
} access_synonyms[] = {
	{ "r", REGMAP_READ_ONLY, READ_HARMLESS, WRITE_MODIFIES },
	{ "w", REGMAP_WRITE_ONLY, READ_HARMLESS, WRITE_MODIFIES },
	{ "r/w", REGMAP_READ_WRITE, READ_HARMLESS, WRITE_MODIFIES },
	{ "r/o", REGMAP_READ_ONLY, READ_HARMLESS, WRITE_MODIFIES },
	{ "w/o", REGMAP_WRITE_ONLY, READ_HARMLESS, WRITE_MODIFIES },
	{ "read-only", REGMAP_READ_ONLY, READ_HARMLESS, WRITE_MODIFIES },
	{ "read-write", REGMAP_READ_WRITE, READ_HARMLESS, WRITE_MODIFIES },
	{ "write-only", REGMAP_WRITE_ONLY, READ_HARMLESS, WRITE_MODIFIES },
	{ "rc", REGMAP_READ_ONLY, READ_CLEARS, WRITE_MODIFIES },
	{ "rw1c", REGMAP_READ_WRITE, READ_HARMLESS, WRITE_1_CLEARS },
	{ "r/w1c", REGMAP_READ_WRITE, READ_HARMLESS, WRITE_1_CLEARS },
	{ "w1c", REGMAP_READ_WRITE, READ_HARMLESS, WRITE_1_CLEARS },
	{ "rw1s", REGMAP_READ_WRITE, READ_HARMLESS, WRITE_1_SETS },
	{ "r/w1s", REGMAP_READ_WRITE, READ_HARMLESS, WRITE_1_SETS },
	{ "w1s", REGMAP_READ_WRITE, READ_HARMLESS, WRITE_1_SETS },
};

int text_take_access(struct text_map *t, const struct text_row *row, const char *text,
		     struct regmap_behaviour *behaviour, unsigned int *given)
{
	int v = 0;
	int rc;

	for (size_t i = 0; i < sizeof(access_synonyms) / sizeof(access_synonyms[0]); i++) {
		if (strcasecmp(access_synonyms[i].word, text) != 0)
			continue;
		behaviour->access = access_synonyms[i].access;
		*given |= TEXT_ACCESS;
		if (access_synonyms[i].on_read != READ_HARMLESS) {
			behaviour->on_read = access_synonyms[i].on_read;
			*given |= TEXT_ON_READ;
		}
		if (access_synonyms[i].on_write != WRITE_MODIFIES) {
			behaviour->on_write = access_synonyms[i].on_write;
			*given |= TEXT_ON_WRITE;
		}
		return 0;
	}
	rc = find_word(t, row, text_access_words, "access", text[0] ? text : "-", &v);
	if (rc)
		return rc;
	behaviour->access = (enum regmap_access)v;
	/* '-' is said: unknown; an empty column is not */
	if (text[0])
		*given |= TEXT_ACCESS;
	return 0;
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
	rc = text_take_number(t, row, "minimum", low, &s->behaviour->minimum);
	if (rc == 0)
		rc = text_take_number(t, row, "maximum", dots + 2, &s->behaviour->maximum);
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
		rc = find_word(t, row, text_read_words, "effect of a read", text, &v);
		s->behaviour->on_read = (enum regmap_read_effect)v;
		*s->given |= TEXT_ON_READ;
	} else if (strcmp(key, "write") == 0) {
		rc = find_word(t, row, text_write_words, "effect of a write", text, &v);
		s->behaviour->on_write = (enum regmap_write_effect)v;
		*s->given |= TEXT_ON_WRITE;
	} else if (strcmp(key, "access") == 0) {
		rc = text_take_access(t, row, text, s->behaviour, s->given);
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
	if (strcmp(key, "alternate") == 0) {
		reg->is_alternate = strcmp(text, "yes") == 0;
		return reg->is_alternate || strcmp(text, "no") == 0
			       ? 0
			       : text_bad(t, row, "alternate= is yes or no, not '%.60s'", text);
	}
	if (strcmp(key, "fields") == 0) {
		reg->lacks_fields = strcmp(text, "some") == 0;
		return reg->lacks_fields || strcmp(text, "all") == 0
			       ? 0
			       : text_bad(t, row, "fields= is some or all, not '%.60s'", text);
	}
	if (strcmp(key, "block") == 0)
		return name_table_find(&t->blocks, text, strlen(text), &reg->block)
			       ? 0
			       : text_bad(t, row, "there is no block '%.60s' above", text);
	rc = text_take_number(t, row, key, text, &v);
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

bool text_is_one_of(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words != NULL;
}

static const char *const for_behaviour[] = { "read", "write", "access", "range", "only", NULL };
static const char *const for_reset[] = { "reset", "known", NULL };
static const char *const for_geometry[] = { "words", "width", "order", "block", "alternate", "fields", NULL };

/* For who writes a map. */
static const struct {
	const char *what;
	const char *const *keys;
} key_lists[] = {
	{ "KEYs of a register, a field and an effect:", for_behaviour },
	{ "KEYs of a register and an effect:", for_reset },
	{ "KEYs of a register:", for_geometry },
};

int text_take_keys(struct text_map *t, const struct text_row *row, unsigned int column,
		   struct text_subject *s, const char **text)
{
	int rc = 0;

	for (; rc == 0 && column < row->count; column++) {
		const char *c = row->columns[column].text;
		const char *equals = strchr(c, '=');
		char key[12] = "";

		if (!equals)
			break;
		if ((size_t)(equals - c) < sizeof(key))
			memcpy(key, c, (size_t)(equals - c));
		if (s->behaviour && text_is_one_of(key, for_behaviour))
			rc = key_behaviour(t, row, key, equals + 1, s);
		else if (s->reg &&
			 (text_is_one_of(key, for_reset) || (s->is_new && text_is_one_of(key, for_geometry))))
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
	return text ? text_take_description(t, row, column, text) : 0;
}

static void list_words(struct text_buffer *text, const char *what, const char *const *words)
{
	text_buffer_string(text, what);
	for (size_t i = 0; words[i]; i++)
		text_buffer_format(text, "%s%s", i ? ", " : " ", words[i]);
}

void text_list_words(struct text_buffer *text, const char *separator)
{
	list_words(text, "ACCESS:", text_access_words);
	for (size_t i = 0; i < sizeof(access_synonyms) / sizeof(access_synonyms[0]); i++)
		text_buffer_format(text, ", %s", access_synonyms[i].word);
	text_buffer_string(text, separator);
	list_words(text, "read=", text_read_words);
	text_buffer_string(text, separator);
	list_words(text, "write=", text_write_words);
	text_buffer_string(text, separator);
	text_buffer_string(text, "range=MINIMUM..MAXIMUM, only=enum, only=read: what may be written");
	for (size_t i = 0; i < sizeof(key_lists) / sizeof(key_lists[0]); i++) {
		text_buffer_string(text, separator);
		list_words(text, key_lists[i].what, key_lists[i].keys);
	}
	text_buffer_string(text, "\n");
}
