// SPDX-License-Identifier: GPL-2.0-or-later
/* map: register maps themselves. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/maps.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/register_view.h"
#include "cli/writer.h"
#include "core/base/number.h"
#include "core/file/output_path.h"
#include "core/base/text_buffer.h"
#include "core/convert/losses.h"
#include "core/convert/convert.h"

/* The file that was named as an operand, or the map that would be used. */
static int find_path(struct invocation *inv, char *path, size_t size)
{
	struct regmap_id id;
	bool has_id;
	int rc;

	if (inv->operand_count && strlen(inv->operands[0]) >= size)
		return error_errno(&inv->error, -ENAMETOOLONG, "%.100s...", inv->operands[0]);
	if (inv->operand_count) {
		snprintf(path, size, "%s", inv->operands[0]);
		return 0;
	}
	has_id = map_choice_id(inv, &id);
	rc = regmap_set_path(&inv->ctx, has_id ? &id : NULL, path, size);
	if (rc < 0)
		rc = error_set(&inv->error, ERROR_USAGE, "no-map",
			       "which map? Name a file, or select a device that has one");
	return rc;
}

/* A line for each of LIST, which is called NAME in JSON. */
static void view_messages(struct writer *w, const struct regmap *map, const char *name, const char *label,
			  const struct regmap_problem *list, size_t count)
{
	writer_array(w, name);
	for (size_t i = 0; i < count; i++) {
		writer_object(w, NULL);
		writer_text(w, "%s:", map->path);
		writer_number(w, "line", "", regmap_line(map, list[i].place));
		writer_string(w, "message", label, list[i].message);
		writer_line(w);
		writer_end(w);
	}
	writer_end(w);
}

static int map_check(struct invocation *inv)
{
	struct writer *w = inv->out;
	struct regmap *map = NULL;
	char path[PATH_MAX];
	int rc;

	rc = find_path(inv, path, sizeof(path));
	if (rc == 0)
		rc = regmap_load_anyhow(path, &map, &inv->error);
	if (rc < 0 || !map)
		return rc;
	rc = regmap_check(map);
	if (rc < 0)
		error_errno(&inv->error, rc, "%s", path);
	writer_document(w, inv->command->name);
	writer_string(w, "path", NULL, path);
	writer_number(w, "registers", NULL, map->register_count);
	view_messages(w, map, "problems", ": ", map->problems, rc == 0 ? map->problem_count : 0);
	view_messages(w, map, "notes", ": note: ", map->notes, rc == 0 ? map->note_count : 0);
	if (rc == 0 && map->problem_count)
		rc = error_set(&inv->error, ERROR_DIFFERS, "problems", "%s: %zu problem%s", path,
			       map->problem_count, map->problem_count == 1 ? "" : "s");
	regmap_close(map);
	return rc;
}

/* To standard output, which may be a terminal, go lines of the writer's. */
static int put_lines(void *data, const char *text, size_t length, struct error *error)
{
	struct writer *w = data;

	(void)error;
	while (length > 0) {
		size_t most = length < 256 ? length : 256;
		const char *newline = memchr(text, '\n', most);
		size_t n = newline ? (size_t)(newline - text) : most;

		writer_text(w, "%.*s", (int)n, text);
		if (newline)
			writer_line(w);
		n += newline != NULL;
		text += n;
		length -= n;
	}
	return 0;
}

static int put_file(void *data, const char *text, size_t length, struct error *error)
{
	return output_write(data, text, length, error);
}

typedef int (*map_write)(const struct regmap *map, regmap_put put, void *data, struct error *error);

struct map_format {
	const char *name; /* of --to */
	const char *label; /* of messages; NULL: it says all there is */
	map_write write;
	enum regmap_target target;
	bool loses_words; /* a register of several is one there, whose accesses are not said */
};

static const struct map_format formats[] = {
	{ "text", NULL, regmap_write_text, REGMAP_TO_TEXT, false },
	{ "svd", "SVD", regmap_write_svd, REGMAP_TO_SVD, false },
	{ "ipxact", "IP-XACT", regmap_write_ipxact, REGMAP_TO_IPXACT, true },
	{ "header", "a C header", regmap_write_header, REGMAP_TO_HEADER, true },
	{ "markdown", "Markdown", regmap_write_markdown, REGMAP_TO_MARKDOWN, true },
};

static const struct map_format *find_format(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}

