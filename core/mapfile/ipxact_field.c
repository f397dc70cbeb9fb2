// SPDX-License-Identifier: GPL-2.0-or-later
/* IP-XACT: fields, their effects and values, and what they say of their register's reset value. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "core/base/number.h"
#include "core/mapfile/ipxact.h"

static bool same_word(const struct xml_node *node, const char *word)
{
	return *word && strcasecmp(node->text, word) == 0;
}

static void take_effects(struct ipxact *x, struct svd_item *field, const struct xml_node *node)
{
	const struct xml_node *read = ipxact_child(x, node, IPXACT_readAction);
	const struct xml_node *write = ipxact_child(x, node, IPXACT_modifiedWriteValue);
	enum regmap_read_effect r = READ_CLEARS;
	enum regmap_write_effect w = WRITE_1_CLEARS;

	if (read) {
		while (r <= READ_MODIFIES && !same_word(read, regmap_read_effect_name(r)))
			r++;
		if (r > READ_MODIFIES)
			ipxact_bad_word(x, field, read);
		field->behaviour.on_read = r;
		field->given |= SVD_ON_READ;
	}
	if (write) {
		while (w <= WRITE_SETS && !same_word(write, regmap_write_effect_name(w)))
			w++;
		if (w > WRITE_SETS) {
			w = WRITE_MODIFIES;
			if (!same_word(write, "modify"))
				ipxact_bad_word(x, field, write);
		}
		field->behaviour.on_write = w;
		field->given |= SVD_ON_WRITE;
	}
}

static bool is_true(const struct ipxact *x, const struct xml_node *node, enum ipxact_element name)
{
	const char *text = ipxact_text(x, node, name);

	return strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
}

static void take_constraint(struct ipxact *x, struct svd_item *field, const struct xml_node *node)
{
	const struct xml_node *constraint = ipxact_child(x, node, IPXACT_writeValueConstraint);
	struct regmap_behaviour *b = &field->behaviour;

	if (!constraint)
		return;
	if (is_true(x, constraint, IPXACT_writeAsRead))
		b->constraint = CONSTRAINT_AS_READ;
	else if (is_true(x, constraint, IPXACT_useEnumeratedValues))
		b->constraint = CONSTRAINT_ENUM;
	else if (ipxact_number(x, field, constraint, IPXACT_minimum, &b->minimum) &&
		 ipxact_number(x, field, constraint, IPXACT_maximum, &b->maximum))
		b->constraint = CONSTRAINT_RANGE;
	if (b->constraint == CONSTRAINT_RANGE && b->minimum > b->maximum)
		svd_problem(&x->svd, field, constraint->place, "its minimum is above its maximum");
	field->given |= SVD_CONSTRAINT;
}

/* --- values ------------------------------------------------------------------------------------- */

/* What is wrong with a value leaves out that one. */
static int take_value(struct ipxact *x, struct svd_item *enums, const struct xml_node *node)
{
	const char *usage = xml_attribute(node, IPXACT_AT_usage);
	const char *name = ipxact_text(x, node, IPXACT_name);
	const char *text = ipxact_text(x, node, IPXACT_value);
	const char *description = ipxact_text(x, node, IPXACT_description);
	struct regmap_enum *added;
	const char *fault;
	uint64_t value = 0;
	unsigned int bits;

	fault = *name ? ipxact_evaluate(x, text, &value) : "has no <name>";
	if (fault) {
		regmap_problem(x->svd.map, node->place, "enumeratedValue %.64s: '%.64s' %s", name, text,
			       fault);
		return 0;
	}
	added = regmap_add_enum(x->svd.map);
	if (!added)
		return x->svd.map->enum_count >= REGMAP_ENUMS_MAX ? -E2BIG : -ENOMEM;
	added->name = name;
	added->description = *description ? description : NULL;
	added->value = value;
	added->place = node->place;
	added->not_for_read = usage && strcmp(usage, "write") == 0;
	added->not_for_write = usage && strcmp(usage, "read") == 0;
	bits = svd_enum_bits(added);
	if (bits > enums->enum_bits)
		enums->enum_bits = bits;
	return 0;
}

