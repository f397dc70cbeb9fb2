// SPDX-License-Identifier: GPL-2.0-or-later
/* A scanner per construct: each takes a cursor, moves it behind what it took, and leaves the rest. */
#include "core/base/operand.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/number.h"

static int bad(const char *text, const char *why, struct error *error)
{
	return error_set(error, ERROR_USAGE, "bad-operand", "'%s': %s", text, why);
}

/* What a scanner found wrong, with the whole operand in front. */
static int in_operand(const char *text, int rc, struct error *error)
{
	char why[sizeof(error->message)];

	if (rc == 0)
		return 0;
	/* the reason often names the operand itself already */
	if (error->message[0] == '\'' && strncmp(error->message + 1, text, strlen(text)) == 0)
		return rc;
	memcpy(why, error->message, sizeof(why));
	snprintf(error->message, sizeof(error->message), "'%.200s': %.300s", text, why);
	return rc;
}

static bool is_name_start(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t buffer_name_length(const char *text)
{
	size_t n = 0;

	if (is_name_start(text[0])) {
		while (is_name_char(text[n]))
			n++;
	}
	return n;
}

static int buffer_name_scan(const char **cursor, char name[BUFFER_NAME_SIZE], struct error *error)
{
	size_t n = buffer_name_length(*cursor);

	if (n == 0)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "a buffer's name starts with a letter or '_'");
	if (n >= BUFFER_NAME_SIZE)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "'%.40s...': a buffer's name has at most %d "
				 "characters",
				 *cursor, BUFFER_NAME_SIZE - 1);
	memcpy(name, *cursor, n);
	name[n] = '\0';
	*cursor += n;
	return 0;
}

static int width_scan(const char **cursor, unsigned int *width, struct error *error)
{
	char word[8];
	size_t n = 0;

	while (isalnum((unsigned char)(*cursor)[n]))
		n++;
	if (n >= sizeof(word))
		n = sizeof(word) - 1;
	memcpy(word, *cursor, n);
	word[n] = '\0';
	*cursor += n;
	return width_parse(word, width, error);
}

/* NAME, NAME.FIELD, globs; '@N' of setpci's instances */
static bool is_register_char(char c)
{
	return is_name_char(c) || (c && strchr(".*?@[]", c));
}

/* MORE: further characters that it may have. */
static int name_scan(const char **cursor, const char *more, struct ref *ref, struct error *error)
{
	size_t n = 0;

	while (is_register_char((*cursor)[n]) || ((*cursor)[n] && strchr(more, (*cursor)[n]))) {
		/* ".." is the range, never part of a name */
		if ((*cursor)[n] == '.' && (*cursor)[n + 1] == '.')
			break;
		n++;
	}
	if (n >= REGISTER_NAME_SIZE)
		return error_set(error, ERROR_USAGE, "bad-operand", "'%.40s...': too long a name", *cursor);
	memcpy(ref->name, *cursor, n);
	ref->name[n] = '\0';
	ref->kind = REF_NAME;
	*cursor += n;
	return 0;
}

/* What '+' means behind a REF. */
enum plus {
	PLUS_LENGTH, /* of a RANGE */
	PLUS_NAME, /* adds an offset to a name; to a number only what cannot be taken for a length */
	PLUS_OFFSET, /* adds an offset to whatever there is */
};

static bool is_sum_operator(char c)
{
	return c && strchr("+-*%", c);
}

/* An OFFSET, or a further one, that is calculated: (EXPR), or a sum. */
static int sum_scan(const char **cursor, bool is_closed, struct ref *ref, struct error *error)
{
	uint64_t v;
	int rc;

	rc = is_closed ? expression_scan(cursor, &ref->expression, error)
		       : expression_scan_open(cursor, true, &ref->expression, error);
	if (rc < 0)
		return rc;
	ref->has_expression = !expression_is_number(&ref->expression, &v);
	ref->offset = ref->has_expression ? 0 : v;
	return 0;
}

