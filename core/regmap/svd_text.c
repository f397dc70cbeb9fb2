// SPDX-License-Identifier: GPL-2.0-or-later
/* The texts of SVD's elements: numbers, bit ranges, words, names. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "core/regmap/svd.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

size_t svd_collapse(char *text, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		if (!is_blank(text[i]))
			text[used++] = text[i];
		else if (used && text[used - 1] != ' ')
			text[used++] = ' ';
	}
	if (used && text[used - 1] == ' ')
		used--;
	text[used] = '\0';
	return used;
}

static unsigned int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a' + 10) : 99;
}

/* The number's base, behind its sign; *TEXT is moved to the first digit. */
static unsigned int number_base(const char **text)
{
	const char *t = *text;

	if (*t == '+')
		t++;
	*text = t;
	if (*t == '#') {
		*text = t + 1;
		return 2;
	}
	if (t[0] == '0' && (t[1] == 'x' || t[1] == 'X' || t[1] == 'b' || t[1] == 'B')) {
		*text = t + 2;
		return (t[1] | 0x20) == 'x' ? 16 : 2;
	}
	return 10;
}

/* Powers of 1024; -1: none. */
static int scale_shift(char c)
{
	static const char scales[] = "kmgt";
	const char *at = c ? strchr(scales, c | 0x20) : NULL;

	return at ? 10 * (int)(at - scales + 1) : -1;
}

int svd_number(const char *text, uint64_t *value)
{
	unsigned int base = number_base(&text);
	const char *start = text;
	bool overflow = false;
	uint64_t v = 0;

	for (; digit_value(*text) < base; text++) {
		uint64_t sum;

		overflow |= __builtin_mul_overflow(v, base, &v);
		overflow |= __builtin_add_overflow(v, digit_value(*text), &sum);
		v = sum;
	}
	if (text == start)
		return -EINVAL;
	if (scale_shift(*text) > 0) {
		int shift = scale_shift(*text++);

		overflow |= v >> (64 - shift) != 0;
		v <<= shift;
	}
	if (*text)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	*value = v;
	return 0;
}

int svd_masked_number(const char *text, uint64_t *value, uint64_t *mask)
{
	const char *digits = text;
	uint64_t v = 0;
	uint64_t m = UINT64_MAX;
	size_t n = 0;

	if (number_base(&digits) != 2) {
		int rc = svd_number(text, value);

		if (rc == 0)
			*mask = UINT64_MAX;
		return rc;
	}
	for (; digits[n]; n++) {
		bool any = digits[n] == 'x' || digits[n] == 'X';

		if (!any && digits[n] != '0' && digits[n] != '1')
			return -EINVAL;
		if ((v | ~m) >> 63)
			return -ERANGE;
		v = v << 1 | (digits[n] == '1');
		m = m << 1 | !any;
	}
	if (n == 0)
		return -EINVAL;
	*value = v;
	*mask = m;
	return 0;
}

static bool scan_bit(const char **text, uint64_t *bit)
{
	uint64_t v = 0;
	unsigned int digits = 0;

	while (**text == ' ')
		(*text)++;
	for (; isdigit((unsigned char)**text) && digits < 4; digits++)
		v = 10 * v + (unsigned int)(*(*text)++ - '0');
	while (**text == ' ')
		(*text)++;
	*bit = v;
	return digits > 0;
}

int svd_bit_range(const char *text, uint64_t *msb, uint64_t *lsb)
{
	uint64_t high;
	uint64_t low;

	if (*text++ != '[' || !scan_bit(&text, &high) || *text++ != ':' || !scan_bit(&text, &low) ||
	    strcmp(text, "]") != 0)
		return -EINVAL;
	*msb = high;
	*lsb = low;
	return 0;
}

int svd_boolean(const char *text, bool *value)
{
	if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
		*value = true;
	else if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
		*value = false;
	else
		return -EINVAL;
	return 0;
}

int svd_access(const char *text, enum regmap_access *access)
{
	for (enum regmap_access a = REGMAP_READ_ONLY; a <= REGMAP_READ_WRITE_ONCE; a++) {
		if (strcmp(text, regmap_access_name(a)) == 0) {
			*access = a;
			return 0;
		}
	}
	return -EINVAL;
}

int svd_read_action(const char *text, enum regmap_read_effect *effect)
{
	for (enum regmap_read_effect e = READ_CLEARS; e <= READ_MODIFIES_OTHERS; e++) {
		if (strcmp(text, regmap_read_effect_name(e)) == 0) {
			*effect = e;
			return 0;
		}
	}
	return -EINVAL;
}

int svd_modified_write(const char *text, enum regmap_write_effect *effect)
{
	if (strcmp(text, "modify") == 0) {
		*effect = WRITE_MODIFIES;
		return 0;
	}
	for (enum regmap_write_effect e = WRITE_1_CLEARS; e <= WRITE_SETS; e++) {
		if (strcmp(text, regmap_write_effect_name(e)) == 0) {
			*effect = e;
			return 0;
		}
	}
	return -EINVAL;
}

int svd_usage(const char *text, enum svd_usage *usage)
{
	static const char *const names[] = { "read-write", "read", "write" };

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) == 0) {
			*usage = (enum svd_usage)i;
			return 0;
		}
	}
	return -EINVAL;
}

const char *svd_name_fault(const char *text)
{
	size_t n = 0;

	for (; text[n]; n++) {
		bool good = isalnum((unsigned char)text[n]) || text[n] == '_' || text[n] == '[' ||
			    text[n] == ']' || (text[n] == '%' && text[n + 1] == 's');

		if (!good)
			return "has characters other than letters, digits, '_', '[', ']' and '%s'";
	}
	if (n == 0)
		return "is empty";
	return n < REGMAP_NAME_SIZE ? NULL : "is too long";
}
