/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Arithmetic in operands, 64 bits modulo 2^64.
 *
 * EXPR is numbers (4k too), @NAME, @NAME.size and parentheses between * / % before + - before << >> before & before ^ before |, as in
 * C, from left to right; blanks may stand between them.
 *
 * A VALUE may be an EXPR as it is: nothing but ':MASK' can follow one. An OFFSET may be '(' EXPR ')', or without them a
 * sum of products of + - * %: what else there is has another meaning behind an OFFSET (/WIDTH, REF<VALUE).
 */
#ifndef PCIETOOL_EXPRESSION_H
#define PCIETOOL_EXPRESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

/* Far more than a ring's arithmetic needs; a longer one is refused. */
#define EXPRESSION_STEPS 32
#define EXPRESSION_DEPTH 16
#define EXPRESSION_NAMES 8
#define EXPRESSION_NAME_SIZE 38 /* as a buffer's name, and ".size" */

struct expression_step {
	char op; /* '#' a number, '@' a name, or the operator; 'l' and 'r' shift */
	char right; /* an operator's right side: '#' a number, '@' a name, or 0, what was calculated last */
	uint64_t number; /* for '@': which of the names */
};

/* Postfix, without what could be calculated when it was read. */
struct expression {
	struct expression_step steps[EXPRESSION_STEPS];
	unsigned int count;
	char names[EXPRESSION_NAMES][EXPRESSION_NAME_SIZE];
	unsigned int name_count;
};

/* *CURSOR is at '(' and is left behind its ')'. -EINVAL (usage) for what is malformed, or seen to divide by zero. */
int expression_scan(const char **cursor, struct expression *expression, struct error *error);
/* The same without parentheses around it: all of EXPR, or the sum that an OFFSET may be. */
int expression_scan_open(const char **cursor, bool is_offset, struct expression *expression,
			 struct error *error);
/* Is it one number after all? */
bool expression_is_number(const struct expression *expression, uint64_t *value);
/* One of its names: BASE without the ".size" that it may end in; does it? */
bool expression_name_is_size(const char *name, char base[EXPRESSION_NAME_SIZE]);
/* With or without ".size". */
bool expression_has_name(const struct expression *expression, const char *name);
/* NAMES: the value of each name. -EDOM: it divides by zero (record not filled). */
int expression_value(const struct expression *expression, const uint64_t *names, uint64_t *value);

#endif