/* A number from START on was taken as the offset, which may be the first part of a sum. */
static int offset_sum_scan(const char *start, const char **cursor, enum plus plus, struct ref *ref,
			   struct error *error)
{
	const char *end = *cursor;
	int rc;

	if (plus == PLUS_LENGTH || !is_sum_operator(*end))
		return 0;
	*cursor = start;
	rc = sum_scan(cursor, false, ref, error);
	/* 0x10+4 would be a length elsewhere */
	if (rc == 0 && plus == PLUS_NAME && !ref->has_expression)
		*cursor = end;
	return rc;
}

/* Behind the BAR, where there is one. */
static int offset_number_scan(const char **cursor, enum plus plus, struct ref *ref, struct error *error)
{
	const char *start = *cursor;
	int rc;

	if (*start != '(') {
		rc = number_scan(cursor, &ref->offset, error);
		return rc < 0 ? rc : offset_sum_scan(start, cursor, plus, ref, error);
	}
	rc = sum_scan(cursor, true, ref, error);
	/* (EXPR)+8 is (EXPR)+LENGTH in a RANGE */
	if (rc < 0 || plus == PLUS_LENGTH || !is_sum_operator(**cursor))
		return rc;
	*cursor = start;
	return sum_scan(cursor, false, ref, error);
}

static int offset_scan(const char **cursor, enum plus plus, struct ref *ref, struct error *error)
{
	const char *start = *cursor;
	uint64_t v;
	int rc;

	ref->kind = REF_OFFSET;
	if (*start == '(')
		return offset_number_scan(cursor, plus, ref, error);
	rc = number_scan(cursor, &v, error);
	if (rc < 0)
		return rc;
	if (**cursor != ':') {
		ref->offset = v;
		return offset_sum_scan(start, cursor, plus, ref, error);
	}
	if (v > 5)
		return error_set(error, ERROR_USAGE, "bad-bar", "there is no BAR %llu: BARs are 0 to 5",
				 (unsigned long long)v);
	ref->bar = (int)v;
	(*cursor)++;
	return offset_number_scan(cursor, plus, ref, error);
}

/* What is added to a name. */
static int addition_scan(const char **cursor, struct ref *ref, struct error *error)
{
	const char *start = ++*cursor;
	int rc;

	ref->has_offset = true;
	if (*start == '(' || *start == '@')
		return sum_scan(cursor, false, ref, error);
	rc = size_scan(cursor, &ref->offset, error);
	if (rc < 0 || !is_sum_operator(**cursor))
		return rc;
	*cursor = start;
	return sum_scan(cursor, false, ref, error);
}

static int ref_scan(const char **cursor, enum plus plus, struct ref *ref, struct error *error)
{
	int rc;

	/* not all of it: a name is long, and a batch parses many */
	ref->bar = -1;
	ref->name[0] = '\0';
	ref->offset = 0;
	ref->has_offset = false;
	ref->width = 0;
	ref->has_expression = false;
	if (**cursor == '@') {
		(*cursor)++;
		ref->kind = REF_BUFFER;
		rc = buffer_name_scan(cursor, ref->name, error);
	} else if (is_name_start(**cursor) || **cursor == '*' || **cursor == '?') {
		rc = name_scan(cursor, "", ref, error);
	} else {
		rc = offset_scan(cursor, plus, ref, error);
	}
	if (rc == 0 && plus != PLUS_LENGTH && **cursor == '+' && ref->kind != REF_OFFSET)
		rc = addition_scan(cursor, ref, error);
	if (rc < 0)
		return rc;
	if (**cursor == '/') {
		(*cursor)++;
		rc = width_scan(cursor, &ref->width, error);
	}
	return rc;
}

/* Of what is long only what is used: a batch parses many. */
static void give_ref(struct ref *to, const struct ref *from)
{
	to->kind = from->kind;
	to->bar = from->bar;
	memcpy(to->name, from->name, strlen(from->name) + 1);
	to->offset = from->offset;
	to->has_offset = from->has_offset;
	to->width = from->width;
	to->has_expression = from->has_expression;
	if (from->has_expression)
		to->expression = from->expression;
}

