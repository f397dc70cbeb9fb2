// SPDX-License-Identifier: GPL-2.0-or-later
/* map: register maps themselves. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd/map.h"
#include "cli/maps.h"
#include "cli/options.h"
#include "cli/output.h"
#include "core/regmap/regmap.h"

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
	writer_array(w, "problems");
	for (size_t i = 0; rc == 0 && i < map->problem_count; i++) {
		writer_object(w, NULL);
		writer_text(w, "%s:", path);
		writer_number(w, "line", "", regmap_line(map, map->problems[i].place));
		writer_string(w, "message", ": ", map->problems[i].message);
		writer_line(w);
		writer_end(w);
	}
	writer_end(w);
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

/* What the file that is asked for will not have. */
static void warn_of_losses(const struct invocation *inv, const struct regmap *map)
{
	bool has_bar = false;

	for (size_t i = 0; i < map->block_count; i++)
		has_bar |= map->blocks[i].bar >= 0;
	if (has_bar || map->has_base || map->has_id)
		context_log(&inv->ctx, LOG_WARN, "%s: SVD cannot say%s%s%s: that is left out", map->path,
			    map->has_id ? " which device it is for" : "",
			    has_bar ? map->has_id ? ", which BARs" : " which BARs" : "",
			    map->has_base ? map->has_id || has_bar ? ", the base" : " the base" : "");
}

static int convert(struct invocation *inv, const struct regmap *map, bool to_svd)
{
	const struct option_values *o = &inv->options;
	bool to_stdout = !o->output || strcmp(o->output, "-") == 0;
	struct output *output = NULL;
	regmap_put put = to_stdout ? put_lines : put_file;
	void *data = inv->out;
	int rc = 0;

	if (!to_stdout || inv->json) {
		rc = output_open(to_stdout ? "-" : o->output, inv->json, &output, &inv->error);
		data = output;
	}
	if (rc < 0)
		return rc;
	if (to_svd)
		rc = regmap_write_svd(map, put, data, &inv->error);
	else
		rc = regmap_write_text(map, put, data, &inv->error);
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
	bool to_svd;
	int rc;

	rc = find_path(inv, path, sizeof(path));
	if (rc == 0)
		rc = regmap_load(path, &map, &inv->error);
	if (rc < 0 || !map)
		return rc;
	/* without --to: into the other one */
	to_svd = o->format ? strcmp(o->format, "svd") == 0 : map->format == REGMAP_TEXT;
	rc = convert(inv, map, to_svd);
	if (rc == 0 && to_svd)
		warn_of_losses(inv, map);
	regmap_close(map);
	return rc;
}

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	(void)option;
	inv->options.format = arg;
	if (strcmp(arg, "text") == 0 || strcmp(arg, "svd") == 0)
		return 0;
	return error_set(&inv->error, ERROR_USAGE, "bad-option", "--to: '%s' is neither text nor svd", arg);
}

const struct command map_commands[] = {
	{
		.name = "map list",
		.summary = "List the register maps in the map folders",
		.details = "'*' marks the one of the selected device.",
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
		.run = map_show,
	},
	{
		.name = "map check",
		.operands = "[FILE]",
		.summary = "Tell what is wrong or doubtful in a register map",
		.details = "A line each, FILE:LINE: what. Exit status 8 when there is something.",
		.max_operands = 1,
		.operand_kind = WORD_FILE,
		.run = map_check,
	},
	{
		.name = "map convert",
		.operands = "[FILE]",
		.summary = "Write a register map in the other format",
		.max_operands = 1,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_MAP_FORMAT, OPTION_MAP_FILE),
		.parse = parse,
		.run = map_convert,
	},
	{ 0 },
};
