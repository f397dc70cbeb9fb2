// SPDX-License-Identifier: GPL-2.0-or-later
/* regs decode: what values mean, by the map alone; no device is needed. */
#include <errno.h>
#include <string.h>

#include "cli/maps.h"
#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "cli/cmd/registers_snapshot.h"
#include "core/base/number.h"

/* NAME[.FIELD] or [BAR:]OFFSET: the register that the map has there. */
static int find_item(struct invocation *inv, struct regmap *map, const struct ref *ref,
		     struct regmap_item *item)
{
	struct regmap_item found = { 0 };
	int rc;

	if (ref->kind == REF_NAME && !ref->offset && !ref->has_expression)
		return regmap_find(map, ref->name, item, &inv->error);
	if (ref->kind != REF_OFFSET || ref->has_expression)
		return error_set(&inv->error, ERROR_USAGE, "bad-operand", "a register of the map is needed");
	rc = regmap_complete(map, &inv->error);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < map->register_count && !found.reg; i++) {
		const struct regmap_register *reg = &map->registers[i];
		int bar = regmap_bar(map, reg);
		struct error ignored;
		uint64_t offset;

		if (regmap_offset(&inv->ctx, map, reg, &offset, &ignored) == 0 && offset == ref->offset &&
		    (bar < 0 || ref->bar < 0 || bar == ref->bar))
			found.reg = reg;
	}
	if (!found.reg)
		return error_set(&inv->error, ERROR_USAGE, "unknown-name",
				 "%s has no register at offset 0x%llx", map->path,
				 (unsigned long long)ref->offset);
	*item = found;
	return 0;
}

static int item_value(struct invocation *inv, struct regmap *map, const struct regmap_item *item,
		      const struct assign *assign, uint64_t *value)
{
	unsigned int bits = item->field ? item->field->bits : item->reg->bits;
	uint64_t v = assign->value.number;

	if (assign->has_mask || assign->value.is_symbol || assign->value.is_expression)
		return error_set(&inv->error, ERROR_USAGE, "bad-operand", "'%s': a value is a number",
				 assign->text);
	if (assign->value.enum_name[0] && !item->field)
		return error_set(&inv->error, ERROR_USAGE, "bad-operand",
				 "'%s': only values of a field have names", assign->text);
	if (assign->value.enum_name[0])
		return regmap_enum_value(map, item->field, assign->value.enum_name, value, &inv->error);
	if (v > width_max(bits))
		return error_set(&inv->error, ERROR_USAGE, "value-too-wide",
				 "'%s': the value does not fit in %u bit%s", assign->text, bits,
				 plural(bits));
	*value = v;
	return 0;
}

static void view_item(struct writer *w, const struct regmap *map, const struct regmap_item *item,
		      uint64_t value, bool was_read)
{
	char name[2 * REGISTER_NAME_SIZE];

	regmap_item_name(item, name, sizeof(name));
	writer_object(w, NULL);
	writer_string(w, "name", "", name);
	register_view_value(w, "  ", map, item, item->field ? item->field->bits : item->reg->bits, value);
	writer_line(w);
	if (!item->field)
		register_view_fields(w, map, item->reg, value, was_read);
	writer_end(w);
}

static int decode_operand(struct invocation *inv, struct regmap *map, const char *operand, bool render)
{
	struct regmap_item item = { 0 };
	struct assign assign;
	uint64_t value;
	int rc;

	rc = assign_parse(operand, &assign, &inv->error);
	if (rc == 0)
		rc = find_item(inv, map, &assign.ref, &item);
	if (rc == 0)
		rc = item_value(inv, map, &item, &assign, &value);
	if (rc == 0 && render)
		view_item(inv->out, map, &item, value, false);
	return rc;
}

static void decode_entry(struct invocation *inv, struct regmap *map, const struct snapshot_entry *e)
{
	struct regmap_item item = { 0 };
	char place[64];

	if (!e->has_value)
		return;
	if (e->name && regmap_find(map, e->name, &item, NULL) == 0 && !item.field) {
		view_item(inv->out, map, &item, e->value, true);
		return;
	}
	/* one that the map does not have (any more) */
	snprintf(place, sizeof(place), "%u:0x%llx", e->bar, (unsigned long long)e->offset);
	writer_object(inv->out, NULL);
	writer_string(inv->out, "name", "", e->name ? e->name : place);
	writer_hex(inv->out, "value", "  ", e->value, register_digits(e->width * e->words));
	writer_line(inv->out);
	writer_array(inv->out, "fields");
	writer_end(inv->out);
	writer_end(inv->out);
}

static int decode_snapshot(struct invocation *inv, const char *path)
{
	struct snapshot snapshot = { 0 };
	struct regmap *map;
	int rc;

	rc = snapshot_read(path, &snapshot, &inv->error);
	if (rc == 0)
		rc = registers_snapshot_map(inv, &snapshot, true, &map);
	if (rc == 0) {
		registers_snapshot_trim(&snapshot, map);
		writer_document(inv->out, inv->command->name);
		writer_array(inv->out, "registers");
		for (size_t i = 0; i < snapshot.count; i++)
			decode_entry(inv, map, &snapshot.entries[i]);
	}
	snapshot_free(&snapshot);
	return rc;
}

int registers_decode(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct regmap *map;
	int rc = 0;

	if (o->input && inv->operand_count)
		return error_set(&inv->error, ERROR_USAGE, "usage",
				 "either -i FILE or REG=VALUE operands, not both");
	if (o->input)
		return decode_snapshot(inv, o->input);
	if (!inv->operand_count)
		return error_set(&inv->error, ERROR_USAGE, "usage",
				 "an operand is missing: REG=VALUE, or a snapshot with -i FILE");
	rc = map_choice_part(inv, &map);
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = decode_operand(inv, map, inv->operands[i], false);
	if (rc < 0)
		return rc;
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "registers");
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = decode_operand(inv, map, inv->operands[i], true);
	return rc;
}