int ref_parse(const char *text, struct ref *ref, struct error *error)
{
	const char *cursor = text;
	struct ref r;
	int rc;

	rc = ref_scan(&cursor, PLUS_NAME, &r, error);
	if (rc < 0)
		return in_operand(text, rc, error);
	if (*cursor == '+')
		return bad(text, "an offset is added to a name, not to a number", error);
	if (*cursor) {
		rc = bad(text, "text is left over", error);
		if (*cursor == '=')
			error_hint(error, "this command reads; 'pcietool regs write' writes");
		return rc;
	}
	give_ref(ref, &r);
	return 0;
}

static int range_tail_scan(const char **cursor, struct range *range, struct error *error)
{
	int rc;

	(*cursor)++;
	rc = size_scan(cursor, &range->length, error);
	if (rc < 0)
		return rc;
	/* @NAME+OFFSET+LENGTH: with two, the first is the offset, as for the dma commands */
	if (**cursor == '+' && range->first.kind != REF_OFFSET) {
		range->first.offset = range->length;
		range->first.has_offset = true;
		(*cursor)++;
		rc = size_scan(cursor, &range->length, error);
		if (rc < 0)
			return rc;
	}
	if (range->length == 0)
		return error_set(error, ERROR_USAGE, "bad-operand", "the length is zero");
	range->has_length = true;
	if (**cursor == '/') {
		(*cursor)++;
		return width_scan(cursor, &range->first.width, error);
	}
	return 0;
}

int range_parse(const char *text, struct range *range, struct error *error)
{
	bool is_span = strstr(text, "..") != NULL;
	const char *cursor = text;
	struct range r = { 0 };
	int rc;

	rc = ref_scan(&cursor, is_span ? PLUS_NAME : PLUS_LENGTH, &r.first, error);
	if (rc == 0 && is_span) {
		if (strncmp(cursor, "..", 2) != 0)
			return bad(text, "the two ends of a range are REF..REF", error);
		cursor += 2;
		r.has_last = true;
		rc = ref_scan(&cursor, PLUS_NAME, &r.last, error);
	} else if (rc == 0 && *cursor == '+') {
		rc = range_tail_scan(&cursor, &r, error);
	}
	if (rc < 0)
		return in_operand(text, rc, error);
	if (*cursor)
		return bad(text, "text is left over", error);
	*range = r;
	return 0;
}

static int addend_scan(const char **cursor, uint64_t *addend, struct error *error)
{
	bool minus = **cursor == '-';
	uint64_t v;
	int rc;

	(*cursor)++;
	rc = size_scan(cursor, &v, error);
	if (rc == 0)
		*addend = minus ? -v : v;
	return rc;
}

static int part_scan(const char **cursor, struct value *value, struct error *error)
{
	static const struct {
		const char *word;
		enum value_part part;
	} parts[] = { { ".lo", VALUE_LO }, { ".hi", VALUE_HI }, { ".size", VALUE_SIZE } };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		size_t n = strlen(parts[i].word);

		if (strncmp(*cursor, parts[i].word, n) == 0 && !is_name_char((*cursor)[n])) {
			value->part = parts[i].part;
			*cursor += n;
			return 0;
		}
	}
	return error_set(error, ERROR_USAGE, "bad-operand", "'%s' is none of .lo, .hi, .size", *cursor);
}

static int expression_value_scan(const char **cursor, struct value *value, struct error *error)
{
	int rc = expression_scan(cursor, &value->expression, error);

	if (rc == 0 && **cursor == '.')
		rc = part_scan(cursor, value, error);
	if (rc == 0 && value->part == VALUE_SIZE)
		rc = error_set(error, ERROR_USAGE, "bad-operand", "only an @NAME has a size");
	return rc;
}

