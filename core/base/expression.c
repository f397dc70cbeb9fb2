// SPDX-License-Identifier: GPL-2.0-or-later
/* Read by precedence into postfix; two numbers that meet there become one at once. */
#include "core/base/expression.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "core/base/number.h"

struct reader {
	const char *at;
	unsigned int depth;
	bool is_offset; /* outside of parentheses only what an OFFSET may have */
	struct expression *expression;
	struct error *error;
};

static int malformed(const struct reader *r, const char *why)
{
	return error_set(r->error, ERROR_USAGE, "bad-operand", "at '%.40s': %s", r->at, why);
}

static void skip_blanks(struct reader *r)
{
	while (*r->at == ' ' || *r->at == '\t')
		r->at++;
}

static inline int calculate(char op, uint64_t a, uint64_t b, uint64_t *value)
{
	switch (op) {
	case '*':
		*value = a * b;
		break;
	case '/':
		if (b == 0)
			return -EDOM;
		*value = a / b;
		break;
	case '%':
		if (b == 0)
			return -EDOM;
		*value = a % b;
		break;
	case '+':
		*value = a + b;
		break;
	case '-':
		*value = a - b;
		break;
	case 'l': /* C leaves a shift by the width or more open */
		*value = b < 64 ? a << b : 0;
		break;
	case 'r':
		*value = b < 64 ? a >> b : 0;
		break;
	case '&':
		*value = a & b;
		break;
	case '^':
		*value = a ^ b;
		break;
	default:
		*value = a | b;
		break;
	}
	return 0;
}

static int emit(struct reader *r, char op, uint64_t number)
{
	struct expression *e = r->expression;

	if (e->count == EXPRESSION_STEPS)
		return malformed(r, "too long an expression");
	e->steps[e->count++] = (struct expression_step){ .op = op, .number = number };
	return 0;
}

/* A division takes far longer than all else: by a power of two it is a shift or a mask. */
static void simplify(struct expression_step *step)
{
	uint64_t divisor = step->number;

	if ((step->op != '/' && step->op != '%') || step->right != '#' || (divisor & (divisor - 1)))
		return;
	if (step->op == '%') {
		step->op = '&';
		step->number = divisor - 1;
	} else {
		step->op = 'r';
		step->number = (uint64_t)__builtin_ctzll(divisor);
	}
}

/* A right side that is one number or name is no step of its own. */
static int emit_operator(struct reader *r, char op)
{
	struct expression_step *last = &r->expression->steps[r->expression->count - 1];

	if ((op == '/' || op == '%') && last->op == '#' && last->number == 0)
		return malformed(r, "it divides by zero");
	if (last[0].op == '#' && last[-1].op == '#') {
		r->expression->count--;
		return calculate(op, last[-1].number, last->number, &last[-1].number);
	}
	if (last->op != '#' && last->op != '@')
		return emit(r, op, 0);
	last->right = last->op;
	last->op = op;
	simplify(last);
	return 0;
}

static const char size_suffix[] = ".size";

static int read_name(struct reader *r)
{
	struct expression *e = r->expression;
	const char *name = ++r->at;
	size_t n = 0;
	unsigned int i;

	while (isalnum((unsigned char)name[n]) || name[n] == '_')
		n++;
	if (n + sizeof(size_suffix) > EXPRESSION_NAME_SIZE)
		n = EXPRESSION_NAME_SIZE;
	else if (n > 0 && strncmp(name + n, size_suffix, sizeof(size_suffix) - 1) == 0 &&
		 !isalnum((unsigned char)name[n + sizeof(size_suffix) - 1]))
		n += sizeof(size_suffix) - 1;
	if (n == 0 || isdigit((unsigned char)name[0]) || n >= EXPRESSION_NAME_SIZE)
		return malformed(
			r, "a name after '@' starts with a letter or '_' and has at most 32 characters");
	for (i = 0; i < e->name_count; i++) {
		if (strlen(e->names[i]) == n && memcmp(e->names[i], name, n) == 0)
			break;
	}
	if (i == EXPRESSION_NAMES)
		return malformed(r, "too many names in an expression");
	if (i == e->name_count) {
		memcpy(e->names[i], name, n);
		e->names[i][n] = '\0';
		e->name_count++;
	}
	r->at += n;
	return emit(r, '@', i);
}

static int read_parenthesis(struct reader *r);

