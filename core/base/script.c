// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Text that people write: lines that go on in the next, their words, a recipe's options. Nothing of what
 * they mean.
 */
#include "core/base/script.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/fd_wait.h"

struct script {
	int fd;
	char *name;
	script_wait_fn wait; /* may be NULL */
	void *wait_data;
	unsigned int line; /* physical, the last that was read */
	unsigned int first; /* of the last logical one */
	size_t start; /* of what was read and not used */
	size_t end;
	char input[65536];
	char text[SCRIPT_LINE_MAX + 1];
};

int script_open(int fd, const char *name, struct script **script, struct error *error)
{
	struct script *s = malloc(sizeof(*s));

	if (!s)
		return error_errno(error, -ENOMEM, "%s", name);
	s->fd = fd;
	s->wait = NULL;
	s->wait_data = NULL;
	s->line = s->first = 0;
	s->start = s->end = 0;
	s->name = strdup(name);
	if (!s->name) {
		free(s);
		return error_errno(error, -ENOMEM, "%s", name);
	}
	*script = s;
	return 0;
}

void script_before_wait(struct script *script, script_wait_fn wait, void *data)
{
	script->wait = wait;
	script->wait_data = data;
}

static bool would_wait(const struct script *s)
{
	struct pollfd input = { .fd = s->fd, .events = POLLIN };

	return poll(&input, 1, 0) == 0;
}

/* More input: the number of bytes, 0 at the end. */
static ssize_t fill(struct script *s)
{
	ssize_t n;

	if (s->wait && would_wait(s))
		s->wait(s->wait_data);
	n = fd_read(s->fd, s->input, sizeof(s->input));
	s->start = 0;
	s->end = n > 0 ? (size_t)n : 0;
	return n;
}

static int add_text(struct script *s, const char *from, size_t n, size_t *length, struct error *error)
{
	if (n > SCRIPT_LINE_MAX - *length)
		return error_set(error, ERROR_USAGE, "bad-line", "%s:%u: the line has more than %d bytes",
				 s->name, s->first, SCRIPT_LINE_MAX);
	if (memchr(from, '\0', n))
		return error_set(error, ERROR_USAGE, "bad-line", "%s:%u: there is a NUL byte in the line",
				 s->name, s->line);
	memcpy(s->text + *length, from, n);
	*length += n;
	return 0;
}

/* Of a line that is wrong only the end matters, which says whether it goes on. */
static void keep_end(struct script *s, const char *from, size_t n, size_t *length)
{
	size_t kept = n < SCRIPT_LINE_MAX ? n : SCRIPT_LINE_MAX;

	memcpy(s->text, from + n - kept, kept);
	*length = kept;
}