/* VALUE without what its parts may be joined with. */
static int simple_value_scan(const char **cursor, struct value *value, struct error *error)
{
	int rc;

	/* not all of it: an expression is long, and a batch parses many */
	value->is_symbol = false;
	value->name[0] = '\0';
	value->number = 0;
	value->part = VALUE_WHOLE;
	value->enum_name[0] = '\0';
	value->is_expression = **cursor == '(';
	if (value->is_expression)
		return expression_value_scan(cursor, value, error);
	if (is_name_start(**cursor)) {
		struct ref word = { 0 };

		rc = name_scan(cursor, "+-/", &word, error);
		if (rc == 0)
			memcpy(value->enum_name, word.name, sizeof(value->enum_name));
		return rc;
	}
	if (**cursor != '@')
		return number_scan(cursor, &value->number, error);
	(*cursor)++;
	value->is_symbol = true;
	rc = buffer_name_scan(cursor, value->name, error);
	/* what is no number is not the symbol's but an expression's */
	if (rc == 0 && (**cursor == '+' || **cursor == '-') && (*cursor)[1] != '@' && (*cursor)[1] != '(')
		rc = addend_scan(cursor, &value->number, error);
	if (rc == 0 && **cursor == '.')
		rc = part_scan(cursor, value, error);
	return rc;
}

static int value_scan(const char **cursor, struct value *value, struct error *error)
{
	const char *start = *cursor;
	int rc = simple_value_scan(cursor, value, error);

	if (rc < 0 || value->enum_name[0] || value->part == VALUE_LO || value->part == VALUE_HI ||
	    !**cursor || !strchr("+-*/%<>&^|", **cursor))
		return rc;
	*cursor = start;
	value->is_symbol = false;
	value->part = VALUE_WHOLE;
	value->is_expression = true;
	return expression_scan_open(cursor, false, &value->expression, error);
}

int value_parse(const char *text, struct value *value, struct error *error)
{
	const char *cursor = text;
	struct value v;
	int rc;

	rc = value_scan(&cursor, &v, error);
	if (rc < 0)
		return in_operand(text, rc, error);
	if (*cursor)
		return bad(text, "text is left over", error);
	*value = v;
	return 0;
}

/* [:MASK] and nothing behind it */
static int mask_scan(const char **cursor, bool *has_mask, uint64_t *mask, struct error *error)
{
	if (**cursor != ':')
		return 0;
	(*cursor)++;
	*has_mask = true;
	return number_scan(cursor, mask, error);
}

int assign_parse(const char *text, struct assign *assign, struct error *error)
{
	struct assign a = { .text = text };
	const char *cursor = text;
	int rc;

	rc = ref_scan(&cursor, PLUS_OFFSET, &a.ref, error);
	if (rc < 0)
		return in_operand(text, rc, error);
	if (strncmp(cursor, "==", 2) == 0) {
		rc = bad(text, "'==' compares, '=' writes", error);
		error_hint(error, "to wait for a value: 'pcietool regs wait %.200s'", text);
		return rc;
	}
	if (*cursor != '=') {
		rc = bad(text, "a write is REF=VALUE or REF=VALUE:MASK", error);
		error_hint(error,
			   "a shell takes an unquoted '<', '>', '*' and '?' for itself: quote the operand");
		return rc;
	}
	cursor++;
	rc = value_scan(&cursor, &a.value, error);
	if (rc == 0)
		rc = mask_scan(&cursor, &a.has_mask, &a.mask, error);
	if (rc < 0)
		return in_operand(text, rc, error);
	if (*cursor)
		return bad(text, "text is left over", error);
	*assign = a;
	return 0;
}

static int compare_scan(const char **cursor, enum compare *compare)
{
	static const struct {
		const char *word;
		enum compare compare;
	} words[] = {
		{ "==", COMPARE_EQ },
		{ "!=", COMPARE_NE },
		{ "<", COMPARE_LT },
		{ ">", COMPARE_GT },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i].word);

		if (strncmp(*cursor, words[i].word, n) == 0) {
			*compare = words[i].compare;
			*cursor += n;
			return 0;
		}
	}
	return -EINVAL;
}

