// SPDX-License-Identifier: GPL-2.0-or-later
/* config show: config space by the names of the table, a line for each register. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd/config.h"
#include "cli/fields.h"
#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "cli/device.h"
#include "core/pci/capability.h"
#include "core/config/map.h"
#include "core/base/number.h"

#define NAME_COLUMN 24
#define VALUE_COLUMN 36
#define LINE_END 110
#define LINE_END_MIN 60

/* "MASTER+", "MRRS=512", "TIMEOUT=0x3". */
static void format_field(const struct regmap *map, const struct regmap_field *field, uint64_t value,
			 char *text, size_t size)
{
	const char *name = regmap_enum_name(map, field, value);

	/* of a vendor's map: what is read of such a one says nothing */
	if (regmap_is_write_only(&field->behaviour))
		snprintf(text, size, "%s=?", field->name);
	else if (name)
		snprintf(text, size, "%s=%s", field->name, name);
	else if (field->bits == 1 && !field->enum_count)
		snprintf(text, size, "%s%c", field->name, value ? '+' : '-');
	else
		snprintf(text, size, "%s=0x%llx", field->name, (unsigned long long)value);
}

/* The object of a field, without its end; in text nothing. */
static void begin_field(struct writer *w, const struct regmap *map, const struct regmap_register *reg,
			const struct regmap_field *field, uint64_t value)
{
	const struct regmap_item item = { .reg = reg, .field = field };

	writer_object(w, NULL);
	writer_string(w, "name", NULL, field->name);
	writer_number(w, "lsb", NULL, field->lsb);
	writer_number(w, "bits", NULL, field->bits);
	if (regmap_is_write_only(&field->behaviour))
		writer_null(w, "value", NULL, "it is write-only");
	else
		register_view_value(w, NULL, map, &item, regmap_field_value_bits(field), value);
}

static void show_field(struct writer *w, const struct regmap *map, const struct regmap_register *reg,
		       const struct regmap_field *field, uint64_t value, size_t *column)
{
	char text[128];
	size_t end = writer_width(w) >= LINE_END_MIN ? writer_width(w) : LINE_END;
	size_t n;

	format_field(map, field, value, text, sizeof(text));
	n = strlen(text) + 1;
	if (*column + n > end) {
		writer_line(w);
		writer_column(w, VALUE_COLUMN);
		*column = VALUE_COLUMN;
	}
	*column += n;
	begin_field(w, map, reg, field, value);
	writer_text(w, " %s", text);
	writer_end(w);
}

/* With -v: a line for each field, with what it is. */
static void show_field_line(struct writer *w, const struct regmap *map, const struct regmap_register *reg,
			    const struct regmap_field *field, uint64_t value)
{
	char text[128];

	format_field(map, field, value, text, sizeof(text));
	writer_line(w);
	writer_column(w, 4);
	begin_field(w, map, reg, field, value);
	writer_text(w, "%s", text);
	writer_column(w, VALUE_COLUMN);
	writer_text(w, " %s", field->description ? field->description : "");
	writer_end(w);
}

static void show_fields(struct invocation *inv, const struct regmap *map, const struct regmap_register *reg,
			uint64_t value)
{
	size_t column = VALUE_COLUMN;

	writer_array(inv->out, "fields");
	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);
		uint64_t part = regmap_field_value(field, value);

		if (inv->verbosity > 0)
			show_field_line(inv->out, map, reg, field, part);
		else
			show_field(inv->out, map, reg, field, part, &column);
	}
	writer_end(inv->out);
}

static void show_register(struct invocation *inv, struct device *device, const struct regmap *map,
			  const struct regmap_register *reg)
{
	struct writer *w = inv->out;
	struct fact_number value = { .reason = regmap_unsafe_to_read(map, reg) };

	if (!value.reason || inv->ctx.unsafe)
		fact_read_config(device, (unsigned int)reg->address, reg->width, &value);
	/* what a vendor's map has may be narrower than its access */
	value.value &= width_max(reg->bits);
	writer_object(w, NULL);
	writer_string(w, "name", "  ", reg->name);
	writer_hex(w, "offset", NULL, reg->address, 2);
	writer_number(w, "width", NULL, reg->width);
	writer_column(w, NAME_COLUMN);
	field_hex(w, "value", " ", &value, register_digits(reg->width));
	if (!value.reason) {
		if (reg->field_count)
			writer_column(w, VALUE_COLUMN);
		show_fields(inv, map, reg, value.value);
	}
	writer_line(w);
	writer_end(w);
}

static void show_heading(struct writer *w, const struct config_map_block *block)
{
	char name[48];
	char title[80];

	config_map_block_name(block, name, sizeof(name));
	if (block->block)
		snprintf(title, sizeof(title), "%s", block->block->title);
	else
		capability_name_format(block->is_extended, block->id, title, sizeof(title));
	writer_string(w, "name", NULL, block->block ? block->block->name : name);
	writer_text(w, "%s", block->offset ? name : "header");
	writer_number(w, "instance", NULL, block->instance);
	writer_hex(w, "offset", " at ", block->offset, block->is_extended ? 3 : 2);
	writer_string(w, "title", block->offset ? ": " : NULL, title);
	if (block->offset)
		writer_id(w, "id", NULL, block->id, 4);
	else
		writer_null(w, "id", NULL, "the header");
	writer_bool(w, "extended", NULL, block->is_extended);
	if (block->is_extended)
		writer_number(w, "version", ", version ", block->version);
	else
		writer_null(w, "version", NULL, "it has none");
	if (block->cut_off_at)
		writer_hex(w, "cut_off_at", ", cut off at ", block->cut_off_at, block->is_extended ? 3 : 2);
	else
		writer_null(w, "cut_off_at", NULL, block->block ? "it is whole" : "its size is not known");
	if (!block->block)
		writer_text(w, " (its registers have no names here)");
	writer_line(w);
}

