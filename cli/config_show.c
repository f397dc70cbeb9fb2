// SPDX-License-Identifier: GPL-2.0-or-later
/* config show: config space by the names of the table, a line for each register. */
#include <stdio.h>
#include <string.h>

#include "cli/config.h"
#include "cli/fields.h"
#include "cli/register_view.h"
#include "cli/registers.h"
#include "core/capability_names.h"
#include "core/config_map.h"
#include "core/number.h"

#define NAME_COLUMN 24
#define VALUE_COLUMN 36
#define LINE_END 110

/* "MASTER+", "MRRS=512", "TIMEOUT=0x3". */
static void format_field(const struct regmap *map, const struct regmap_field *field, uint64_t value,
			 char *text, size_t size)
{
	const char *name = regmap_enum_name(map, field, value);

	if (name)
		snprintf(text, size, "%s=%s", field->name, name);
	else if (field->bits == 1 && !field->enum_count)
		snprintf(text, size, "%s%c", field->name, value ? '+' : '-');
	else
		snprintf(text, size, "%s=0x%llx", field->name, (unsigned long long)value);
}

static void show_field(struct writer *w, const struct regmap *map, const struct regmap_register *reg,
		       const struct regmap_field *field, uint64_t value, size_t *column)
{
	const struct regmap_item item = { .reg = reg, .field = field };
	char text[128];
	size_t n;

	format_field(map, field, value, text, sizeof(text));
	n = strlen(text) + 1;
	if (*column + n > LINE_END) {
		writer_line(w);
		writer_column(w, VALUE_COLUMN);
		*column = VALUE_COLUMN;
	}
	*column += n;
	writer_object(w, NULL);
	writer_string(w, "name", NULL, field->name);
	writer_number(w, "lsb", NULL, field->lsb);
	writer_number(w, "bits", NULL, field->bits);
	register_view_value(w, NULL, map, &item, field->bits, value);
	writer_text(w, " %s", text);
	writer_end(w);
}

/* With -v: a line for each field, with what it is. */
static void show_field_line(struct writer *w, const struct regmap *map, const struct regmap_register *reg,
			    const struct regmap_field *field, uint64_t value)
{
	const struct regmap_item item = { .reg = reg, .field = field };
	char text[128];

	format_field(map, field, value, text, sizeof(text));
	writer_line(w);
	writer_column(w, 4);
	writer_object(w, NULL);
	writer_string(w, "name", NULL, field->name);
	writer_number(w, "lsb", NULL, field->lsb);
	writer_number(w, "bits", NULL, field->bits);
	register_view_value(w, NULL, map, &item, field->bits, value);
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
		uint64_t part = value >> field->lsb & width_max(field->bits);

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
	if (!block->block)
		writer_text(w, " (its registers have no names here)");
	writer_line(w);
}

static void show_block(struct invocation *inv, struct device *device, const struct config_map *map,
		       const struct config_map_block *block)
{
	writer_object(inv->out, NULL);
	show_heading(inv->out, block);
	writer_array(inv->out, "registers");
	for (size_t i = 0; i < block->count; i++)
		show_register(inv, device, map->regmap, &map->regmap->registers[block->first + i]);
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

/* Is it asked for? By its name, with or without the instance, in any case. */
static bool is_asked_for(const struct invocation *inv, const struct config_map_block *block)
{
	char name[48];

	if (inv->operand_count == 0)
		return true;
	config_map_block_name(block, name, sizeof(name));
	for (unsigned int i = 0; i < inv->operand_count; i++) {
		const char *word = config_block_word(inv->operands[i]);

		if (strcasecmp(word, block->offset ? name : "header") == 0 ||
		    (block->block && block->offset && strcasecmp(word, block->block->name) == 0))
			return true;
	}
	return false;
}

const char *config_block_word(const char *operand)
{
	if (strncasecmp(operand, "ECAP_", 5) == 0)
		return operand + 5;
	return strncasecmp(operand, "CAP_", 4) == 0 ? operand + 4 : operand;
}

/* WORD is a block that the device does not have, or none at all. */
static int no_block(struct invocation *inv, const struct device *device, struct config_map *map,
		    const char *word)
{
	const struct config_block *block;
	struct regmap_item item;
	char probe[80];
	int rc;

	for (size_t i = 1; (block = config_block_at(i)) != NULL; i++) {
		if (strcasecmp(block->name, word) != 0)
			continue;
		/* any name in it gives the reason */
		snprintf(probe, sizeof(probe), "%s.%s", block->name, block->registers->name);
		rc = config_map_find(map, device, probe, &item, &inv->error);
		return rc < 0 ? rc
			      : error_set(&inv->error, ERROR_UNSUPPORTED, "no-capability",
					  "%s: the device has no capability %s", device->name, word);
	}
	rc = error_set(&inv->error, ERROR_USAGE, "unknown-name", "'%.100s': no capability has that name",
		       word);
	error_hint(&inv->error, "such as EXP, AER, MSIX, header; 'config show' without one shows all");
	return rc;
}

static bool has_block(const struct config_map *map, const char *word)
{
	for (size_t b = 1; b < map->block_count; b++) {
		char name[48];

		config_map_block_name(&map->blocks[b], name, sizeof(name));
		if (strcasecmp(word, name) == 0 ||
		    (map->blocks[b].block && strcasecmp(word, map->blocks[b].block->name) == 0))
			return true;
	}
	return strcasecmp(word, "header") == 0;
}

/* Each operand must be something that the device has. */
static int check_blocks(struct invocation *inv, const struct device *device, struct config_map *map)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++) {
		const char *word = config_block_word(inv->operands[i]);

		if (!has_block(map, word))
			rc = no_block(inv, device, map, word);
	}
	return rc;
}

static void show(struct invocation *inv, struct device *device, const struct config_map *map)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_string(w, "address", NULL, device->name);
	writer_array(w, "blocks");
	for (size_t i = 0; i < map->block_count; i++) {
		if (is_asked_for(inv, &map->blocks[i]))
			show_block(inv, device, map, &map->blocks[i]);
	}
	writer_end(w);
	show_list(w, "capabilities_problem", &map->standard, "capabilities: ");
	show_list(w, "extended_capabilities_problem", &map->extended, "extended capabilities: ");
}

int config_show(struct invocation *inv)
{
	struct device *device = NULL;
	struct config_map *map = NULL;
	int rc;

	rc = command_device(inv, &device);
	if (rc < 0)
		return rc;
	rc = config_map_make(device, &map, &inv->error);
	if (rc == 0)
		rc = check_blocks(inv, device, map);
	if (rc == 0) {
		show(inv, device, map);
		/* it went in between: what came after is ones, or nothing */
		if (!device_is_present(device))
			rc = device_gone(device, &inv->error);
	}
	config_map_free(map);
	device_close(device);
	return rc;
}