static int take_values(struct ipxact *x, struct svd_item *field, const struct xml_node *node)
{
	const struct xml_node *from = ipxact_child(x, node, IPXACT_enumeratedValues);
	struct svd_item *enums = field;
	const struct xml_node *missing = NULL;
	struct xml_node *definition;
	int rc;

	if (!from)
		return 0;
	rc = svd_add_item(&x->svd, SVD_ENUMS, &enums, from->place);
	if (rc < 0)
		return rc;
	enums->first_enum = (uint32_t)x->svd.map->enum_count;
	definition = ipxact_definition(x, from, &missing);
	if (missing)
		svd_note(&x->svd, field, missing->place, "the values '%.64s' are not defined in this file",
			 missing->text);
	for (const struct xml_node *at = definition ? definition : from; rc == 0 && at;
	     at = at == from ? NULL : from) {
		for (struct xml_node *value = xml_child(at, IPXACT_enumeratedValue); rc == 0 && value;
		     value = xml_next(value->next, IPXACT_enumeratedValue))
			rc = take_value(x, enums, value);
	}
	enums->enum_count = (uint32_t)x->svd.map->enum_count - enums->first_enum;
	return rc;
}

/* --- resets ------------------------------------------------------------------------------------- */

/* Of several kinds of reset, the one that is for none, or HARD (1685-2014, 6.11.7), else the first. */
static struct xml_node *choose_reset(const struct xml_node *resets)
{
	struct xml_node *first = xml_child(resets, IPXACT_reset);

	for (struct xml_node *reset = first; reset; reset = xml_next(reset->next, IPXACT_reset)) {
		const char *type = xml_attribute(reset, IPXACT_AT_resetTypeRef);

		if (!type || !*type || strcasecmp(type, "HARD") == 0)
			return reset;
	}
	return first;
}

/* FIELD's share, once for each of an array, in REG's value. */
static void take_reset(struct ipxact *x, struct svd_item *reg, struct svd_item *field,
		       const struct xml_node *node)
{
	const struct xml_node *resets = ipxact_child(x, node, IPXACT_resets);
	const struct xml_node *reset = resets ? choose_reset(resets) : NULL;
	uint64_t all = width_max(field->bits);
	uint64_t mask = UINT64_MAX;
	uint64_t value;

	if (!reset || !ipxact_number(x, field, reset, IPXACT_value, &value))
		return;
	ipxact_number(x, field, reset, IPXACT_mask, &mask);
	if (field->bad)
		return;
	if (value & ~all)
		svd_note(&x->svd, field, reset->place, "its reset value 0x%" PRIx64 " has more than %u bit%s",
			 value, field->bits, plural(field->bits));
	for (uint64_t i = 0; i < (field->given & SVD_DIM ? field->dim : 1); i++) {
		uint64_t lsb = field->lsb + i * field->dim_increment;

		if (lsb > 63 || i * field->dim_increment > 63)
			break;
		reg->reset_mask |= (mask & all) << lsb;
		reg->reset_value |= (value & mask & all) << lsb;
	}
	reg->given |= SVD_RESET_VALUE | SVD_RESET_MASK;
}

/* --- all of it ---------------------------------------------------------------------------------- */

static void take_bits(struct ipxact *x, struct svd_item *field, const struct xml_node *node)
{
	uint64_t lsb = 0;
	uint64_t bits = 1;
	bool has_lsb = ipxact_number(x, field, node, IPXACT_bitOffset, &lsb);
	bool has_bits = ipxact_number(x, field, node, IPXACT_bitWidth, &bits);

	if (field->bad)
		return;
	if (!has_lsb || !has_bits)
		svd_problem(&x->svd, field, node->place, "it has no <%s>",
			    has_lsb ? "bitWidth" : "bitOffset");
	else if (lsb > 63)
		svd_problem(&x->svd, field, node->place, "it begins above bit 63");
	else if (bits == 0 || bits > 64)
		svd_problem(&x->svd, field, node->place, "1 to 64 bits are possible");
	else
		field->given |= SVD_LOWEST | SVD_BITS;
	field->lsb = (unsigned int)lsb;
	field->bits = (unsigned int)bits;
	/* an array's are side by side where nothing else is said */
	if (!(field->given & SVD_DIM_INCREMENT)) {
		field->given |= SVD_DIM_INCREMENT;
		field->dim_increment = bits;
	}
}

int ipxact_take_field(struct ipxact *x, struct svd_item *reg, const struct xml_node *node)
{
	struct svd_item *field = reg;
	const struct xml_node *policy =
		ipxact_policy(x, node, IPXACT_fieldAccessPolicies, IPXACT_fieldAccessPolicy);
	int rc = ipxact_add_item(x, SVD_FIELD, node, &field);

	if (rc < 0 || field->bad)
		return rc;
	take_bits(x, field, node);
	ipxact_take_access(x, field, policy);
	take_effects(x, field, policy);
	take_constraint(x, field, policy);
	if (!field->bad)
		take_reset(x, reg, field, node);
	return field->bad ? 0 : take_values(x, field, node);
}
