// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/script.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct script {
	int fd;
	char *name;
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

/* More input: the number of bytes, 0 at the end. */
static ssize_t fill(struct script *s)
{
	ssize_t n;

	do
		n = read(s->fd, s->input, sizeof(s->input));
	while (n < 0 && errno == EINTR);
	s->start = 0;
	s->end = n > 0 ? (size_t)n : 0;
	return n < 0 ? -errno : n;
}

/* Adds a physical line to TEXT, which has *LENGTH. *IS_END: there is none any more. */
static int take_physical(struct script *s, size_t *length, bool *is_end, struct error *error)
{
	bool any = false;

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
				return 0;
		}
		any = true;
		from = s->input + s->start;
		newline = memchr(from, '\n', s->end - s->start);
		n = newline ? (size_t)(newline - from) : s->end - s->start;
		if (n > SCRIPT_LINE_MAX - *length)
			return error_set(error, ERROR_USAGE, "bad-line",
					 "%s:%u: the line has more than %d bytes", s->name, s->first,
					 SCRIPT_LINE_MAX);
		if (memchr(from, '\0', n))
			return error_set(error, ERROR_USAGE, "bad-line",
					 "%s:%u: there is a NUL byte in the line", s->name, s->line);
		memcpy(s->text + *length, from, n);
		*length += n;
		s->start += n + (newline ? 1 : 0);
		if (newline)
			return 0;
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
	int rc;

	script->first = script->line + 1;
	for (;;) {
		rc = take_physical(script, &length, &is_end, error);
		if (rc < 0)
			return rc;
		if (length && script->text[length - 1] == '\r')
			length--;
		script->text[length] = '\0';
		if (is_end || !is_continued(script->text, length))
			break;
		length--;
	}
	*line = is_end && length == 0 ? NULL : script->text;
	return 0;
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