/* What the operands name: blocks, and registers of them; without operands all. */
struct choice {
	bool *blocks;
	bool *registers;
};

static void show_block(struct invocation *inv, struct device *device, const struct config_map *map,
		       const struct config_map_block *block, const struct choice *choice)
{
	writer_object(inv->out, NULL);
	show_heading(inv->out, block);
	writer_array(inv->out, "registers");
	for (size_t i = block->first; i < block->first + block->count; i++) {
		if (choice->registers[i])
			show_register(inv, device, map->regmap, &map->regmap->registers[i]);
	}
	writer_end(inv->out);
	writer_end(inv->out);
}

/* What is wrong with a list, or why it is not known. */
static void show_list(struct writer *w, const char *key, const struct capability_list *list,
		      const char *title)
{
	const char *why = list->reason ? list->reason : list->problem;

	if (!why) {
		writer_null(w, key, NULL, "none");
		return;
	}
	writer_string(w, key, title, why);
	writer_line(w);
}

const char *config_block_word(const char *operand)
{
	if (strncasecmp(operand, "ECAP_", 5) == 0)
		return operand + 5;
	return strncasecmp(operand, "CAP_", 4) == 0 ? operand + 4 : operand;
}

/* The block by its name, with or without the instance, in any case. */
static bool is_named(const struct config_map_block *block, const char *word)
{
	char name[48];

	if (!block->offset)
		return strcasecmp(word, "header") == 0;
	config_map_block_name(block, name, sizeof(name));
	return strcasecmp(word, name) == 0 || (block->block && strcasecmp(word, block->block->name) == 0);
}

static bool choose_blocks(const struct config_map *map, const char *word, struct choice *choice)
{
	bool found = false;

	for (size_t b = 0; b < map->block_count; b++) {
		const struct config_map_block *block = &map->blocks[b];

		if (!is_named(block, word))
			continue;
		found = choice->blocks[b] = true;
		memset(choice->registers + block->first, true, block->count);
	}
	return found;
}

static void choose_register(const struct config_map *map, const struct regmap_register *reg,
			    struct choice *choice)
{
	size_t i = (size_t)(reg - map->regmap->registers);

	choice->registers[i] = true;
	for (size_t b = 0; b < map->block_count; b++) {
		if (i >= map->blocks[b].first && i < map->blocks[b].first + map->blocks[b].count)
			choice->blocks[b] = true;
	}
}

static int choose_glob(struct config_map *map, const char *glob, struct choice *choice, struct error *error)
{
	struct regmap_item *items;
	size_t count;
	int rc = regmap_match(map->regmap, glob, &items, &count, error);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++)
		choose_register(map, items[i].reg, choice);
	free(items);
	return 0;
}

static int choose_word(struct invocation *inv, const struct device *device, struct config_map *map,
		       const char *word, struct choice *choice)
{
	struct regmap_item item = { 0 };
	int rc;

	if (choose_blocks(map, config_block_word(word), choice))
		return 0;
	if (regmap_is_glob(word))
		return choose_glob(map, word, choice, &inv->error);
	rc = config_map_find(map, device, word, &item, &inv->error);
	if (rc == 0) {
		choose_register(map, item.reg, choice);
	} else if (inv->error.kind == ERROR_USAGE && !strchr(word, '.')) {
		error_set(&inv->error, ERROR_USAGE, "unknown-name",
			  "'%.100s': no capability and no register has that name", word);
		error_hint(&inv->error, "such as EXP, EXP.LNKSTA, AER, header, COMMAND; 'config show' "
					"without one shows all");
	}
	return rc;
}

static int choose(struct invocation *inv, const struct device *device, struct config_map *map,
		  struct choice *choice)
{
	int rc = 0;

	choice->blocks = calloc(map->block_count, sizeof(*choice->blocks));
	choice->registers = calloc(map->regmap->register_count, sizeof(*choice->registers));
	if (!choice->blocks || !choice->registers)
		return error_errno(&inv->error, -ENOMEM, "%s: config space", device->name);
	if (inv->operand_count == 0) {
		memset(choice->blocks, true, map->block_count);
		memset(choice->registers, true, map->regmap->register_count);
	}
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = choose_word(inv, device, map, inv->operands[i], choice);
	return rc;
}

static void show(struct invocation *inv, struct device *device, const struct config_map *map,
		 const struct choice *choice)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_string(w, "address", NULL, device->name);
	writer_array(w, "blocks");
	for (size_t i = 0; i < map->block_count; i++) {
		if (choice->blocks[i])
			show_block(inv, device, map, &map->blocks[i], choice);
	}
	writer_end(w);
	show_list(w, "capabilities_problem", &map->standard, "capabilities: ");
	show_list(w, "extended_capabilities_problem", &map->extended, "extended capabilities: ");
}

int config_show(struct invocation *inv)
{
	struct choice choice = { .blocks = NULL };
	struct device *device = NULL;
	struct config_map *map = NULL;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = config_map_make(device, &map, &inv->error);
	if (rc == 0)
		rc = choose(inv, device, map, &choice);
	if (rc == 0) {
		show(inv, device, map, &choice);
		/* it went in between: what came after is ones, or nothing */
		if (!device_is_present(device))
			rc = device_gone(device, &inv->error);
	}
	free(choice.blocks);
	free(choice.registers);
	config_map_free(map);
	device_close(device);
	return rc;
}
