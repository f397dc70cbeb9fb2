/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The grammar of operands: REF, RANGE, ASSIGN, CONDITION, VALUE (see pcietool(8), OPERANDS). Parsing
 * looks at the text only; what a name stands for is found out by access.h.
 */
#ifndef PCIETOOL_OPERAND_H
#define PCIETOOL_OPERAND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/expression.h"

/* [A-Za-z_][A-Za-z0-9_]{0,31} and the NUL */
#define BUFFER_NAME_SIZE 33
/* BLOCK.CLUSTER.REGISTER.FIELD */
#define REGISTER_NAME_SIZE 256

enum ref_kind {
	REF_OFFSET, /* [BAR:]OFFSET */
	REF_NAME, /* NAME[+OFFSET], NAME.FIELD: a register by name; may be a glob */
	REF_BUFFER, /* @NAME[+OFFSET] */
};

struct ref {
	enum ref_kind kind;
	int bar; /* -1: not given */
	char name[REGISTER_NAME_SIZE]; /* REF_NAME, REF_BUFFER */
	uint64_t offset;
	bool has_offset; /* NAME+OFFSET, also where it is 0 */
	unsigned int width; /* bits; 0: not given */
	bool has_expression; /* what it comes to is added to OFFSET; it has a name, or it would be a number there */
	struct expression expression;
};

struct range {
	struct ref first;
	bool has_length;
	uint64_t length; /* bytes */
	bool has_last;
	struct ref last; /* the range includes the whole access there */
};

enum value_part { VALUE_WHOLE, VALUE_LO, VALUE_HI, VALUE_SIZE };

struct value {
	bool is_symbol; /* @NAME[+N|-N][.lo|.hi], @NAME.size */
	char name[BUFFER_NAME_SIZE];
	uint64_t number; /* the number; for a symbol what is added, modulo 2^64 */
	enum value_part part;
	char enum_name[REGISTER_NAME_SIZE]; /* a bare word: an enum's name, otherwise empty */
	bool is_expression; /* EXPR, (EXPR)[.lo|.hi] */
	struct expression expression;
};

struct assign {
	const char *text; /* as typed; the caller's */
	struct ref ref;
	struct value value;
	bool has_mask;
	uint64_t mask;
};

enum compare { COMPARE_EQ, COMPARE_NE, COMPARE_LT, COMPARE_GT };

struct condition {
	const char *text; /* as typed; the caller's */
	struct ref ref;
	enum compare compare;
	struct value value;
	bool has_mask;
	uint64_t mask;
};

/* Each takes the whole of TEXT; -EINVAL (usage) otherwise. */
int ref_parse(const char *text, struct ref *ref, struct error *error);
/*
 * REF, REF+LENGTH, REF..REF. A '+' is a length here (@NAME+OFFSET+LENGTH is understood too), but an
 * offset inside the two ends of '..'.
 */
int range_parse(const char *text, struct range *range, struct error *error);
int assign_parse(const char *text, struct assign *assign, struct error *error);
int condition_parse(const char *text, struct condition *condition, struct error *error);
int value_parse(const char *text, struct value *value, struct error *error);

/* NAME[+OFFSET[+LENGTH]] of the dma commands; *LENGTH is UINT64_MAX when it is not given. */
int buffer_range_parse(const char *text, char name[BUFFER_NAME_SIZE], uint64_t *offset, uint64_t *length,
		       struct error *error);

/* A name that a new buffer may have: the grammar and not a reserved word. */
int buffer_name_check(const char *name, struct error *error);

/* Is there an @NAME in it, alone or in an expression? */
bool ref_has_name(const struct ref *ref, const char *name);
bool value_has_name(const struct value *value, const char *name);

/* (actual & mask) OP value */
bool compare_holds(enum compare compare, uint64_t actual, uint64_t mask, uint64_t value);

#endif
