// SPDX-License-Identifier: GPL-2.0-or-later
/* Walks a match as Lua would, for the number of its steps alone. */
#include "core/twin/model_bounds.h"

#include <ctype.h>
#include <string.h>

/* LUA_MAXCAPTURES and lstrlib.c's MAXCCALLS: what is beyond either, Lua refuses. */
#define CAPTURES_MAX 32
#define DEPTH_MAX 200
/* What memchr() and memcmp() look at in the time of a step. */
#define BYTES_A_STEP 16

#define OPEN (-1)
#define POSITION (-2)

struct capture {
	const char *start;
	ptrdiff_t length; /* or OPEN, POSITION */
};

struct walk {
	const char *start;
	const char *end;
	const char *pattern_end;
	uint64_t steps;
	uint64_t limit;
	bool is_over; /* of the limit, or of what Lua takes */
	unsigned int depth;
	unsigned int level;
	struct capture captures[CAPTURES_MAX];
};

static bool step(struct walk *w, uint64_t count)
{
	w->steps += count;
	w->is_over |= w->steps > w->limit;
	return !w->is_over;
}

static const char *malformed(struct walk *w)
{
	w->is_over = true;
	return NULL;
}

/* Behind the class at P; NULL: malformed. */
static const char *class_end(struct walk *w, const char *p)
{
	char first = *p++;

	if (first == '%')
		return p < w->pattern_end ? p + 1 : malformed(w);
	if (first != '[')
		return p;
	if (*p == '^')
		p++;
	do {
		if (p >= w->pattern_end)
			return malformed(w);
		if (*p++ == '%' && p < w->pattern_end)
			p++;
	} while (p >= w->pattern_end || *p != ']');
	return p + 1;
}

static bool is_of_class(int c, char class)
{
	bool is;

	switch (tolower((unsigned char)class)) {
	case 'a':
		is = isalpha(c);
		break;
	case 'c':
		is = iscntrl(c);
		break;
	case 'd':
		is = isdigit(c);
		break;
	case 'g':
		is = isgraph(c);
		break;
	case 'l':
		is = islower(c);
		break;
	case 'p':
		is = ispunct(c);
		break;
	case 's':
		is = isspace(c);
		break;
	case 'u':
		is = isupper(c);
		break;
	case 'w':
		is = isalnum(c);
		break;
	case 'x':
		is = isxdigit(c);
		break;
	default:
		return (unsigned char)class == c;
	}
	return isupper((unsigned char)class) ? !is : is;
}

/* SET is at "[", LAST at its "]". */
static bool is_in_set(struct walk *w, int c, const char *set, const char *last)
{
	bool found = true;

	if (set[1] == '^') {
		found = false;
		set++;
	}
	while (++set < last && step(w, 1)) {
		if (*set == '%') {
			set++;
			if (is_of_class(c, *set))
				return found;
		} else if (set[1] == '-' && set + 2 < last) {
			set += 2;
			if ((unsigned char)set[-2] <= c && c <= (unsigned char)*set)
				return found;
		} else if ((unsigned char)*set == c) {
			return found;
		}
	}
	return !found;
}

static bool is_single(struct walk *w, const char *s, const char *p, const char *class_end_at)
{
	int c;

	if (!step(w, 1) || s >= w->end)
		return false;
	c = (unsigned char)*s;
	switch (*p) {
	case '.':
		return true;
	case '%':
		return is_of_class(c, p[1]);
	case '[':
		return is_in_set(w, c, p, class_end_at - 1);
	default:
		return (unsigned char)*p == c;
	}
}

static const char *match(struct walk *w, const char *s, const char *p);

static const char *match_balance(struct walk *w, const char *s, const char *p)
{
	unsigned int depth = 1;

	if (p + 1 >= w->pattern_end)
		return malformed(w);
	if (s >= w->end || *s != *p)
		return NULL;
	while (++s < w->end && step(w, 1)) {
		if (*s == p[1]) {
			if (--depth == 0)
				return s + 1;
		} else if (*s == *p) {
			depth++;
		}
	}
	return NULL;
}

static const char *expand_most(struct walk *w, const char *s, const char *p, const char *end)
{
	ptrdiff_t count = 0;

	while (is_single(w, s + count, p, end))
		count++;
	for (; count >= 0 && !w->is_over; count--) {
		const char *found = match(w, s + count, end + 1);

		if (found)
			return found;
	}
	return NULL;
}

static const char *expand_least(struct walk *w, const char *s, const char *p, const char *end)
{
	while (!w->is_over) {
		const char *found = match(w, s, end + 1);

		if (found)
			return found;
		if (!is_single(w, s, p, end))
			return NULL;
		s++;
	}
	return NULL;
}

static const char *open_capture(struct walk *w, const char *s, const char *p, ptrdiff_t what)
{
	const char *found;

	if (w->level >= CAPTURES_MAX)
		return malformed(w);
	w->captures[w->level++] = (struct capture){ .start = s, .length = what };
	found = match(w, s, p);
	if (!found)
		w->level--;
	return found;
}

static const char *close_capture(struct walk *w, const char *s, const char *p)
{
	unsigned int last = w->level;
	const char *found;

	while (last > 0 && w->captures[last - 1].length != OPEN)
		last--;
	if (last == 0)
		return malformed(w);
	w->captures[last - 1].length = s - w->captures[last - 1].start;
	found = match(w, s, p);
	if (!found)
		w->captures[last - 1].length = OPEN;
	return found;
}

