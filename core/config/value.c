// SPDX-License-Identifier: GPL-2.0-or-later
/* One field of config space by its name: read, set, set back. */
#include "core/config/map.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/pci/fact.h"
#include "core/base/number.h"
#include "core/regmap/write_plan.h"

/* REST is a register's name as ROW has it, or that of one of several, and perhaps a field's; *OFFSET: in the capability. */
static bool is_row(const struct config_register *row, const char *rest, unsigned int *offset)
{
	const size_t length = strlen(row->name);
	const bool is_numbered = row->fixed || row->repeat.width;
	char *end = NULL;
	unsigned long index = 0;

	if (strncmp(row->name, rest, length) != 0)
		return false;
	if (is_numbered && isdigit((unsigned char)rest[length]))
		index = strtoul(rest + length, &end, 10);
	if (is_numbered && (!end || index < row->from || (row->fixed && index >= row->from + row->fixed)))
		return false;
	rest = end ? end : rest + length;
	*offset = row->offset + (unsigned int)(index - row->from) * row->stride;
	return *rest == '\0' || *rest == '.';
}

/* Would NAME's register be behind the end of BLOCK, which is cut off? */
static bool is_behind_end(const struct config_map *map, const struct config_map_block *block,
			  const char *name)
{
	const struct capability_list *list = block->is_extended ? &map->extended : &map->standard;
	const struct capability_place place = { block->offset, capability_list_end(list, block->offset) };
	const size_t prefix = strlen(block->block->name);

	if (strncmp(name, block->block->name, prefix) != 0 || name[prefix] != '.')
		return false;
	for (const struct config_register *row = block->block->registers; row->name; row++) {
		unsigned int offset;

		if ((!row->ports || row->ports & map->port) && is_row(row, name + prefix + 1, &offset))
			return !capability_holds(&place, offset, row->width);
	}
	return false;
}

static bool is_cut_off(const struct config_map *map, const char *name)
{
	for (size_t i = 0; i < map->block_count; i++) {
		const struct config_map_block *block = &map->blocks[i];

		if (block->block && block->cut_off_at && !block->instance && is_behind_end(map, block, name))
			return true;
	}
	return false;
}

/* Why the device has no NAME, as far as that is known. */
static const char *absent(const struct config_map *map, const char *name)
{
	if (is_cut_off(map, name))
		return CAPABILITY_CUT_OFF;
	if (strncmp(name, "EXP.", 4) == 0 && map->standard.reason)
		return map->standard.reason;
	if (strncmp(name, "EXP.", 4) == 0 && !map->express)
		return "not PCI Express";
	return map->extended.reason ? map->extended.reason : "it has none";
}

void config_value_read(const struct config_map *map, struct device *device, const char *name,
		       struct config_value_of *value)
{
	struct regmap_item item = { 0 };
	struct fact_number fact;

	*value = (struct config_value_of){ .reason = NULL };
	if (regmap_find(map->regmap, name, &item, NULL) < 0) {
		value->reason = absent(map, name);
		return;
	}
	fact_read_config(device, (unsigned int)item.reg->address, item.reg->width, &fact);
	value->reason = fact.reason;
	value->value = fact.value;
	if (fact.reason || !item.field)
		return;
	value->value = regmap_field_value(item.field, fact.value);
	value->word = regmap_enum_name(map->regmap, item.field, value->value);
	value->is_flag = item.field->bits == 1 && !item.field->enum_count;
}

static int write_field(const struct config_map *map, struct device *device, const char *name, uint64_t value,
		       bool is_shifted, uint64_t *old, struct error *error)
{
	struct regmap_item item = { 0 };
	struct write_plan plan;
	uint64_t mask;
	uint32_t before;
	int rc;

	if (regmap_find(map->regmap, name, &item, NULL) < 0 || !item.field)
		return error_set(error, ERROR_UNSUPPORTED, "no-register", "%s: the device has no %s: %s",
				 device->name, name, absent(map, name));
	mask = regmap_field_mask(item.field);
	if (!is_shifted)
		value <<= item.field->lsb;
	rc = write_plan_make(map->regmap, item.reg, mask, value, false, &plan, error);
	if (rc == 0)
		rc = device_config_read(device, (unsigned int)item.reg->address, item.reg->width, &before,
					error);
	if (rc == 0)
		rc = device_config_write(device, (unsigned int)item.reg->address, item.reg->width,
					 (uint32_t)((before & plan.keep) | plan.fixed), error);
	if (rc == 0 && old)
		*old = before;
	return rc;
}

int config_value_write(const struct config_map *map, struct device *device, const char *name, uint64_t value,
		       uint64_t *old, struct error *error)
{
	return write_field(map, device, name, value, false, old, error);
}

int config_value_undo(const struct config_map *map, struct device *device, const char *name, uint64_t old,
		      struct error *error)
{
	return write_field(map, device, name, old, true, NULL, error);
}