static void warn_of_words(const struct invocation *inv, const struct regmap *map,
			  const struct map_format *format)
{
	size_t several = 0;
	size_t long_ones = 0;

	if (!format->loses_words)
		return;
	for (size_t i = 0; i < map->register_count; i++) {
		several += map->registers[i].words > 1;
		long_ones += map->registers[i].bits > 64;
	}
	if (several)
		context_log(
			&inv->ctx, LOG_WARN,
			"%s: %zu registers are of several words each: %s says nothing of how many, how wide "
			"and which comes first",
			map->path, several, format->label);
	if (long_ones && format->target == REGMAP_TO_IPXACT)
		context_log(&inv->ctx, LOG_WARN,
			    "%s: %zu registers have more than 64 bits: they are left out", map->path,
			    long_ones);
}

/* What the file that is asked for will not have. */
static int warn_of_losses(struct invocation *inv, const struct regmap *map, const struct map_format *format)
{
	struct text_buffer list = { 0 };
	int rc = 0;

	warn_of_words(inv, map, format);
	regmap_losses(map, format->target, &list);
	if (list.failed)
		rc = error_errno(&inv->error, -ENOMEM, "%s", map->path);
	else if (list.length)
		context_log(&inv->ctx, LOG_WARN, "%s: %s cannot say %.*s: that is left out", map->path,
			    format->label, (int)list.length, list.bytes);
	text_buffer_free(&list);
	return rc;
}

/* What writes a map; MAP NULL: a template. */
static int put_map(const struct regmap *map, map_write write, regmap_put put, void *data, struct error *error)
{
	return map ? write(map, put, data, error) : regmap_write_template(put, data, error);
}

static int write_map(struct invocation *inv, const struct regmap *map, map_write write)
{
	const struct option_values *o = &inv->options;
	bool to_stdout = !o->output || output_path_is_stdout(o->output);
	struct output *output = NULL;
	regmap_put put = to_stdout ? put_lines : put_file;
	void *data = inv->out;
	int rc = 0;

	if (!to_stdout || inv->json) {
		rc = output_open(inv, to_stdout ? "-" : o->output, &output);
		data = output;
	}
	if (rc < 0)
		return rc;
	writer_verbatim(inv->out, true);
	rc = put_map(map, write, put, data, &inv->error);
	writer_verbatim(inv->out, false);
	if (rc == 0 && output)
		rc = output_finish(output, &inv->error);
	output_close(output);
	return rc;
}

static int map_convert(struct invocation *inv)
{
	const struct option_values *o = &inv->options;
	struct regmap *map = NULL;
	char path[PATH_MAX];
	const struct map_format *format;
	int rc;

	rc = find_path(inv, path, sizeof(path));
	if (rc == 0)
		rc = regmap_load(&inv->ctx, path, &map, &inv->error);
	if (rc == 0 && inv->ctx.bars_of)
		rc = regmap_set_bars(map, inv->ctx.bars_of, &inv->error);
	if (rc < 0 || !map) {
		regmap_close(map);
		return rc;
	}
	/* without --to: text, and of that SVD */
	format = find_format(o->format ? o->format : map->format == REGMAP_TEXT ? "svd" : "text");
	rc = write_map(inv, map, format->write);
	if (rc == 0 && format->label)
		rc = warn_of_losses(inv, map, format);
	regmap_close(map);
	return rc;
}

static int map_new(struct invocation *inv)
{
	return write_map(inv, NULL, NULL);
}

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	(void)option;
	inv->options.format = arg;
	if (find_format(arg))
		return 0;
	return error_set(&inv->error, ERROR_USAGE, "bad-option",
			 "--to: '%s' is none of text, svd, ipxact, header, markdown", arg);
}

/* --- show ------------------------------------------------------------------------------------------- */

static void map_view_id(struct writer *w, const struct regmap *map)
{
	if (!map->has_id) {
		writer_null(w, "vendor_id", NULL, "the map does not say");
		writer_null(w, "device_id", NULL, "the map does not say");
		return;
	}
	writer_id(w, "vendor_id", ", for ", map->vendor, 4);
	writer_id(w, "device_id", ":", map->device, 4);
}

static const char *map_format_name(const struct regmap *map)
{
	static const char *const names[] = {
		[REGMAP_TEXT] = "text",
		[REGMAP_SVD] = "SVD",
		[REGMAP_IPXACT] = "IP-XACT",
		[REGMAP_HWH] = "hwh",
	};

	return names[map->format];
}

