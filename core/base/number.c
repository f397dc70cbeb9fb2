// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers, sizes, times and widths as people type them. */
#include "core/base/number.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static size_t word_length(const char *text)
{
	size_t n = 0;

	while (isalnum((unsigned char)text[n]) || text[n] == '_')
		n++;
	return n;
}

static int digits_parse(const char *digits, size_t n, unsigned int base, uint64_t *value)
{
	uint64_t v = 0;

	if (n == 0)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		int d = digit_value(digits[i]);

		if (d < 0 || (unsigned int)d >= base)
			return -EINVAL;
		if (v > (UINT64_MAX - (unsigned int)d) / base)
			return -ERANGE;
		v = v * base + (unsigned int)d;
	}
	*value = v;
	return 0;
}

/* A zero in front, more digits behind, no 0x: octal to some tools, hex to others. */
static bool is_ambiguous(const char *word, size_t n)
{
	return n > 1 && word[0] == '0' && strspn(word, "0123456789abcdefABCDEF") >= n;
}

static int word_parse(const char *word, size_t n, uint64_t *value, struct error *error)
{
	unsigned int base = 10;
	size_t skip = 0;
	int rc;

	if (n == 0 && *word)
		return error_set(error, ERROR_USAGE, "bad-number", "a number is expected at '%s'", word);
	if (n == 0)
		return error_set(error, ERROR_USAGE, "bad-number", "a number is missing");
	if (n >= 2 && word[0] == '0' && (word[1] == 'x' || word[1] == 'X')) {
		base = 16;
		skip = 2;
	} else if (n >= 2 && word[0] == '0' && (word[1] == 'b' || word[1] == 'B')) {
		base = 2;
		skip = 2;
	} else if (is_ambiguous(word, n)) {
		const char *bare = word + strspn(word, "0");
		int rest = (int)(word + n - bare);

		if (rest == 0) {
			bare = "0";
			rest = 1;
		}
		error_set(error, ERROR_USAGE, "bad-number",
			  "'%.*s' has a leading zero, which can be read in two ways", (int)n, word);
		error_hint(error, "write 0x%.*s for hexadecimal or %.*s for decimal", rest, bare, rest, bare);
		return -EINVAL;
	}
	rc = digits_parse(word + skip, n - skip, base, value);
	if (rc == -ERANGE)
		return error_set(error, ERROR_USAGE, "bad-number", "'%.*s' does not fit in 64 bits", (int)n,
				 word);
	if (rc < 0) {
		error_set(error, ERROR_USAGE, "bad-number", "'%.*s' is not a number", (int)n, word);
		if (skip == 0 && strspn(word, "0123456789abcdefABCDEF") >= n)
			error_hint(error, "hexadecimal needs the prefix: 0x%.*s", (int)n, word);
		return -EINVAL;
	}
	return 0;
}

int number_scan(const char **cursor, uint64_t *value, struct error *error)
{
	size_t n = word_length(*cursor);
	int rc = word_parse(*cursor, n, value, error);

	if (rc == 0)
		*cursor += n;
	return rc;
}

static int expect_end(const char *text, const char *rest, struct error *error)
{
	if (*rest)
		return error_set(error, ERROR_USAGE, "bad-number", "'%s': '%s' is left over", text, rest);
	return 0;
}

int number_parse(const char *text, uint64_t *value, struct error *error)
{
	const char *cursor = text;
	uint64_t v;
	int rc;

	rc = number_scan(&cursor, &v, error);
	if (rc == 0)
		rc = expect_end(text, cursor, error);
	if (rc == 0)
		*value = v;
	return rc;
}

static unsigned int suffix_shift(char c)
{
	switch (c) {
	case 'k':
	case 'K':
		return 10;
	case 'm':
	case 'M':
		return 20;
	case 'g':
	case 'G':
		return 30;
	default:
		return 0;
	}
}

