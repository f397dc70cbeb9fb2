// SPDX-License-Identifier: GPL-2.0-or-later
/* The elements that hold text: into their item, or a problem. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "core/regmap/svd.h"

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

static void take_number(struct svd *svd, enum svd_tag tag, struct svd_item *item, size_t place,
			const char *text)
{
	uint64_t minimum = 0;
	uint64_t maximum = 0;
	uint64_t value;
	int rc = svd_number(text, &value);

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

	length = svd_collapse(text, length);
	switch (tag) {
	case SVD_TAG_NAME:
		fault = svd_name_fault(text);
		if (!fault && !(e->name = regmap_string(svd->map, text, length)))
			return -ENOMEM;
		break;
	case SVD_TAG_DESCRIPTION:
		if (length && !(e->description = regmap_string(svd->map, text, length)))
			return -ENOMEM;
		break;
	case SVD_TAG_VALUE:
		rc = svd_masked_number(text, &e->value, &e->mask);
		if (rc < 0)
			fault = number_fault(rc);
		svd->pending.given |= SVD_PENDING_VALUE;
		break;
	default:
		if (svd_boolean(text, &e->is_default) < 0)
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
	const char *fault = is_free ? NULL : svd_name_fault(text);

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

	if (svd_boolean(text, &yes) < 0)
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
		rc = svd_access(text, &item->behaviour.access);
		break;
	case SVD_TAG_ON_READ:
		given = SVD_ON_READ;
		rc = svd_read_action(text, &item->behaviour.on_read);
		break;
	case SVD_TAG_ON_WRITE:
		given = SVD_ON_WRITE;
		rc = svd_modified_write(text, &item->behaviour.on_write);
		break;
	case SVD_TAG_USAGE:
		given = SVD_USAGE;
		rc = svd_usage(text, &item->usage);
		break;
	case SVD_TAG_BIT_RANGE:
		rc = svd_bit_range(text, &svd->pending.range_msb, &svd->pending.range_lsb);
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
	int rc = svd_number(text, &value);

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

	length = svd_collapse(text, length);
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