static void view_behaviour(struct writer *w, const struct regmap_behaviour *b)
{
	/* the label, the word */
	static const char *const constraints[][2] = {
		[CONSTRAINT_NONE] = { NULL, NULL },
		[CONSTRAINT_ENUM] = { ", only ", "enum" },
		[CONSTRAINT_RANGE] = { ", ", "range" },
		[CONSTRAINT_AS_READ] = { ", only as ", "read" },
	};
	const char *access = regmap_access_name(b->access);
	const char *on_read = regmap_read_effect_name(b->on_read);
	const char *on_write = regmap_write_effect_name(b->on_write);

	if (*access)
		writer_string(w, "access", " ", access);
	else
		writer_null(w, "access", " ", "access unknown");
	if (*on_read)
		writer_string(w, "on_read", ", a read: ", on_read);
	else
		writer_null(w, "on_read", NULL, "nothing but a read");
	if (*on_write)
		writer_string(w, "on_write", ", a write: ", on_write);
	else
		writer_null(w, "on_write", NULL, "nothing but a write");
	if (b->constraint != CONSTRAINT_NONE)
		writer_string(w, "constraint", constraints[b->constraint][0], constraints[b->constraint][1]);
	else
		writer_null(w, "constraint", NULL, "any value may be written");
	if (b->constraint == CONSTRAINT_RANGE) {
		writer_hex(w, "minimum", " ", b->minimum, 0);
		writer_hex(w, "maximum", " to ", b->maximum, 0);
	}
}

static void view_description(struct writer *w, const char *description)
{
	if (description)
		writer_string(w, "description", "  ", description);
	else
		writer_null(w, "description", NULL, "none");
}

static void view_enum(struct writer *w, const struct regmap_field *field, const struct regmap_enum *e)
{
	uint64_t all = width_max(field->bits);
	bool has_value = regmap_enum_has_value(field, e);

	writer_object(w, NULL);
	writer_text(w, "        ");
	if (has_value)
		writer_hex(w, "value", "", e->value, 0);
	else
		writer_null(w, "value", "", "others");
	if (has_value && (e->mask & all) != all)
		writer_hex(w, "mask", " of ", e->mask & all, 0);
	writer_string(w, "name", " ", e->name);
	writer_bool(w, "is_default", NULL, e->is_default);
	if (has_value && e->is_default)
		writer_text(w, ", and all others");
	if (e->not_for_read || e->not_for_write)
		writer_string(w, "only_for", ", only for ", e->not_for_read ? "write" : "read");
	else
		writer_null(w, "only_for", NULL, "reads and writes");
	view_description(w, e->description);
	writer_line(w);
	writer_end(w);
}

static void view_enums(struct writer *w, const struct regmap *map, const struct regmap_field *field)
{
	writer_array(w, "values");
	for (uint32_t i = 0; i < field->enum_count; i++)
		view_enum(w, field, &map->enums[field->first_enum + i]);
	writer_end(w);
}

static void view_field(struct writer *w, const struct regmap *map, const struct regmap_field *field)
{
	char bits[REGISTER_BITS_SIZE];

	register_bits(field->lsb, field->bits, bits);
	writer_object(w, NULL);
	writer_string(w, "name", "    ", field->name);
	writer_column(w, 24);
	writer_text(w, " %-6s", bits);
	writer_number(w, "lsb", NULL, field->lsb);
	writer_number(w, "bits", NULL, field->bits);
	view_behaviour(w, &field->behaviour);
	view_description(w, field->description);
	writer_line(w);
	view_enums(w, map, field);
	writer_end(w);
}

static void view_bar(struct writer *w, int bar)
{
	if (bar >= 0)
		writer_number(w, "bar", " BAR ", (uint64_t)bar);
	else
		writer_null(w, "bar", NULL, "the map does not say");
}

static void view_geometry(struct writer *w, const struct regmap_register *reg)
{
	bool split = reg->words > 1;

	writer_number(w, "bits", " bits ", reg->bits);
	writer_number(w, "words", split ? " in words " : NULL, reg->words);
	writer_number(w, "width", split || reg->width / 2 >= reg->bits ? " of " : NULL, reg->width);
	writer_number(w, "word_bits", NULL, reg->word_bits);
	writer_string(w, "order", split && reg->low_first ? ", first the " : NULL,
		      reg->low_first ? "low" : "high");
}