int size_scan(const char **cursor, uint64_t *bytes, struct error *error)
{
	const char *word = *cursor;
	size_t n = word_length(word);
	unsigned int shift = n > 1 ? suffix_shift(word[n - 1]) : 0;
	uint64_t v;
	int rc;

	rc = word_parse(word, shift ? n - 1 : n, &v, error);
	if (rc < 0)
		return rc;
	if (v > UINT64_MAX >> shift)
		return error_set(error, ERROR_USAGE, "bad-number", "'%.*s' does not fit in 64 bits", (int)n,
				 word);
	*bytes = v << shift;
	*cursor += n;
	return 0;
}

int size_parse(const char *text, uint64_t *bytes, struct error *error)
{
	const char *cursor = text;
	uint64_t v;
	int rc;

	rc = size_scan(&cursor, &v, error);
	if (rc == 0)
		rc = expect_end(text, cursor, error);
	if (rc == 0)
		*bytes = v;
	return rc;
}

int duration_parse(const char *text, uint64_t *ns, struct error *error)
{
	static const struct {
		const char *unit;
		uint64_t ns;
	} units[] = {
		{ "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 }, { "m", 60000000000 },
	};
	size_t digits = strspn(text, "0123456789");
	uint64_t v;
	int rc;

	if (digits > 0 && text[digits] == '\0') {
		error_set(error, ERROR_USAGE, "bad-time", "'%s' is a time without a unit", text);
		error_hint(error, "write %sms or %ss", text, text);
		return -EINVAL;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]) && digits > 0; i++) {
		if (strcmp(text + digits, units[i].unit) != 0)
			continue;
		rc = word_parse(text, digits, &v, error);
		if (rc < 0)
			return rc;
		if (v > INT64_MAX / units[i].ns)
			return error_set(error, ERROR_USAGE, "bad-time", "'%s' is too long a time", text);
		*ns = v * units[i].ns;
		return 0;
	}
	error_set(error, ERROR_USAGE, "bad-time", "'%s' is not a time", text);
	error_hint(error, "write a number with a unit: 10us, 5ms, 2s");
	return -EINVAL;
}

int width_parse(const char *text, unsigned int *width, struct error *error)
{
	static const char *const words[] = { "8", "16", "32", "64" };

	for (unsigned int i = 0; i < 4; i++) {
		if (strcmp(text, words[i]) == 0) {
			*width = 8u << i;
			return 0;
		}
	}
	return error_set(error, ERROR_USAGE, "bad-width", "'%s' is not an access width: 8, 16, 32 or 64",
			 text);
}

void duration_format(uint64_t ns, char text[DURATION_SIZE])
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" }, { 1, "ns" } };
	unsigned int i = 0;

	while (ns % units[i].ns)
		i++;
	snprintf(text, DURATION_SIZE, "%llu%s", (unsigned long long)(ns / units[i].ns), units[i].name);
}

void size_format(uint64_t bytes, char text[SIZE_TEXT])
{
	static const char *const units[] = { "", "K", "M", "G", "T" };
	unsigned int unit = 0;

	for (; unit < 4 && bytes >= 1024 && bytes % 1024 == 0; unit++)
		bytes /= 1024;
	snprintf(text, SIZE_TEXT, "%" PRIu64 "%s", bytes, units[unit]);
}

const char *number_format_decimal(uint64_t value, char buffer[NUMBER_DECIMAL_SIZE])
{
	unsigned int at = NUMBER_DECIMAL_SIZE - 1;

	buffer[at] = '\0';
	do
		buffer[--at] = (char)('0' + value % 10);
	while (value /= 10);
	return buffer + at;
}

void number_format_hex(uint64_t value, int digits, char text[NUMBER_HEX_SIZE])
{
	static const char hex[] = "0123456789abcdef";
	int n = value ? (67 - __builtin_clzll(value)) / 4 : 1;

	if (n < digits)
		n = digits < 16 ? digits : 16;
	text[0] = '0';
	text[1] = 'x';
	text[n + 2] = '\0';
	for (int i = n + 1; i >= 2; i--, value >>= 4)
		text[i] = hex[value & 15];
}
