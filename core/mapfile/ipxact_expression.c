// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Expressions: of SystemVerilog's (IEEE 1800-2017, 11) what IEEE 1685-2014, annex C, lets stand for a number, besides
 * the forms of numbers that -2009 has (0x, #, k, M, G, T behind; a bit string in quotes). Whole numbers only, and of at
 * most 64 bits at every step.
 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "core/mapfile/ipxact.h"

#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 wide;
#define LIMIT ((wide)UINT64_MAX)
static const char too_large[] = "does not fit 64 bits";
#else
/* of a target of 32 bits */
typedef int64_t wide;
#define LIMIT INT64_MAX
static const char too_large[] = "does not fit the 63 bits that this build of the program has for expressions";
#endif
/* Parentheses and operators one in another. */
#define NESTING_MAX 64

struct reader {
	struct ipxact *x;
	const char *at;
	const char *fault;
	unsigned int nesting;
};

static wide fail(struct reader *r, const char *why)
{
	if (!r->fault)
		r->fault = why;
	return 0;
}

static wide bounded(struct reader *r, wide value)
{
	return value > LIMIT || value < -LIMIT ? fail(r, too_large) : value;
}

static wide add(struct reader *r, wide a, wide b)
{
	wide value;

	return __builtin_add_overflow(a, b, &value) ? fail(r, too_large) : bounded(r, value);
}

static wide subtract(struct reader *r, wide a, wide b)
{
	wide value;

	return __builtin_sub_overflow(a, b, &value) ? fail(r, too_large) : bounded(r, value);
}

static wide multiply(struct reader *r, wide a, wide b)
{
	wide value;

	return __builtin_mul_overflow(a, b, &value) ? fail(r, too_large) : bounded(r, value);
}

static void skip_blanks(struct reader *r)
{
	while (*r->at == ' ')
		r->at++;
}

/* --- numbers -------------------------------------------------------------------------------------- */

static unsigned int digit_value(char c)
{
	if (isdigit((unsigned char)c))
		return (unsigned int)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a' + 10) : 99;
}

static wide digits(struct reader *r, unsigned int base)
{
	wide value = 0;
	unsigned int count = 0;

	for (;; r->at++) {
		if (*r->at == '_' && count)
			continue;
		if (digit_value(*r->at) >= base)
			break;
		value = add(r, multiply(r, value, base), digit_value(*r->at));
		count++;
	}
	return count ? value : fail(r, "is not understood: digits are missing");
}

/* 'h10, 8'hff, 4'b1010: the size in front has no say in a whole number's value. */
static wide based_number(struct reader *r)
{
	char base;

	r->at++;
	if ((*r->at | 0x20) == 's')
		r->at++;
	base = (char)(*r->at | 0x20);
	if (*r->at)
		r->at++;
	skip_blanks(r);
	switch (base) {
	case 'h':
		return digits(r, 16);
	case 'd':
		return digits(r, 10);
	case 'o':
		return digits(r, 8);
	case 'b':
		return digits(r, 2);
	default:
		return fail(r, "is not understood: behind a ' comes h, d, o or b");
	}
}

static wide number(struct reader *r)
{
	static const char scales[] = "kmgt";
	const char *scale;
	wide value;

	if (r->at[0] == '0' && (r->at[1] | 0x20) == 'x') {
		r->at += 2;
		return digits(r, 16);
	}
	if (r->at[0] == '0' && (r->at[1] | 0x20) == 'b' && (r->at[2] == '0' || r->at[2] == '1')) {
		r->at += 2;
		return digits(r, 2);
	}
	value = digits(r, 10);
	if (*r->at == '\'')
		return based_number(r);
	if (*r->at == '.')
		return fail(r, "is not a whole number");
	scale = *r->at ? strchr(scales, *r->at | 0x20) : NULL;
	if (scale && !isalnum((unsigned char)r->at[1]) && r->at[1] != '_') {
		r->at++;
		if (((*scale == 'k' && (r->at[0] | 0x20) == 'b') || (r->at[0] | 0x20) == 'b') &&
		    !isalnum((unsigned char)r->at[1]))
			r->at++;
		value = multiply(r, value, (wide)1 << 10 * (scale - scales + 1));
	}
	return value;
}

/* "0101" */
static wide bit_string(struct reader *r)
{
	wide value;

	r->at++;
	value = digits(r, 2);
	if (*r->at != '"')
		return fail(r, "is a text, not a number");
	r->at++;
	return value;
}

/* --- names ---------------------------------------------------------------------------------------- */

static wide expression(struct reader *r);

static wide parameter(struct reader *r, const char *name, size_t length)
{
	struct ipxact_parameter *p = ipxact_find_parameter(r->x, name, length);

	if (!p && length == 4 && memcmp(name, "true", 4) == 0)
		return 1;
	if (!p && length == 5 && memcmp(name, "false", 5) == 0)
		return 0;
	if (!p)
		return fail(r, "names what is no parameter of the file");
	if (p->is_busy)
		return fail(r, "leads back to itself");
	if (!p->is_known) {
		if (r->x->depth >= IPXACT_DEPTH_MAX)
			return fail(r, "leads over too many parameters");
		p->is_busy = true;
		r->x->depth++;
		p->fault = ipxact_evaluate(r->x, p->expression, &p->value);
		r->x->depth--;
		p->is_busy = false;
		p->is_known = true;
	}
	return p->fault ? fail(r, p->fault) : (wide)p->value;
}

static wide power(struct reader *r, wide base, wide exponent)
{
	wide value = 1;

	if (exponent < 0 || exponent > 1024)
		return fail(r, "has an exponent that is out of bounds");
	while (exponent-- > 0 && !r->fault)
		value = multiply(r, value, base);
	return value;
}

/* The least number of bits that count to VALUE: IEEE 1800-2017, 20.8.1. */
static wide clog2(struct reader *r, wide value)
{
	if (value < 0)
		return fail(r, "has a $clog2 of a negative number");
	return value > 1 ? 64 - __builtin_clzll((uint64_t)value - 1) : 0;
}

static bool is_name(const char *name, size_t length, const char *is)
{
	return strlen(is) == length && memcmp(name, is, length) == 0;
}

static wide function(struct reader *r, const char *name, size_t length)
{
	wide arguments[2] = { 0, 0 };
	unsigned int count = 0;

	r->at++; /* the parenthesis */
	do {
		wide value = expression(r);

		if (count < 2)
			arguments[count] = value;
		count++;
		skip_blanks(r);
	} while (*r->at == ',' && r->at++ && !r->fault);
	if (*r->at != ')')
		return fail(r, "is not understood: a ')' is missing");
	r->at++;
	if (is_name(name, length, "$clog2") && count == 1)
		return clog2(r, arguments[0]);
	if (is_name(name, length, "$pow") && count == 2)
		return power(r, arguments[0], arguments[1]);
	if ((is_name(name, length, "$ceil") || is_name(name, length, "$floor")) && count == 1)
		return arguments[0];
	return fail(r, "has a function that is not known: $clog2, $pow, $ceil and $floor are");
}

static wide name(struct reader *r)
{
	const char *start = r->at;
	size_t length = 1;

	while (isalnum((unsigned char)start[length]) || strchr("_$.", start[length] ? start[length] : 'a'))
		length++;
	r->at += length;
	skip_blanks(r);
	if (*r->at == '(')
		return function(r, start, length);
	return parameter(r, start, length);
}

/* --- operators ------------------------------------------------------------------------------------ */

/* Of 64 bits, as what it is masked with mostly has fewer. */
static wide complement(struct reader *r, wide value)
{
	uint64_t bits = (uint64_t)value;

	bits = ~bits;
	return bounded(r, (wide)bits);
}

static wide unary(struct reader *r)
{
	wide value;
	char c;

	skip_blanks(r);
	c = *r->at;
	if (++r->nesting > NESTING_MAX)
		return fail(r, "is nested too deeply");
	if (c == '(') {
		r->at++;
		value = expression(r);
		skip_blanks(r);
		value = *r->at == ')' ? value : fail(r, "is not understood: a ')' is missing");
		r->at += *r->at != '\0';
	} else if (c && strchr("+-!~", c)) {
		r->at++;
		value = unary(r);
		value = c == '-'   ? subtract(r, 0, value)
			: c == '!' ? value == 0
			: c == '~' ? complement(r, value)
				   : value;
	} else if (isdigit((unsigned char)c)) {
		value = number(r);
	} else if (c == '\'') {
		value = based_number(r);
	} else if (c == '"') {
		value = bit_string(r);
	} else if (c == '#') {
		r->at++;
		value = digits(r, 2);
	} else if (isalpha((unsigned char)c) || c == '_' || c == '$') {
		value = name(r);
	} else {
		value = fail(r, c ? "is not understood" : "is not understood: it ends too early");
	}
	r->nesting--;
	return value;
}

enum operator{
	OP_NONE,
	OP_OR,
	OP_AND,
	OP_BIT_OR,
	OP_BIT_XOR,
	OP_BIT_AND,
	OP_EQ,
	OP_NE,
	OP_LE,
	OP_GE,
	OP_LT,
	OP_GT,
	OP_LEFT,
	OP_RIGHT,
	OP_ADD,
	OP_SUB,
	OP_MUL,
	OP_DIV,
	OP_MOD,
	OP_POWER
};

/* Longer ones first. Levels: IEEE 1800-2017, table 11-2. */
static const struct {
	const char *text;
	enum operator op;
	unsigned int level;
} operators[] = {
	{ "<<<", OP_LEFT, 8 }, { ">>>", OP_RIGHT, 8 }, { "**", OP_POWER, 11 }, { "<<", OP_LEFT, 8 },
	{ ">>", OP_RIGHT, 8 }, { "<=", OP_LE, 7 },     { ">=", OP_GE, 7 },     { "==", OP_EQ, 6 },
	{ "!=", OP_NE, 6 },    { "&&", OP_AND, 2 },    { "||", OP_OR, 1 },     { "<", OP_LT, 7 },
	{ ">", OP_GT, 7 },     { "+", OP_ADD, 9 },     { "-", OP_SUB, 9 },     { "*", OP_MUL, 10 },
	{ "/", OP_DIV, 10 },   { "%", OP_MOD, 10 },    { "&", OP_BIT_AND, 5 }, { "^", OP_BIT_XOR, 4 },
	{ "|", OP_BIT_OR, 3 },
};

static wide shift(struct reader *r, enum operator op, wide a, wide b)
{
	uint64_t bits = (uint64_t)a;

	if (a < 0 || b < 0)
		return fail(r, "shifts a negative number, or by one");
	if (op == OP_RIGHT)
		return b > 63 ? 0 : (wide)(bits >> b);
	if (a == 0)
		return 0;
	return b > 63 || bits > (uint64_t)LIMIT >> b ? fail(r, too_large) : (wide)(bits << b);
}

static wide apply(struct reader *r, enum operator op, wide a, wide b)
{
	if (r->fault)
		return 0;
	switch (op) {
	case OP_OR:
		return a || b;
	case OP_AND:
		return a && b;
	case OP_BIT_OR:
		return (wide)((uint64_t)a | (uint64_t)b);
	case OP_BIT_XOR:
		return (wide)((uint64_t)a ^ (uint64_t)b);
	case OP_BIT_AND:
		return (wide)((uint64_t)a & (uint64_t)b);
	case OP_EQ:
		return a == b;
	case OP_NE:
		return a != b;
	case OP_LE:
		return a <= b;
	case OP_GE:
		return a >= b;
	case OP_LT:
		return a < b;
	case OP_GT:
		return a > b;
	case OP_LEFT:
	case OP_RIGHT:
		return shift(r, op, a, b);
	case OP_ADD:
		return add(r, a, b);
	case OP_SUB:
		return subtract(r, a, b);
	case OP_MUL:
		return multiply(r, a, b);
	case OP_POWER:
		return power(r, a, b);
	default:
		if (b == 0)
			return fail(r, "divides by zero");
		/* the one quotient that has more bits than its parts */
		if (b == -1)
			return op == OP_DIV ? subtract(r, 0, a) : 0;
		return op == OP_DIV ? a / b : a % b;
	}
}

/* Operators of at least LEVEL, those of one level from the left. */
static wide binary(struct reader *r, unsigned int level)
{
	wide value = unary(r);

	while (!r->fault) {
		size_t i = 0;

		skip_blanks(r);
		while (i < sizeof(operators) / sizeof(operators[0]) &&
		       strncmp(r->at, operators[i].text, strlen(operators[i].text)) != 0)
			i++;
		if (i == sizeof(operators) / sizeof(operators[0]) || operators[i].level < level)
			break;
		r->at += strlen(operators[i].text);
		value = apply(r, operators[i].op, value, binary(r, operators[i].level + 1));
	}
	return value;
}

static wide expression(struct reader *r)
{
	wide value;
	wide yes;
	wide no;

	if (++r->nesting > NESTING_MAX)
		return fail(r, "is nested too deeply");
	value = binary(r, 1);
	skip_blanks(r);
	if (*r->at == '?' && !r->fault) {
		r->at++;
		yes = expression(r);
		skip_blanks(r);
		if (*r->at != ':')
			return fail(r, "is not understood: a ':' is missing");
		r->at++;
		no = expression(r);
		value = value ? yes : no;
	}
	r->nesting--;
	return value;
}

const char *ipxact_evaluate(struct ipxact *x, const char *text, uint64_t *value)
{
	struct reader r = { .x = x, .at = text };
	wide v;

	if (!*text)
		return "is empty";
	v = expression(&r);
	skip_blanks(&r);
	if (!r.fault && *r.at)
		return "is not understood";
	if (!r.fault && v < 0)
		return "is negative";
	if (!r.fault)
		*value = (uint64_t)v;
	return r.fault;
}

bool ipxact_number(struct ipxact *x, struct svd_item *item, const struct xml_node *node,
		   enum ipxact_element name, uint64_t *value)
{
	const struct xml_node *child = ipxact_child(x, node, name);
	const char *fault;

	if (!child)
		return false;
	fault = ipxact_evaluate(x, child->text, value);
	if (fault)
		svd_problem(&x->svd, item, child->place, "<%s> '%.64s' %s", ipxact_names.elements[name],
			    child->text, fault);
	return !fault;
}
