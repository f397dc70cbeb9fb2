// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/words.h"

#include <stdlib.h>
#include <string.h>

static int make_room(struct words *w, size_t length)
{
	/* a word takes a character and a blank at least, and the list a NULL */
	size_t count = length / 2 + 2;

	if (length + 1 > w->text_size) {
		char *text = realloc(w->text, 2 * length + 64);

		if (!text)
			return -ENOMEM;
		w->text = text;
		w->text_size = 2 * length + 64;
	}
	if (count > w->list_size) {
		char **list = reallocarray(w->list, 2 * count + 16, sizeof(*list));

		if (!list)
			return -ENOMEM;
		w->list = list;
		w->list_size = 2 * count + 16;
	}
	return 0;
}

static int unclosed(char quote, struct error *error)
{
	return error_set(error, ERROR_USAGE, "unclosed-quote", "the quote %c is never closed", quote);
}

/* What is between quotes, from behind the first one; *CURSOR is behind the last then. */
static int take_quoted(const char **cursor, char quote, char **out, struct error *error)
{
	const char *c = *cursor;

	while (*c && *c != quote) {
		if (quote == '"' && *c == '\\' && c[1] && strchr("\"\\$`", c[1]))
			c++;
		*(*out)++ = *c++;
	}
	if (!*c)
		return unclosed(quote, error);
	*cursor = c + 1;
	return 0;
}

/* One word, up to a blank or the end. */
static int take_word(const char **cursor, char **out, struct error *error)
{
	int rc = 0;

	while (rc == 0 && **cursor && **cursor != ' ' && **cursor != '\t') {
		char c = *(*cursor)++;

		if (c == '\'' || c == '"')
			rc = take_quoted(cursor, c, out, error);
		else if (c == '\\' && !**cursor)
			rc = error_set(error, ERROR_USAGE, "unclosed-quote",
				       "a '\\' at the end has nothing behind it");
		else
			*(*out)++ = c == '\\' ? *(*cursor)++ : c;
	}
	*(*out)++ = '\0';
	return rc;
}

int words_split(const char *line, struct words *words, struct error *error)
{
	const char *cursor = line;
	char *out;
	int rc;

	rc = make_room(words, strlen(line));
	if (rc < 0)
		return error_errno(error, rc, "a line");
	out = words->text;
	words->count = 0;
	for (;;) {
		cursor += strspn(cursor, " \t");
		if (!*cursor || *cursor == '#')
			break;
		words->list[words->count] = out;
		rc = take_word(&cursor, &out, error);
		if (rc < 0)
			return rc;
		words->count++;
	}
	words->list[words->count] = NULL;
	return 0;
}

void words_free(struct words *words)
{
	free(words->list);
	free(words->text);
	*words = (struct words){ 0 };
}
