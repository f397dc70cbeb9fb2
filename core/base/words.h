/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line of text as words, with a shell's quotes and nothing else of a shell: nothing is expanded. */
#ifndef PCIETOOL_WORDS_H
#define PCIETOOL_WORDS_H

#include <stddef.h>

#include "core/base/error.h"

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

#endif
