// SPDX-License-Identifier: GPL-2.0-or-later
/* Goes through the postfix with terms in place of numbers, until there is something that none can be. */
#include "core/base/expression_term.h"

#include <stddef.h>

static struct expression_term number_term(uint64_t number)
{
	return (struct expression_term){ .mask = UINT64_MAX, .after = number };
}

static struct expression_term name_term(unsigned int name)
{
	return (struct expression_term){ .has_name = true, .name = name, .mask = UINT64_MAX, .factor = 1 };
}

static bool is_power_of_two(uint64_t number)
{
	return number && !(number & (number - 1));
}

/* Nothing but a name that was shifted, and something added to that. */
static bool is_sum(const struct expression_term *t)
{
	return t->mask == UINT64_MAX && t->factor == 1 && !t->has_added && !t->set;
}

static bool multiply(struct expression_term *t, uint64_t number)
{
	if (t->has_added || t->set)
		return false;
	t->factor *= number;
	t->after *= number;
	return true;
}

static bool shift_right(struct expression_term *t, uint64_t bits)
{
	if (!is_sum(t) || t->before || t->after || bits >= 64 || t->shift + bits >= 64)
		return false;
	t->shift += (unsigned int)bits;
	return true;
}

static bool mask(struct expression_term *t, uint64_t bits)
{
	if (is_sum(t)) {
		t->before += t->after;
		t->after = 0;
	} else if (t->factor != 1 || t->after || t->has_added || t->set) {
		return false;
	}
	t->mask &= bits;
	return true;
}

/* Of numbers, as expression_value() has it. */
static bool combine_numbers(char op, struct expression_term *a, uint64_t b)
{
	const struct expression numbers = {
		.steps = { { .op = '#', .number = a->after }, { .op = op, .right = '#', .number = b } },
		.count = 2,
	};

	return expression_value(&numbers, NULL, &a->after) == 0;
}

/* T OP NUMBER; T has a name. */
static bool combine_number(char op, struct expression_term *t, uint64_t number)
{
	switch (op) {
	case '+':
		t->after += number;
		return !t->set;
	case '-':
		t->after -= number;
		return !t->set;
	case '*':
		return multiply(t, number);
	case 'l':
		return number < 64 && multiply(t, UINT64_C(1) << number);
	case 'r':
		return shift_right(t, number);
	case '/':
		return is_power_of_two(number) && shift_right(t, (uint64_t)__builtin_ctzll(number));
	case '%':
		return is_power_of_two(number) && mask(t, number - 1);
	case '&':
		return mask(t, number);
	case '|':
		t->set |= number;
		return true;
	default:
		return false;
	}
}

/* NUMBER OP T, in T. */
static bool combine_under(char op, uint64_t number, struct expression_term *t)
{
	if (op == '+' || op == '*' || op == '&' || op == '|')
		return combine_number(op, t, number);
	return op == '-' && multiply(t, UINT64_MAX) && combine_number('+', t, number);
}

/* The sum of two with a name each, in A: one of them is a name and no more. */
static bool add(struct expression_term *a, const struct expression_term *b)
{
	const struct expression_term *bare = is_sum(b) && !b->shift ? b : a;
	struct expression_term sum = bare == b ? *a : *b;

	if (!is_sum(bare) || bare->shift || sum.has_added || sum.set)
		return false;
	sum.has_added = true;
	sum.added = bare->name;
	sum.after += bare->before + bare->after;
	*a = sum;
	return true;
}

/* A OP B, in A. */
static bool combine(char op, struct expression_term *a, const struct expression_term *b)
{
	struct expression_term right = *b;

	if (!a->has_name && !b->has_name)
		return combine_numbers(op, a, b->after);
	if (!b->has_name)
		return combine_number(op, a, b->after);
	if (a->has_name)
		return op == '+' && add(a, b);
	if (!combine_under(op, a->after, &right))
		return false;
	*a = right;
	return true;
}

bool expression_is_term(const struct expression *expression, const uint64_t *values, const bool *moves,
			struct expression_term *term)
{
	struct expression_term stack[EXPRESSION_STEPS];
	unsigned int depth = 0;

	for (unsigned int i = 0; i < expression->count; i++) {
		const struct expression_step *step = &expression->steps[i];
		bool is_term = step->op == '#' || step->op == '@';
		bool is_name = is_term ? step->op == '@' : step->right == '@';
		struct expression_term right = !is_name		     ? number_term(step->number)
					       : moves[step->number] ? name_term((unsigned int)step->number)
								     : number_term(values[step->number]);

		if (is_term) {
			stack[depth++] = right;
			continue;
		}
		if (!step->right && depth > 0)
			right = stack[--depth];
		if (depth == 0 || !combine(step->op, &stack[depth - 1], &right))
			return false;
	}
	if (depth != 1)
		return false;
	*term = stack[0];
	return true;
}
