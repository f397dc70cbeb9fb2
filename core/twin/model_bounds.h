/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a function of Lua's library may take that counts no instructions while it runs. Knows Lua's patterns as the
 * manual of Lua 5.4, section 6.4.1, has them, and none of its states.
 */
#ifndef PCIETOOL_TWIN_MODEL_BOUNDS_H
#define PCIETOOL_TWIN_MODEL_BOUNDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pattern_use {
	PATTERN_FIND, /* the first match: string.find, string.match */
	PATTERN_EACH, /* all of them, an anchor at the beginning: string.gsub */
	PATTERN_GMATCH, /* all of them; ^ is a character */
	PATTERN_PLAIN, /* none: the text itself is looked for */
};

/*
 * Steps that looking for PATTERN takes in SUBJECT from its byte INIT on, counted as they would be taken; LIMIT + 1 where
 * that is more than LIMIT. Both are NUL-terminated. What of a pattern is malformed ends the count: Lua refuses it.
 */
uint64_t pattern_steps(enum pattern_use use, const char *subject, size_t length, size_t init,
		       const char *pattern, size_t pattern_length, uint64_t limit) __attribute__((nonnull));

#endif
