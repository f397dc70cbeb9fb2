// SPDX-License-Identifier: GPL-2.0-or-later
/* What a VALUE comes to: symbols, bus addresses of buffers, arithmetic with them, names of a field's values. */
#include "core/access/internal.h"

#include <stdio.h>

#include "core/base/number.h"
#include "core/dma/buffer.h"

/* Value and size of @NAME: a symbol, or a buffer's bus address. */
static int lookup(struct access *a, const char *name, uint64_t *value, bool *has_size, uint64_t *size,
		  struct error *error)
{
	const struct symbol *symbol = access_find_symbol(a, name);
	struct buffer *buffer = NULL;
	int rc;

	if (symbol) {
		*value = symbol->value;
		*has_size = symbol->has_size;
		*size = symbol->size;
		return 0;
	}
	rc = access_open_client(a, error);
	if (rc == 0)
		rc = buffer_open(a->client, name, &buffer, error);
	if (rc < 0 || !buffer)
		return rc;
	*value = buffer->address;
	*has_size = true;
	*size = buffer->requested;
	buffer_close(buffer);
	return 0;
}

/* A named register is as wide as it is. */
static int too_wide(const struct value *value, uint64_t v, unsigned int width, const struct target *target,
		    struct error *error)
{
	int rc = error_set(error, ERROR_USAGE, "value-too-wide", "0x%llx does not fit in %u bit%s",
			   (unsigned long long)v, width, plural(width));
	bool is_named = target->item.reg != NULL;

	if (!value->is_symbol)
		return rc;
	if (value->part == VALUE_WHOLE && width >= 32)
		error_hint(error, "take a part of it with @%s.lo and @%s.hi%s", value->name, value->name,
			   is_named ? "" : ", or a wider access with -w 64");
	else if (value->part == VALUE_WHOLE && !is_named)
		error_hint(error, "it takes an access of 64 bits, or one of 32 for each of @%s.lo and @%s.hi",
			   value->name, value->name);
	else if (!is_named)
		error_hint(error, "it takes a wider access, with -w 32 or -w 64");
	return rc;
}

static int no_size(const char *name, struct error *error)
{
	return error_set(error, ERROR_USAGE, "bad-operand", "@%s has no size", name);
}

static int symbol_value(struct access *a, const struct value *value, unsigned int width,
			const struct target *target, uint64_t *number, struct error *error)
{
	uint64_t base = 0;
	uint64_t size = 0;
	bool has_size = false;
	uint64_t v;
	int rc;

	rc = lookup(a, value->name, &base, &has_size, &size, error);
	if (rc < 0)
		return rc;
	if (value->part == VALUE_SIZE && !has_size)
		return no_size(value->name, error);
	/*
	 * What is added is added modulo 2^width (@tail-16 in a ring of 64 KiB); an address that has more bits
	 * than the register is an error.
	 */
	if (value->part == VALUE_WHOLE && base > width_max(width))
		return too_wide(value, base, width, target, error);
	v = base + value->number;
	switch (value->part) {
	case VALUE_WHOLE:
		v &= width_max(width);
		break;
	case VALUE_SIZE:
		v = size;
		break;
	case VALUE_LO:
		v &= 0xffffffff;
		break;
	case VALUE_HI:
		v >>= 32;
		break;
	}
	*number = v;
	return 0;
}

int access_bind(struct access *a, const struct expression *e, struct bound_names *names, struct error *error)
{
	for (unsigned int i = 0; i < e->name_count; i++) {
		char name[EXPRESSION_NAME_SIZE];
		bool is_size = expression_name_is_size(e->names[i], name);
		const struct symbol *symbol = access_find_symbol(a, name);
		bool has_size = false;
		uint64_t value = 0;
		uint64_t size = 0;
		int rc = lookup(a, name, &value, &has_size, &size, error);

		if (rc == 0 && is_size && !has_size)
			rc = no_size(name, error);
		if (rc < 0)
			return rc;
		names->list[i].value = is_size ? size : value;
		names->list[i].symbol = !symbol ? NULL : is_size ? &symbol->size : &symbol->value;
	}
	bound_names_term(e, names);
	return 0;
}

int access_calculate(const struct expression *e, const struct bound_names *names, uint64_t *value,
		     struct error *error)
{
	uint64_t values[EXPRESSION_NAMES];

	if (names->is_term) {
		*value = bound_term_value(&names->term);
		return 0;
	}
	for (unsigned int i = 0; i < e->name_count; i++)
		values[i] = names->list[i].symbol ? *names->list[i].symbol : names->list[i].value;
	if (expression_value(e, values, value) < 0)
		return error_set(error, ERROR_FAILED, "division-by-zero", "an expression divides by zero");
	return 0;
}

static int calculated_value(const struct value *value, const struct bound_names *names, unsigned int width,
			    uint64_t *number, struct error *error)
{
	uint64_t v = 0;
	int rc = access_calculate(&value->expression, names, &v, error);

	if (rc < 0)
		return rc;
	if (value->part == VALUE_LO)
		v &= 0xffffffff;
	else if (value->part == VALUE_HI)
		v >>= 32;
	/* below zero (@index-1), as the register's width has it; an address with more bits stays too wide */
	else if (-v <= (width_max(width) >> 1) + 1)
		v &= width_max(width);
	*number = v;
	return 0;
}

/* Where the values of a field are called 128, 256, 512: what was written is the name. */
static int numbered_value(const struct value *value, const struct target *target, uint64_t *number,
			  struct error *error)
{
	char name[24];

	snprintf(name, sizeof(name), "%llu", (unsigned long long)value->number);
	return regmap_enum_value(target->map, target->item.field, name, number, error);
}

/* A word: the name of one of the field's values. */
static int named_value(const struct value *value, const struct target *target, uint64_t *number,
		       struct error *error)
{
	if (target->item.field)
		return regmap_enum_value(target->map, target->item.field, value->enum_name, number, error);
	return error_set(error, ERROR_USAGE, "unknown-name",
			 "'%.100s' is no number, and only values of a field have names", value->enum_name);
}

int access_bound_value(struct access *a, const struct value *value, const struct bound_names *names,
		       const struct target *target, uint64_t *number, struct error *error)
{
	unsigned int width = target_bits(target);
	uint64_t v = value->number;
	int rc = 0;

	if (value->enum_name[0])
		rc = named_value(value, target, &v, error);
	else if (value->is_expression)
		rc = calculated_value(value, names, target_value_bits(target), &v, error);
	else if (!value->is_symbol && target->item.field && target->item.field->named_numbers)
		rc = numbered_value(value, target, &v, error);
	else if (value->is_symbol)
		rc = symbol_value(a, value, width, target, &v, error);
	if (rc < 0)
		return rc;
	if (v > width_max(width))
		return too_wide(value, v, width, target, error);
	*number = v;
	return 0;
}

int access_value(struct access *a, const struct value *value, const struct target *target, uint64_t *number,
		 struct error *error)
{
	struct bound_names names = { 0 };
	int rc = value->is_expression ? access_bind(a, &value->expression, &names, error) : 0;

	return rc == 0 ? access_bound_value(a, value, &names, target, number, error) : rc;
}
