/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What most operands of a ring are: one name, shifted, masked, multiplied, with something added. It is found once, and then
 * calculated without going through the expression again.
 */
#ifndef PCIETOOL_EXPRESSION_TERM_H
#define PCIETOOL_EXPRESSION_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/expression.h"

/* ((((NAME >> shift) + before & mask) * factor) + after + ADDED) | set; without a name, AFTER alone. */
struct expression_term {
	bool has_name;
	unsigned int name; /* which of the expression's names */
	bool has_added;
	unsigned int added; /* another one of them */
	unsigned int shift; /* below 64 */
	uint64_t before;
	uint64_t mask;
	uint64_t factor;
	uint64_t after;
	uint64_t set; /* bits */
};

/*
 * Is EXPRESSION one, whatever the names are that MOVES has as true? VALUES: those of the others, which stay. *TERM is left
 * alone where not.
 */
bool expression_is_term(const struct expression *expression, const uint64_t *values, const bool *moves,
			struct expression_term *term);

/* Of one where NAME and ADDED are that; 0 for one that it has not. */
static inline uint64_t expression_term_value(const struct expression_term *t, uint64_t name, uint64_t added)
{
	return ((((name >> t->shift) + t->before) & t->mask) * t->factor + t->after + added) | t->set;
}

#endif