static void view_register(struct writer *w, const struct regmap *map, const struct regmap_item *item)
{
	const struct regmap_register *reg = item->reg;
	uint64_t all = width_max(reg->bits);
	uint64_t known = reg->reset_mask & all;

	writer_object(w, NULL);
	writer_string(w, "name", "", reg->name);
	if (reg->block != REGMAP_NO_BLOCK)
		writer_string(w, "block", NULL, map->blocks[reg->block].name);
	else
		writer_null(w, "block", NULL, "it is in none");
	writer_column(w, 24);
	writer_hex(w, "address", " ", reg->address, 0);
	view_bar(w, regmap_bar(map, reg));
	view_geometry(w, reg);
	view_behaviour(w, &reg->behaviour);
	if (reg->has_reset)
		writer_hex(w, "reset", ", reset ", reg->reset_value, 0);
	else
		writer_null(w, "reset", NULL, "the map does not say");
	if (reg->has_reset)
		writer_hex(w, "reset_mask", known == all ? NULL : " of ", known, 0);
	view_description(w, reg->description);
	writer_line(w);
	writer_array(w, "fields");
	for (uint32_t i = reg->field_count; i-- > 0;) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (!item->field || item->field == field)
			view_field(w, map, field);
	}
	writer_end(w);
	writer_end(w);
}

/* What the device is asked for: where the block is, and whether it is there. */
static void view_situation(struct writer *w, const struct regmap *map, const struct regmap_block *block)
{
	char text[REGMAP_CONDITION_SIZE];

	snprintf(text, sizeof(text), "virtio:%u", block->virtio_type);
	if (block->bar < 0 && block->virtio_type)
		writer_string(w, "at", " at ", text);
	else
		writer_null(w, "at", NULL, "no capability says it");
	regmap_condition_format(map, &block->condition, text, sizeof(text));
	if (text[0])
		writer_string(w, "if", " if ", text);
	else
		writer_null(w, "if", NULL, "it always is there");
}

/* In text only those of the whole map. */
static void view_blocks(struct writer *w, const struct regmap *map, bool shown)
{
	writer_array(w, "blocks");
	for (size_t i = 0; i < map->block_count && (shown || writer_is_json(w)); i++) {
		const struct regmap_block *block = &map->blocks[i];

		writer_object(w, NULL);
		writer_string(w, "name", "block ", block->name);
		writer_column(w, 24);
		writer_hex(w, "address", " ", block->address, 0);
		if (block->size)
			writer_hex(w, "size", " size ", block->size, 0);
		else
			writer_null(w, "size", NULL, "the map does not say");
		view_bar(w, block->bar);
		view_situation(w, map, block);
		view_description(w, block->description);
		writer_line(w);
		writer_end(w);
	}
	writer_end(w);
}

static void view_map(struct writer *w, const struct regmap *map, bool whole)
{
	writer_string(w, "path", NULL, map->path);
	writer_string(w, "map", whole ? "" : NULL, map->name);
	writer_string(w, "format", whole ? ", " : NULL, map_format_name(map));
	if (whole || writer_is_json(w))
		map_view_id(w, map);
	if (map->has_base)
		writer_hex(w, "base", whole ? ", base " : NULL, map->base, 0);
	else
		writer_null(w, "base", NULL, "the map does not say");
	if (whole || writer_is_json(w)) {
		view_description(w, map->description);
		writer_line(w);
	}
	view_blocks(w, map, whole);
}

static int view_items(struct invocation *inv, struct regmap *map, const char *name)
{
	struct regmap_item *items;
	size_t count;
	int rc = regmap_match(map, name, &items, &count, &inv->error);

	for (size_t i = 0; rc == 0 && i < count; i++)
		view_register(inv->out, map, &items[i]);
	if (rc == 0)
		free(items);
	return rc;
}

/* Whoever gives 'map show' a file, as 'map check' has it, means --map. */
static void hint_file(struct invocation *inv)
{
	if (strcmp(inv->error.code, "no-map") == 0 && inv->operand_count &&
	    access(inv->operands[0], F_OK) == 0)
		error_hint(&inv->error, "'pcietool map show --map %.200s' shows that file", inv->operands[0]);
}

static int map_show(struct invocation *inv)
{
	struct regmap_item item;
	struct regmap *map = NULL;
	int rc = map_choice_part(inv, &map);

	if (rc < 0)
		hint_file(inv);
	if (rc == 0 && !inv->operand_count)
		rc = regmap_complete(map, &inv->error);
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++) {
		if (!regmap_is_glob(inv->operands[i]))
			rc = regmap_find(map, inv->operands[i], &item, &inv->error);
	}
	if (rc < 0)
		return rc;
	writer_document(inv->out, inv->command->name);
	view_map(inv->out, map, !inv->operand_count);
	writer_array(inv->out, "registers");
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++) {
		if (regmap_is_glob(inv->operands[i]))
			rc = view_items(inv, map, inv->operands[i]);
		else if (regmap_find(map, inv->operands[i], &item, &inv->error) == 0)
			view_register(inv->out, map, &item);
	}
	for (size_t i = 0; i < map->register_count && !inv->operand_count; i++) {
		item = (struct regmap_item){ .reg = &map->registers[i] };
		view_register(inv->out, map, &item);
	}
	return rc;
}

