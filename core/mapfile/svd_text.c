// SPDX-License-Identifier: GPL-2.0-or-later
/* The texts of SVD's elements, CMSIS-SVD 1.3: numbers, bit ranges, words, names, and where they go in their item. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "core/mapfile/svd.h"

/* --- values; -EINVAL: not one, -ERANGE: too large for 64 bits ------------------------------------- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Cuts blanks at both ends and makes one of those inside; NUL-terminates. The new length. */
static size_t collapse(char *text, size_t length)
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

/* CMSIS-SVD scaledNonNegativeInteger: decimal, 0x, # or 0b binary; k, m, g, t behind. */
static int number(const char *text, uint64_t *value)
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

/* enumeratedValueDataType: binary digits may be 'x'. */
static int masked_number(const char *text, uint64_t *value, uint64_t *mask)
{
	const char *digits = text;
	uint64_t v = 0;
	uint64_t m = UINT64_MAX;
	size_t n = 0;

	if (number_base(&digits) != 2) {
		int rc = number(text, value);

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

static int bit_range(const char *text, uint64_t *msb, uint64_t *lsb)
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

static int boolean(const char *text, bool *value)
{
	if (strcmp(text, "true") == 0 || strcmp(text, "1") == 0)
		*value = true;
	else if (strcmp(text, "false") == 0 || strcmp(text, "0") == 0)
		*value = false;
	else
		return -EINVAL;
	return 0;
}

/* In any case of letters: vendors have "read-writeonce". */
static int access(const char *text, enum regmap_access *access)
{
	for (enum regmap_access a = REGMAP_READ_ONLY; a <= REGMAP_READ_WRITE_ONCE; a++) {
		if (strcasecmp(text, regmap_access_name(a)) == 0) {
			*access = a;
			return 0;
		}
	}
	return -EINVAL;
}

static int read_action(const char *text, enum regmap_read_effect *effect)
{
	for (enum regmap_read_effect e = READ_CLEARS; e <= READ_MODIFIES_OTHERS; e++) {
		if (strcasecmp(text, regmap_read_effect_name(e)) == 0) {
			*effect = e;
			return 0;
		}
	}
	return -EINVAL;
}

static int modified_write(const char *text, enum regmap_write_effect *effect)
{
	if (strcasecmp(text, "modify") == 0) {
		*effect = WRITE_MODIFIES;
		return 0;
	}
	for (enum regmap_write_effect e = WRITE_1_CLEARS; e <= WRITE_SETS; e++) {
		if (strcasecmp(text, regmap_write_effect_name(e)) == 0) {
			*effect = e;
			return 0;
		}
	}
	return -EINVAL;
}

static int usage(const char *text, enum svd_usage *usage)
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

/* NULL: TEXT is a name; otherwise why not. */
static const char *name_fault(const char *text)
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

/* --- into their item, or a problem -------------------------------------------------------------- */

/* Something is wrong with the text of element TAG. */
static void bad_text(struct svd *svd, enum svd_tag tag, struct svd_item *item, size_t place, const char *text,
		     const char *why)
{
	svd_problem(svd, item, place, "<%s> '%.64s' %s", svd_element_name(tag), text, why);
}

/* The same of an enumeratedValue: this one only is left out. */
static void bad_enum(struct svd *svd, enum svd_tag tag, size_t place, const char *text, const char *why)
{
	const struct regmap_enum *value = &svd->pending.value;

	regmap_problem(svd->map, place, "enumeratedValue%s%s: <%s> '%.64s' %s", value->name ? " " : "",
		       value->name ? value->name : "", svd_element_name(tag), text, why);
	svd->pending.given |= SVD_PENDING_BAD;
}

static const char *number_fault(int rc)
{
	return rc == -ERANGE ? "does not fit 64 bits" : "is not a number";
}

/* An element without a text says nothing, so its item has what it would have without the element. */
static bool is_empty(struct svd *svd, enum svd_tag tag, struct svd_item *item, size_t place, const char *text)
{
	if (!*text)
		svd_note(svd, item, place, "<%s> is empty", svd_element_name(tag));
	return !*text;
}

static void take_number(struct svd *svd, enum svd_tag tag, struct svd_item *item, size_t place,
			const char *text)
{
	uint64_t minimum = 0;
	uint64_t maximum = 0;
	uint64_t value;
	int rc;

	if (is_empty(svd, tag, item, place, text))
		return;
	rc = number(text, &value);
	if (rc < 0) {
		bad_text(svd, tag, item, place, text, number_fault(rc));
		return;
	}
	if (svd_element_number(svd, tag, item, value))
		return;
	svd_element_is_number(tag, &minimum, &maximum);
	svd_problem(svd, item, place, "<%s> is %" PRIu64 ", %" PRIu64 " to %" PRIu64 " are possible",
		    svd_element_name(tag), value, minimum, maximum);
}

int svd_enum_text(struct svd *svd, enum svd_tag tag, size_t place, char *text, size_t length)
{
	struct regmap_enum *e = &svd->pending.value;
	const char *fault = NULL;
	int rc = 0;

	length = collapse(text, length);
	switch (tag) {
	case SVD_TAG_NAME:
		fault = name_fault(text);
		if (!fault && !(e->name = regmap_string(svd->map, text, length)))
			return -ENOMEM;
		break;
	case SVD_TAG_DESCRIPTION:
		if (length && !(e->description = regmap_string(svd->map, text, length)))
			return -ENOMEM;
		break;
	case SVD_TAG_VALUE:
		rc = masked_number(text, &e->value, &e->mask);
		if (rc < 0)
			fault = number_fault(rc);
		svd->pending.given |= SVD_PENDING_VALUE;
		break;
	default:
		if (boolean(text, &e->is_default) < 0)
			fault = "is neither true nor false";
		break;
	}
	if (fault)
		bad_enum(svd, tag, place, text, fault);
	return 0;
}

/* The device's and the enumeratedValues' name nothing that is looked up, and may be anything. */
static int take_name(struct svd *svd, struct svd_item *item, size_t place, const char *text, size_t length)
{
	bool is_free = item->kind == SVD_DEVICE || item->kind == SVD_ENUMS;
	const char *fault = is_free ? NULL : name_fault(text);

	if (fault)
		bad_text(svd, SVD_TAG_NAME, item, place, text, fault);
	else if (length && !(item->name = regmap_string(svd->map, text, length)))
		return -ENOMEM;
	return 0;
}

static void take_constraint(struct svd *svd, enum svd_tag tag, struct svd_item *item, size_t place,
			    const char *text)
{
	bool yes;

	if (boolean(text, &yes) < 0)
		bad_text(svd, tag, item, place, text, "is neither true nor false");
	else if (yes)
		item->behaviour.constraint = tag == SVD_TAG_AS_READ ? CONSTRAINT_AS_READ : CONSTRAINT_ENUM;
}

/* One of the words that there are for the element. */
static void take_word(struct svd *svd, enum svd_tag tag, struct svd_item *item, size_t place,
		      const char *text)
{
	enum svd_given given = 0;
	int rc = -EINVAL;

	switch (tag) {
	case SVD_TAG_ACCESS:
		given = SVD_ACCESS;
		rc = access(text, &item->behaviour.access);
		break;
	case SVD_TAG_ON_READ:
		given = SVD_ON_READ;
		rc = read_action(text, &item->behaviour.on_read);
		break;
	case SVD_TAG_ON_WRITE:
		given = SVD_ON_WRITE;
		rc = modified_write(text, &item->behaviour.on_write);
		break;
	case SVD_TAG_USAGE:
		given = SVD_USAGE;
		rc = usage(text, &item->usage);
		break;
	case SVD_TAG_BIT_RANGE:
		rc = bit_range(text, &svd->pending.range_msb, &svd->pending.range_lsb);
		if (rc == 0 && svd->pending.range_msb < svd->pending.range_lsb)
			rc = -EINVAL;
		svd->pending.given |= SVD_PENDING_RANGE;
		break;
	default:
		break;
	}
	if (rc < 0)
		bad_text(svd, tag, item, place, text,
			 tag == SVD_TAG_BIT_RANGE ? "is not [MSB:LSB]" : "is none of its words");
	else
		item->given |= given;
}

static void take_device_number(struct svd *svd, enum svd_tag tag, struct svd_item *device, size_t place,
			       const char *text)
{
	uint64_t value;
	int rc;

	if (is_empty(svd, tag, device, place, text))
		return;
	rc = number(text, &value);
	if (rc < 0)
		bad_text(svd, tag, device, place, text, number_fault(rc));
	else if (tag == SVD_TAG_UNIT_BITS && value != 8)
		bad_text(svd, tag, device, place, text, "is not supported: addresses count bytes, of 8 bits");
	else if (tag == SVD_TAG_WIDTH && value >= 1 && value <= 64)
		svd->width = value;
}

int svd_element_text(struct svd *svd, enum svd_tag tag, struct svd_item *item, size_t place, char *text,
		     size_t length)
{
	uint64_t minimum;
	uint64_t maximum;

	length = collapse(text, length);
	if (svd_element_is_number(tag, &minimum, &maximum)) {
		take_number(svd, tag, item, place, text);
		return 0;
	}
	switch (tag) {
	case SVD_TAG_NAME:
		return take_name(svd, item, place, text, length);
	case SVD_TAG_DESCRIPTION:
		if (length && !(item->description = regmap_string(svd->map, text, length)))
			return -ENOMEM;
		break;
	case SVD_TAG_DIM_INDEX:
		if (!(item->dim_index = regmap_string(svd->map, text, length)))
			return -ENOMEM;
		break;
	case SVD_TAG_ALTERNATE_GROUP:
		item->is_alternate = true;
		/* one that could be no part of a name is no group to tell registers by */
		if (length && !name_fault(text) && !(item->group = regmap_string(svd->map, text, length)))
			return -ENOMEM;
		break;
	case SVD_TAG_ALTERNATE_REGISTER:
	case SVD_TAG_ALTERNATE_CLUSTER:
	case SVD_TAG_ALTERNATE_PERIPHERAL:
		item->is_alternate = true;
		break;
	case SVD_TAG_AS_READ:
	case SVD_TAG_USE_ENUMS:
		take_constraint(svd, tag, item, place, text);
		break;
	case SVD_TAG_UNIT_BITS:
	case SVD_TAG_WIDTH:
		take_device_number(svd, tag, item, place, text);
		break;
	default:
		take_word(svd, tag, item, place, text);
		break;
	}
	return 0;
}