int condition_parse(const char *text, struct condition *condition, struct error *error)
{
	struct condition c = { .text = text };
	const char *cursor = text;
	int rc;

	rc = ref_scan(&cursor, PLUS_OFFSET, &c.ref, error);
	if (rc < 0)
		return in_operand(text, rc, error);
	if (compare_scan(&cursor, &c.compare) < 0) {
		rc = bad(text,
			 *cursor == '=' ? "'=' writes, a condition compares with '=='"
					: "a condition is REF==VALUE, REF!=VALUE, REF<VALUE or REF>VALUE",
			 error);
		if (*cursor == '\0')
			error_hint(error,
				   "a shell takes an unquoted '<' or '>' for itself: quote the condition");
		return rc;
	}
	rc = value_scan(&cursor, &c.value, error);
	if (rc == 0)
		rc = mask_scan(&cursor, &c.has_mask, &c.mask, error);
	if (rc < 0)
		return in_operand(text, rc, error);
	if (*cursor)
		return bad(text, "text is left over", error);
	*condition = c;
	return 0;
}

int buffer_range_parse(const char *text, char name[BUFFER_NAME_SIZE], uint64_t *offset, uint64_t *length,
		       struct error *error)
{
	char scanned[BUFFER_NAME_SIZE] = "";
	const char *cursor = text;
	uint64_t at = 0;
	uint64_t n = UINT64_MAX;
	int rc;

	if (*cursor == '@')
		cursor++; /* as an operand of regs has it: no reason to refuse it here */
	rc = buffer_name_scan(&cursor, scanned, error);
	if (rc == 0 && *cursor == '+') {
		cursor++;
		rc = size_scan(&cursor, &at, error);
	}
	if (rc == 0 && *cursor == '+') {
		cursor++;
		rc = size_scan(&cursor, &n, error);
		/* the largest number stands for no length; as one that was given it is too long all the same */
		if (rc == 0 && n == UINT64_MAX)
			n--;
	}
	if (rc < 0)
		return in_operand(text, rc, error);
	if (*cursor)
		return bad(text, "the form is NAME[+OFFSET[+LENGTH]]", error);
	memcpy(name, scanned, sizeof(scanned));
	*offset = at;
	*length = n;
	return 0;
}

int buffer_name_check(const char *name, struct error *error)
{
	/* what the hooks of a capture call its own memory */
	static const char *const reserved[] = { "buf",	 "block", "blocks", "index", "next",
						"count", "lap",	  "head",   "tail" };
	size_t n = buffer_name_length(name);

	if (n == 0 || name[n] != '\0') {
		error_set(error, ERROR_USAGE, "bad-name", "'%.40s%s' is no buffer name", name,
			  strlen(name) > 40 ? "..." : "");
		error_hint(error, "letters, digits and '_', the first no digit, at most %d",
			   BUFFER_NAME_SIZE - 1);
		return -EINVAL;
	}
	if (n >= BUFFER_NAME_SIZE)
		return error_set(error, ERROR_USAGE, "bad-name",
				 "'%.40s...': a buffer's name has at most %d characters, not %zu", name,
				 BUFFER_NAME_SIZE - 1, n);
	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		if (strcmp(name, reserved[i]) == 0)
			return error_set(error, ERROR_USAGE, "bad-name",
					 "'%s' is reserved: hooks of a capture mean their own memory by it",
					 name);
	}
	return 0;
}

bool ref_has_name(const struct ref *ref, const char *name)
{
	return (ref->kind == REF_BUFFER && strcmp(ref->name, name) == 0) ||
	       (ref->has_expression && expression_has_name(&ref->expression, name));
}

bool value_has_name(const struct value *value, const char *name)
{
	if (value->is_expression)
		return expression_has_name(&value->expression, name);
	return value->is_symbol && strcmp(value->name, name) == 0;
}

bool compare_holds(enum compare compare, uint64_t actual, uint64_t mask, uint64_t value)
{
	actual &= mask;
	switch (compare) {
	case COMPARE_EQ:
		return actual == value;
	case COMPARE_NE:
		return actual != value;
	case COMPARE_LT:
		return actual < value;
	case COMPARE_GT:
		return actual > value;
	}
	return false;
}
