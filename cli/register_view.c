// SPDX-License-Identifier: GPL-2.0-or-later
/* A register's value and its fields, for all that show some. */
#include "cli/register_view.h"

#include <stdio.h>
#include <string.h>

#include "core/base/number.h"

#define COLUMN_MAX 48

int register_digits(unsigned int bits)
{
	return (int)(bits + 3) / 4;
}

void register_view_value(struct writer *w, const char *label, const struct regmap *map,
			 const struct regmap_item *item, unsigned int bits, uint64_t value)
{
	const char *name = item->field ? regmap_enum_name(map, item->field, value) : NULL;

	writer_hex(w, "value", label, value, register_digits(bits));
	if (name)
		writer_string(w, "enum", label ? " " : NULL, name);
	else if (item->field && (item->field->enum_count || writer_schema(w) < 2))
		writer_null(w, "enum", NULL, "it has no name");
}

void register_bits(unsigned int lsb, unsigned int bits, char text[static REGISTER_BITS_SIZE])
{
	snprintf(text, REGISTER_BITS_SIZE, bits > 1 ? "%u:%u" : "%u", lsb + bits - 1, lsb);
}

static void view_field(struct writer *w, const struct regmap *map, const struct regmap_register *reg,
		       const struct regmap_field *field, uint64_t value, bool was_read)
{
	const struct regmap_item item = { .reg = reg, .field = field };
	char bits[REGISTER_BITS_SIZE];

	register_bits(field->lsb, field->bits, bits);
	writer_object(w, NULL);
	writer_string(w, "name", "    ", field->name);
	writer_column(w, 24);
	writer_text(w, " %-6s ", bits);
	writer_number(w, "lsb", NULL, field->lsb);
	writer_number(w, "bits", NULL, field->bits);
	if (was_read && regmap_is_write_only(&field->behaviour))
		writer_null(w, "value", "", "it is write-only");
	else
		register_view_value(w, "", map, &item, regmap_field_value_bits(field),
				    regmap_field_value(field, value));
	writer_line(w);
	writer_end(w);
}

void register_view_change(struct writer *w, const struct regmap *map, const struct regmap_register *reg,
			  const struct regmap_field *field, uint64_t old, uint64_t new)
{
	const struct regmap_item item = { .reg = reg, .field = field };
	unsigned int bits = regmap_field_value_bits(field);
	const char *name;

	old = regmap_field_value(field, old);
	name = regmap_enum_name(map, field, old);
	writer_object(w, NULL);
	writer_string(w, "name", "    ", field->name);
	writer_column(w, 24);
	writer_hex(w, "old", " ", old, register_digits(bits));
	if (name)
		writer_string(w, "old_enum", " ", name);
	writer_text(w, " ->");
	register_view_value(w, " ", map, &item, bits, regmap_field_value(field, new));
	writer_line(w);
	writer_end(w);
}

void register_view_fields(struct writer *w, const struct regmap *map, const struct regmap_register *reg,
			  uint64_t value, bool was_read)
{
	writer_array(w, "fields");
	/* the highest first, as manuals draw them */
	for (uint32_t i = reg->field_count; i-- > 0;)
		view_field(w, map, reg, regmap_field_at(map, reg, i), value, was_read);
	writer_end(w);
}

/* More of them than this in one warning is noise. */
#define NAMED_MAX 3

static void view_left_out(struct writer *w, const struct left_out *left_out, size_t number, char *warning,
			  size_t size)
{
	char name[2 * REGISTER_NAME_SIZE];
	size_t used = strlen(warning);

	regmap_item_name(&left_out->item, name, sizeof(name));
	writer_object(w, NULL);
	writer_string(w, "name", NULL, name);
	writer_string(w, "reason", NULL, left_out->reason);
	writer_end(w);
	if (number < NAMED_MAX)
		snprintf(warning + used, size - used, "%s%s is left out: %s", number ? "; " : "", name,
			 left_out->reason);
}

void register_view_left_out(struct writer *w, const struct context *ctx, const struct register_list *lists,
			    size_t count)
{
	char warning[NAMED_MAX * (2 * REGISTER_NAME_SIZE + 128)];
	size_t total = 0;

	/* not all of it: there is seldom one, and a batch comes by here with each line */
	warning[0] = '\0';
	writer_array(w, "left_out");
	for (size_t l = 0; l < count; l++) {
		for (size_t i = 0; i < lists[l].left_out_count; i++)
			view_left_out(w, &lists[l].left_out[i], total++, warning, sizeof(warning));
	}
	writer_end(w);
	if (total > NAMED_MAX)
		context_log(ctx, LOG_WARN, "%s; and %zu more, --json names them all", warning,
			    total - NAMED_MAX);
	else if (total)
		context_log(ctx, LOG_WARN, "%s", warning);
}

int register_view_column(const struct register_list *list)
{
	size_t longest = 0;

	for (size_t i = 0; i < list->count; i++) {
		char name[2 * REGISTER_NAME_SIZE];
		size_t n;

		target_format(&list->targets[i], name, sizeof(name));
		n = strlen(name);
		if (n > longest)
			longest = n;
	}
	return (int)(longest < COLUMN_MAX ? longest : COLUMN_MAX) + 1;
}