/* Bytes of the byte order mark that some editors write before the first line. */
static size_t mark_length(const char *text, size_t length)
{
	return length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* Adds a physical line to TEXT, which has *LENGTH; one that is wrong is read to its end. *IS_END: there is none any more. */
static int take_physical(struct script *s, size_t *length, bool *is_end, struct error *error)
{
	bool any = false;
	int rc = 0;

	s->line++;
	for (;;) {
		const char *from;
		const char *newline;
		size_t n;

		if (s->start == s->end) {
			ssize_t got = fill(s);

			if (got < 0)
				return error_errno(error, (int)got, "%s", s->name);
			*is_end = got == 0 && !any;
			if (got == 0)
				return rc;
		}
		any = true;
		from = s->input + s->start;
		newline = memchr(from, '\n', s->end - s->start);
		n = newline ? (size_t)(newline - from) : s->end - s->start;
		if (rc == 0)
			rc = add_text(s, from, n, length, error);
		if (rc < 0)
			keep_end(s, from, n, length);
		s->start += n + (newline ? 1 : 0);
		if (newline)
			return rc;
	}
}

/* An odd number of '\' at the end: the last one is no character that another one takes. */
static bool is_continued(const char *text, size_t length)
{
	size_t n = 0;

	while (n < length && text[length - 1 - n] == '\\')
		n++;
	return n % 2 && text[strspn(text, " \t")] != '#';
}

int script_next(struct script *script, const char **line, struct error *error)
{
	size_t length = 0;
	bool is_end = false;
	int rc = 0;

	script->first = script->line + 1;
	for (;;) {
		struct error second;
		int taken = take_physical(script, &length, &is_end, rc < 0 ? &second : error);

		if (rc == 0)
			rc = taken;
		if (taken < 0 && taken != -EINVAL)
			return taken;
		if (rc == 0 && script->line == 1) {
			size_t mark = mark_length(script->text, length);

			length -= mark;
			memmove(script->text, script->text + mark, length);
		}
		if (length && script->text[length - 1] == '\r')
			length--;
		script->text[length] = '\0';
		if (is_end || !is_continued(script->text, length))
			break;
		length--;
	}
	if (rc == 0)
		*line = is_end && length == 0 ? NULL : script->text;
	return rc;
}

unsigned int script_line(const struct script *script)
{
	return script->first;
}

void script_close(struct script *script)
{
	if (!script)
		return;
	free(script->name);
	free(script);
}

/* --- a line as words ----------------------------------------------------------------------------- */

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

/* Neither a blank, a quote, a backslash nor the end. */
static bool is_plain(char c)
{
	return c != '\0' && c != ' ' && c != '\t' && c != '\'' && c != '"' && c != '\\';
}

/* One word, up to a blank or the end. */
static int take_word(const char **cursor, char **out, struct error *error)
{
	const char *in = *cursor;
	char *to = *out;
	int rc = 0;

	while (rc == 0) {
		while (is_plain(*in))
			*to++ = *in++;
		if (*in == '\'' || *in == '"') {
			in++;
			rc = take_quoted(&in, in[-1], &to, error);
		} else if (*in != '\\') {
			break;
		} else if (in[1]) {
			*to++ = in[1];
			in += 2;
		} else {
			rc = error_set(error, ERROR_USAGE, "unclosed-quote",
				       "a '\\' at the end has nothing behind it");
		}
	}
	*to++ = '\0';
	*cursor = in;
	*out = to;
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
		/* one, nearly always: no matter for a call */
		while (*cursor == ' ' || *cursor == '\t')
			cursor++;
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

/* --- options in a file --------------------------------------------------------------------------- */

static char *trim(char *text)
{
	size_t n;

	while (isspace((unsigned char)*text))
		text++;
	n = strlen(text);
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		text[--n] = '\0';
	return text;
}

static void cut_comment(char *line)
{
	char *start = line;
	char *hash;

	while ((hash = strchr(start, '#'))) {
		if (hash == line || isspace((unsigned char)hash[-1])) {
			*hash = '\0';
			return;
		}
		start = hash + 1;
	}
}

/* Whoever copies from a shell's command line copies its quotes, too. */
static char *unquote(char *value)
{
	size_t n = strlen(value);

	if (n >= 2 && (value[0] == '\'' || value[0] == '"') && value[n - 1] == value[0]) {
		value[n - 1] = '\0';
		return value + 1;
	}
	return value;
}

static int set_line(char *line, recipe_option_fn set, void *data, struct error *error)
{
	char *name;
	char *value;

	cut_comment(line);
	name = trim(line);
	if (!*name)
		return 0;
	if (strncmp(name, "--", 2) != 0 || !isalpha((unsigned char)name[2]))
		return error_set(error, ERROR_USAGE, "bad-recipe",
				 "'%.100s': a line is a long option, --NAME VALUE", name);
	name += 2;
	value = name + strcspn(name, "= \t");
	if (*value) {
		*value = '\0';
		value = unquote(trim(value + 1));
	}
	return set(data, name, *value ? value : NULL, error);
}

static int at_line(const char *file, unsigned int number, struct error *error, int rc)
{
	char why[sizeof(error->message)];

	memcpy(why, error->message, sizeof(why));
	snprintf(error->message, sizeof(error->message), "%.150s:%u: %.340s", file, number, why);
	return rc;
}

int recipe_read(const char *file, recipe_option_fn set, void *data, struct error *error)
{
	unsigned int number = 0;
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int rc = 0;
	FILE *f;

	f = fopen(file, "re");
	if (!f)
		return error_errno(error, -errno, "%s", file);
	while (rc == 0 && (n = getline(&line, &size, f)) >= 0) {
		number++;
		if (strlen(line) != (size_t)n)
			rc = error_set(error, ERROR_USAGE, "bad-recipe", "not a text file");
		else
			rc = set_line(line + (number == 1 ? mark_length(line, (size_t)n) : 0), set, data,
				      error);
		if (rc < 0)
			rc = at_line(file, number, error, rc);
	}
	if (rc == 0 && ferror(f))
		rc = error_errno(error, -errno, "%s", file);
	free(line);
	fclose(f);
	return rc;
}