/* --- list ------------------------------------------------------------------------------------------- */

static bool is_map_name(const char *name)
{
	size_t n = strlen(name);

	for (const char *const *ending = regmap_endings; *ending; ending++) {
		size_t e = strlen(*ending);

		if (n > e && strcmp(name + n - e, *ending) == 0)
			return true;
	}
	return false;
}

static int map_filter(const struct dirent *entry)
{
	return is_map_name(entry->d_name);
}

static void view_file(struct invocation *inv, const char *path, const char *used)
{
	struct writer *w = inv->out;
	struct regmap *map = NULL;
	struct error error = { 0 };
	bool is_used = used && strcmp(path, used) == 0;

	writer_object(w, NULL);
	writer_string(w, "path", is_used ? "* " : "  ", path);
	writer_bool(w, "used", NULL, is_used);
	if (regmap_load_found(&inv->ctx, path, &map, &error) == 0) {
		writer_string(w, "name", "  ", map->name);
		writer_string(w, "format", ", ", map_format_name(map));
		map_view_id(w, map);
		writer_number(w, "registers", ", registers ", map->register_count);
		writer_number(w, "fields", NULL, map->field_count);
	} else {
		writer_null(w, "name", "  ", error.message);
	}
	writer_line(w);
	writer_end(w);
	regmap_close(map);
}

static int map_list(struct invocation *inv)
{
	const char *const *folder = regmap_set_folders(inv->ctx.maps);
	struct regmap_id id;
	bool has_id = map_choice_id(inv, &id);
	char used[PATH_MAX];
	bool has_used = regmap_set_path(&inv->ctx, has_id ? &id : NULL, used, sizeof(used)) == 0;

	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "folders");
	for (; *folder; folder++) {
		struct dirent **names;
		int count = scandir(*folder, &names, map_filter, alphasort);

		writer_object(inv->out, NULL);
		writer_string(inv->out, "folder", "", *folder);
		writer_text(inv->out, "%s", count < 0 ? ": not there" : count == 0 ? ": none" : ":");
		writer_line(inv->out);
		writer_array(inv->out, "maps");
		for (int i = 0; i < count; i++) {
			char path[PATH_MAX];

			if (snprintf(path, sizeof(path), "%s/%s", *folder, names[i]->d_name) <
			    (int)sizeof(path))
				view_file(inv, path, has_used ? used : NULL);
			free(names[i]);
		}
		if (count >= 0)
			free(names);
		writer_end(inv->out);
		writer_end(inv->out);
	}
	writer_end(inv->out);
	if (has_used)
		writer_string(inv->out, "used", NULL, used);
	else
		writer_null(inv->out, "used", NULL,
			    has_id ? "there is none for the device" : "no device is selected");
	return 0;
}

const struct command map_commands[] = {
	{
		.name = "map list",
		.summary = "List the register maps in the map folders",
		.details = "'*' marks the one of the selected device.",
		.pages = true,
		.run = map_list,
	},
	{
		.name = "map show",
		.operands = "[NAME...]",
		.summary = "Show registers, fields and values of a register map",
		.details = "NAME may have '*' and '?'. The map is --map's, or that of -d VENDOR:DEVICE; no "
			   "device is needed.",
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_REF,
		.pages = true,
		.run = map_show,
	},
	{
		.name = "map check",
		.operands = "[FILE]",
		.summary = "Tell what is wrong or doubtful in a register map",
		.details =
			"A line each, FILE:LINE: what. Exit status 8 when there is something wrong; a note is not.",
		.max_operands = 1,
		.operand_kind = WORD_FILE,
		.pages = true,
		.run = map_check,
	},
	{
		.name = "map convert",
		.operands = "[FILE]",
		.summary = "Write a register map in another format",
		.max_operands = 1,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_MAP_FORMAT, OPTION_MAP_FILE),
		.parse = parse,
		.run = map_convert,
	},
	{
		.name = "map new",
		.summary = "Write a text map to begin with: a row of each kind, explained",
		.options = TAKES(OPTION_MAP_FILE),
		.run = map_new,
	},
	{ 0 },
};
