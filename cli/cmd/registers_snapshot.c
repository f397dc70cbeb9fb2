// SPDX-License-Identifier: GPL-2.0-or-later
/* regs snapshot: registers into a file. */
#include "cli/cmd/registers_snapshot.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "cli/maps.h"
#include "cli/output.h"
#include "cli/register_view.h"
#include "cli/cmd/registers.h"
#include "core/base/number.h"
#include "core/file/output_path.h"

static void now_utc(char text[32])
{
	time_t now = time(NULL);
	struct tm tm;

	text[0] = '\0';
	if (gmtime_r(&now, &tm))
		strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

int registers_snapshot_begin(struct access *access, struct snapshot *s, struct error *error)
{
	struct regmap_id id;
	struct regmap *map;
	int rc;

	if (access_map_id(access->device, &id) == 0) {
		s->has_id = true;
		s->vendor = id.vendor;
		s->device = id.device;
	}
	snprintf(s->address, sizeof(s->address), "%s", access->device->name);
	now_utc(s->time);
	rc = access_map(access, &map, error);
	return rc == 0 && map ? snapshot_set_map(s, map->name, error) : rc;
}

/* The BAR that a region is; -1 for DMA memory, which is no register. */
static int bar_of(const struct access *access, const struct region *region)
{
	for (int i = 0; i < DEVICE_BARS; i++) {
		if (access->bars[i] && access->bars[i] == region)
			return i;
	}
	return -1;
}

static int add_target(struct access *access, const struct target *t, struct snapshot *s, struct error *error)
{
	int bar = bar_of(access, t->region);
	struct snapshot_entry entry = {
		.name = t->item.reg ? t->item.reg->name : NULL,
		.bar = (unsigned int)bar,
		.offset = t->offset,
		.width = t->width,
		.words = t->item.reg ? t->item.reg->words : 1,
		.has_value = true,
	};
	int rc;

	if (bar < 0 || t->item.field)
		return error_set(error, ERROR_USAGE, "bad-operand",
				 "a snapshot is of whole registers behind a BAR");
	rc = target_read(t, &entry.value, error);
	return rc < 0 ? rc : snapshot_add(s, &entry, error);
}

static int add_left_out(struct access *access, const struct left_out *l, struct snapshot *s,
			struct error *error)
{
	struct snapshot_entry entry = {
		.name = l->item.reg->name,
		.width = l->item.reg->width,
		.words = l->item.reg->words <= 64 ? l->item.reg->words : 64,
		.reason = l->reason,
	};
	int rc = access_place_of(access, l->item.reg, &entry.bar, &entry.offset, error);

	return rc < 0 ? rc : snapshot_add(s, &entry, error);
}

/* Reads the registers of LIST into it; those left out are in it without a value. */
static int take(struct access *access, const struct register_list *list, struct snapshot *s,
		struct error *error)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < list->count; i++)
		rc = add_target(access, &list->targets[i], s, error);
	for (size_t i = 0; rc == 0 && i < list->left_out_count; i++)
		rc = add_left_out(access, &list->left_out[i], s, error);
	return rc;
}

static int list_registers(struct invocation *inv, struct access *access, struct register_list *list)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = register_list_add(list, access, inv->operands[i], &inv->error);
	if (rc < 0 || inv->operand_count)
		return rc;
	rc = register_list_add_all(list, access, &inv->error);
	if (rc < 0 || list->count || list->left_out_count)
		return rc;
	rc = error_set(&inv->error, ERROR_USAGE, "no-map", "which registers? There is no map of the device");
	error_hint(&inv->error, "name a range, such as 0x0+0x100, or a map with --map");
	return rc;
}

static int put_output(void *data, const char *text, size_t length, struct error *error)
{
	return output_write(data, text, length, error);
}

static int put_text(void *data, const char *text, size_t length, struct error *error)
{
	struct writer *w = data;

	const char *end = text + length;

	(void)error;
	while (text < end) {
		size_t n = strcspn(text, "\n");

		writer_text(w, "%.*s", (int)n, text);
		writer_line(w);
		text += n + 1;
	}
	return 0;
}

