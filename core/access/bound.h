/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Operands that are accessed again and again, as a capture's are: their names looked up once, and where they are plain
 * loads and stores of a symbol's memory, nothing else done but those.
 */
#ifndef PCIETOOL_BOUND_H
#define PCIETOOL_BOUND_H

#include <stddef.h>

#include "core/access/target.h"
#include "core/base/expression_term.h"
#include "core/base/operand.h"

/* A term and where the values of its names are: those of symbols, which must outlive it. */
struct bound_term {
	const uint64_t *name;
	const uint64_t *added;
	struct expression_term term;
};

static inline uint64_t bound_term_value(const struct bound_term *t)
{
	return expression_term_value(&t->term, *t->name, *t->added);
}

/* The names of an expression, looked up once: where a symbol's value is, or a buffer's bus address; or either's size. */
struct bound_names {
	struct {
		const uint64_t *symbol; /* where a symbol's value, or size, is; NULL: VALUE is it */
		uint64_t value;
	} list[EXPRESSION_NAMES];
	bool is_term; /* all of it is TERM */
	struct bound_term term;
};

/* A place whose OFFSET is calculated anew for each access. */
struct bound_place {
	uint64_t base; /* what the expression is added to */
	struct bound_names names;
	bool is_memory; /* a symbol's, not traced, at OFFSET in it */
	struct bound_term offset;
	uint64_t last; /* the last OFFSET that there may be */
	uint64_t misaligned; /* bits that none has */
};

/* A VALUE that is a term, or a part of one; not a name of a map's. */
struct bound_value {
	bool is_bound;
	enum value_part part; /* VALUE_WHOLE, _LO or _HI */
	struct bound_term term;
};

struct access;
struct resolved_assign;

/* Fills what says whether PLACE is memory. TARGET is what REF was resolved to. */
void bound_place_memory(const struct ref *ref, const struct target *target, struct bound_place *place);
/* Of VALUE for TARGET; NAMES are those of its expression, where it has one. */
void bound_value_make(const struct access *access, const struct value *value, const struct target *target,
		      const struct bound_names *names, struct bound_value *bound);
/* False: it is not bound, it is too wide for WIDTH bits, or below zero, which needs a closer look: access_bound_value(). */
bool bound_value_get(const struct bound_value *bound, unsigned int width, uint64_t *value);

/*
 * The first of COUNT that are plain stores to memory, as access_assign() would make them; how many were made. The next one
 * is something else, cannot be, or failed: access_assign() knows why.
 */
size_t bound_assign(const struct resolved_assign *list, size_t count);
/* False: access_read_place() knows why. */
bool bound_read(const struct target *target, const struct bound_place *place, uint64_t *value);

#endif