static const char *match_again(struct walk *w, const char *s, char digit)
{
	unsigned int number = (unsigned int)(digit - '1');
	size_t length;

	if (digit == '0' || number >= w->level || w->captures[number].length == OPEN)
		return malformed(w);
	/* of a position there is nothing to compare with: Lua takes its mark for a length that never fits */
	if (w->captures[number].length < 0)
		return NULL;
	length = (size_t)w->captures[number].length;
	step(w, length / BYTES_A_STEP);
	return (size_t)(w->end - s) >= length && memcmp(w->captures[number].start, s, length) == 0
		       ? s + length
		       : NULL;
}

/* Is S between what is not in the set at P and what is? *END is behind the set. */
static bool is_frontier(struct walk *w, const char *s, const char *p, const char **end)
{
	int before = s == w->start ? 0 : (unsigned char)s[-1];
	int here = s < w->end ? (unsigned char)*s : 0;

	if (*p != '[') {
		malformed(w);
		return false;
	}
	*end = class_end(w, p);
	return *end && !is_in_set(w, before, p, *end - 1) && is_in_set(w, here, p, *end - 1);
}

/* A class and what may follow it. *NEXT: the pattern that S is to be matched with; NULL: *FOUND is the end. */
static const char *match_class(struct walk *w, const char *s, const char *p, const char **next)
{
	const char *end = class_end(w, p);
	bool fits = end && is_single(w, s, p, end);
	char suffix = end && end < w->pattern_end ? *end : 0;

	*next = NULL;
	if (w->is_over || !end)
		return NULL;
	if (suffix == '-')
		return expand_least(w, s, p, end);
	if (suffix == '*')
		return expand_most(w, s, p, end);
	if (suffix == '+')
		return fits ? expand_most(w, s + 1, p, end) : NULL;
	if (suffix == '?') {
		const char *found = fits ? match(w, s + 1, end + 1) : NULL;

		*next = found ? NULL : end + 1;
		return found ? found : s;
	}
	*next = fits ? end : NULL;
	return fits ? s + 1 : NULL;
}

static const char *match_from(struct walk *w, const char *s, const char *p)
{
	while (p != w->pattern_end && step(w, 1)) {
		const char *next = NULL;

		if (*p == '(')
			return p[1] == ')' ? open_capture(w, s, p + 2, POSITION)
					   : open_capture(w, s, p + 1, OPEN);
		if (*p == ')')
			return close_capture(w, s, p + 1);
		if (*p == '$' && p + 1 == w->pattern_end)
			return s == w->end ? s : NULL;
		if (*p == '%' && p[1] == 'b') {
			s = match_balance(w, s, p + 2);
			next = p + 4;
		} else if (*p == '%' && p[1] == 'f') {
			s = is_frontier(w, s, p + 2, &next) ? s : NULL;
		} else if (*p == '%' && isdigit((unsigned char)p[1])) {
			s = match_again(w, s, p[1]);
			next = p + 2;
		} else {
			s = match_class(w, s, p, &next);
			if (!next)
				return s;
		}
		if (!s || w->is_over)
			return NULL;
		p = next;
	}
	return w->is_over ? NULL : s;
}

static const char *match(struct walk *w, const char *s, const char *p)
{
	const char *found;

	if (w->depth == DEPTH_MAX)
		return malformed(w);
	w->depth++;
	found = match_from(w, s, p);
	w->depth--;
	return found;
}

static void find_plain(struct walk *w, const char *s, const char *text, size_t length)
{
	while (length > 0 && s < w->end && (size_t)(w->end - s) >= length) {
		const char *found = memchr(s, text[0], (size_t)(w->end - s) - length + 1);
		size_t same = 1;

		if (!found)
			break;
		while (same < length && found[same] == text[same])
			same++;
		if (same == length || !step(w, 1 + (same + (size_t)(found - s)) / BYTES_A_STEP))
			break;
		s = found + 1;
	}
}

__attribute__((nonnull)) static void find(struct walk *w, const char *s, const char *p, bool is_anchored,
					  bool is_each)
{
	const char *last = NULL;

	do {
		const char *found;

		w->level = 0;
		found = match(w, s, p);
		if (w->is_over || (found && !is_each))
			return;
		if (found && found != last)
			s = last = found;
		else if (s++ >= w->end)
			return;
	} while (s <= w->end && !is_anchored);
}

uint64_t pattern_steps(enum pattern_use use, const char *subject, size_t length, size_t init,
		       const char *pattern, size_t pattern_length, uint64_t limit)
{
	struct walk w = {
		.start = subject,
		.end = subject + length,
		.pattern_end = pattern + pattern_length,
		.limit = limit,
	};
	bool is_anchored = use != PATTERN_GMATCH && pattern_length > 0 && pattern[0] == '^';

	if (init > length)
		return 0;
	if (use == PATTERN_PLAIN ||
	    (use == PATTERN_FIND && !strpbrk(pattern, "^$*+?.([%-") && strlen(pattern) == pattern_length))
		find_plain(&w, subject + init, pattern, pattern_length);
	else
		find(&w, subject + init, pattern + is_anchored, is_anchored, use != PATTERN_FIND);
	return w.steps;
}