static int read_primary(struct reader *r)
{
	uint64_t number;
	int rc;

	skip_blanks(r);
	if (*r->at == '(')
		return read_parenthesis(r);
	if (*r->at == '@')
		return read_name(r);
	if (!isdigit((unsigned char)*r->at))
		return malformed(r, "a number, an @NAME or '(' is missing");
	rc = size_scan(&r->at, &number, r->error);
	return rc < 0 ? rc : emit(r, '#', number);
}

/* How tightly the operator at the cursor binds; 0: there is none. */
static unsigned int peek_operator(const struct reader *r, char *op)
{
	static const char *const levels[] = { "|", "^", "&", "<>", "+-", "*/%" };

	for (unsigned int i = 0; *r->at && i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (!strchr(levels[i], *r->at))
			continue;
		if (r->is_offset && r->depth == 0 && !strchr("+-*%", *r->at))
			return 0;
		*op = *r->at;
		if (*op != '<' && *op != '>')
			return i + 1;
		*op = *r->at == '<' ? 'l' : 'r';
		return r->at[1] == r->at[0] ? i + 1 : 0;
	}
	return 0;
}

/* Operators that bind at least as tightly as LEVEL. Recurses by level, and by parenthesis. */
static int read_level(struct reader *r, unsigned int level)
{
	int rc = read_primary(r);

	while (rc == 0) {
		unsigned int binds;
		char op;

		skip_blanks(r);
		binds = peek_operator(r, &op);
		if (binds == 0 || binds < level)
			return 0;
		r->at += op == 'l' || op == 'r' ? 2 : 1;
		rc = read_level(r, binds + 1);
		if (rc == 0)
			rc = emit_operator(r, op);
	}
	return rc;
}

static int read_parenthesis(struct reader *r)
{
	int rc;

	if (r->depth == EXPRESSION_DEPTH)
		return malformed(r, "too many parentheses in each other");
	r->depth++;
	r->at++;
	rc = read_level(r, 1);
	if (rc < 0)
		return rc;
	if (*r->at != ')')
		return malformed(r, "an operator or ')' is missing");
	r->at++;
	r->depth--;
	return 0;
}

static int scan(const char **cursor, struct reader r, bool is_closed)
{
	int rc;

	r.at = *cursor;
	r.expression->count = 0;
	r.expression->name_count = 0;
	rc = is_closed ? read_parenthesis(&r) : read_level(&r, 1);
	if (rc == 0)
		*cursor = r.at;
	return rc;
}

int expression_scan(const char **cursor, struct expression *expression, struct error *error)
{
	return scan(cursor, (struct reader){ .expression = expression, .error = error }, true);
}

int expression_scan_open(const char **cursor, bool is_offset, struct expression *expression,
			 struct error *error)
{
	struct reader r = { .expression = expression, .error = error, .is_offset = is_offset };

	return scan(cursor, r, false);
}

bool expression_is_number(const struct expression *expression, uint64_t *value)
{
	if (expression->count != 1 || expression->steps[0].op != '#')
		return false;
	*value = expression->steps[0].number;
	return true;
}

bool expression_name_is_size(const char *name, char base[EXPRESSION_NAME_SIZE])
{
	size_t n = strcspn(name, ".");

	memcpy(base, name, n);
	base[n] = '\0';
	return name[n] != '\0';
}

bool expression_has_name(const struct expression *expression, const char *name)
{
	for (unsigned int i = 0; i < expression->name_count; i++) {
		char base[EXPRESSION_NAME_SIZE];

		expression_name_is_size(expression->names[i], base);
		if (strcmp(base, name) == 0)
			return true;
	}
	return false;
}

int expression_value(const struct expression *expression, const uint64_t *names, uint64_t *value)
{
	uint64_t stack[EXPRESSION_STEPS];
	const struct expression_step *end = expression->steps + expression->count;
	unsigned int depth = 0;
	uint64_t top = 0;

	for (const struct expression_step *step = expression->steps; step < end; step++) {
		uint64_t right = step->number;

		if (step->op == '#' || step->op == '@') {
			stack[depth++] = top;
			top = step->op == '#' ? step->number : names[step->number];
			continue;
		}
		if (step->right == '@') {
			right = names[step->number];
		} else if (!step->right && depth > 0) {
			/* the parser put both of its terms there */
			right = top;
			top = stack[--depth];
		}
		if (calculate(step->op, top, right, &top) < 0)
			return -EDOM;
	}
	*value = top;
	return 0;
}
