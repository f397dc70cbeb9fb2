/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a script, from a file or a pipe; those that end in a '\' go on in the next one. A byte order mark of UTF-8 before the
 * first is none of it, nor is a carriage return at the end of one.
 */
#ifndef PCIETOOL_SCRIPT_H
#define PCIETOOL_SCRIPT_H

#include <stddef.h>

#include "core/base/error.h"

/* Bytes of a line with all that continues it. */
#define SCRIPT_LINE_MAX 65536

struct script;

/* FD stays the caller's; NAME, which is copied, is for messages. */
int script_open(int fd, const char *name, struct script **script, struct error *error);

typedef void (*script_wait_fn)(void *data);

/* Calls WAIT with DATA before each read that finds nothing there yet: who writes the script may wait for answers. */
void script_before_wait(struct script *script, script_wait_fn wait, void *data);
/*
 * *LINE is the next one, without its newline and valid until the next call; NULL at the end. A line that only is a
 * comment is not continued. Usage errors, which name NAME:LINE: a NUL byte, too long a line; the next call goes
 * on behind it and what continues it.
 */
int script_next(struct script *script, const char **line, struct error *error);
/* Where the last one started, from 1; also after an error. */
unsigned int script_line(const struct script *script);
void script_close(struct script *script); /* accepts NULL */

/* --- a line as words ----------------------------------------------------------------------------- */

struct words {
	char **list; /* COUNT words and a NULL; they point into TEXT */
	size_t count;
	size_t list_size;
	char *text;
	size_t text_size;
};

/*
 * Blanks separate words. '...' is as it stands; in "..." a '\' takes '"', '\', '$' and '`'; elsewhere it takes any
 * character. A '#' at the start of a word begins a comment. WORDS starts zeroed; its memory is used again by the
 * next call, so that many lines cost no allocation each. Usage error for a quote that is not closed or a '\' at the end.
 */
int words_split(const char *line, struct words *words, struct error *error);
void words_free(struct words *words);

/* --- options in a file --------------------------------------------------------------------------- */

/* VALUE is NULL where the line has none. */
typedef int (*recipe_option_fn)(void *data, const char *name, const char *value, struct error *error);

/* Calls SET for every option in order; an error names file and line. */
int recipe_read(const char *file, recipe_option_fn set, void *data, struct error *error);

#endif