static void view_entry(struct writer *w, const struct snapshot_entry *e)
{
	writer_object(w, NULL);
	if (e->name)
		writer_string(w, "name", NULL, e->name);
	else
		writer_null(w, "name", NULL, "it has none");
	writer_number(w, "bar", NULL, e->bar);
	writer_hex(w, "offset", NULL, e->offset, 0);
	writer_number(w, "width", NULL, e->width);
	writer_number(w, "words", NULL, e->words);
	if (e->has_value)
		writer_hex(w, "value", NULL, e->value, register_digits(e->width * e->words));
	else
		writer_null(w, "value", NULL, e->reason ? e->reason : "not read");
	writer_end(w);
}

/* The form of the file is the text; JSON has the same in its own. */
static int show(struct invocation *inv, const struct snapshot *s)
{
	struct writer *w = inv->out;

	writer_document(w, inv->command->name);
	writer_string(w, "address", NULL, s->address);
	writer_id(w, "vendor", NULL, s->vendor, 4);
	writer_id(w, "device", NULL, s->device, 4);
	if (s->map)
		writer_string(w, "map", NULL, s->map);
	else
		writer_null(w, "map", NULL, "there is none");
	writer_string(w, "time", NULL, s->time);
	writer_array(w, "registers");
	for (size_t i = 0; i < s->count; i++)
		view_entry(w, &s->entries[i]);
	writer_end(w);
	return writer_is_json(w) ? 0 : snapshot_write(s, put_text, w, &inv->error);
}

/* *OUTPUT NULL: it is shown. */
static int open_output(struct invocation *inv, struct output **output)
{
	const char *name = inv->options.output;

	return name && !output_path_is_stdout(name) ? output_open(inv, name, output) : 0;
}

static int save(struct invocation *inv, const struct snapshot *s, struct output *output)
{
	int rc;

	if (!output)
		return show(inv, s);
	rc = snapshot_write(s, put_output, output, &inv->error);
	if (rc == 0)
		rc = output_finish(output, &inv->error);
	if (rc == 0 && inv->json)
		rc = show(inv, s);
	return rc;
}

int registers_snapshot(struct invocation *inv)
{
	struct register_list list = { 0 };
	struct snapshot snapshot = { 0 };
	struct device *device = NULL;
	struct access access = { 0 };
	struct output *output = NULL;
	int rc;

	rc = registers_open(inv, SPACE_BAR, false, &device, &access);
	if (rc < 0)
		return rc;
	rc = registers_snapshot_begin(&access, &snapshot, &inv->error);
	if (rc == 0)
		rc = list_registers(inv, &access, &list);
	if (rc == 0)
		rc = open_output(inv, &output);
	if (rc == 0)
		rc = take(&access, &list, &snapshot, &inv->error);
	if (rc == 0)
		rc = save(inv, &snapshot, output);
	output_close(output);
	snapshot_free(&snapshot);
	register_list_free(&list);
	registers_close(device, &access);
	return rc;
}

int registers_snapshot_map(struct invocation *inv, const struct snapshot *s, bool need, struct regmap **map)
{
	const struct regmap_id id = { .vendor = s->vendor, .device = s->device };
	struct regmap_id chosen;
	const struct regmap_id *use = s->has_id ? &id : NULL;

	if (inv->selected && map_choice_id(inv, &chosen))
		use = &chosen;
	return need ? regmap_set_need(&inv->ctx, use, map, &inv->error)
		    : regmap_set_get(&inv->ctx, use, map, &inv->error);
}

void registers_snapshot_trim(struct snapshot *s, struct regmap *map)
{
	for (size_t i = 0; map && i < s->count; i++) {
		struct snapshot_entry *e = &s->entries[i];
		struct regmap_item item = { 0 };

		if (e->name && regmap_find(map, e->name, &item, NULL) == 0 && !item.field &&
		    item.reg->width == e->width && item.reg->words == e->words)
			e->value &= width_max(item.reg->bits);
	}
}
