// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Dumps: registers by name where there is a map, otherwise hex and ASCII, JSON values, or raw bytes into a file; bytes
 * in pieces, so that no size costs memory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "cli/progress.h"
#include "cli/register_view.h"
#include "cli/cmd/registers.h"

#define PIECE 65536u
/* More than this on a terminal is no use to anybody, and a whole BAR may have registers that bite. */
#define WHOLE_BAR_LIMIT 65536u

/* So much of nothing but ones is worth a word. */
#define ONES_MIN 16

/* More of them than this in one warning is noise. */
#define WARNED_MAX 3

/* What was read, as far as it matters to that. */
struct read_so_far {
	uint64_t bytes;
	bool is_other; /* something was no ones */
};

/* An operand: registers by name, or bytes. */
struct piece_range {
	struct register_list named;
	struct target target;
	uint64_t length;
};

static int whole_space(struct invocation *inv, enum access_space space, struct access *access,
		       struct piece_range *range)
{
	const struct option_values *o = &inv->options;
	struct ref first = { .kind = REF_OFFSET, .bar = -1 };
	int rc;

	if (space == SPACE_MEMORY)
		return error_set(&inv->error, ERROR_USAGE, "usage",
				 "an operand is missing: which addresses?");
	rc = access_resolve(access, &first, &range->target, &inv->error);
	if (rc < 0)
		return rc;
	range->length = range->target.region->size;
	if (space == SPACE_CONFIG) {
		rc = device_config_size(access->device);
		if (rc < 0)
			return error_errno(&inv->error, rc, "%s: reading config space", access->device->name);
		range->length = (uint64_t)rc;
	} else if (range->length > WHOLE_BAR_LIMIT && !o->output) {
		rc = error_set(&inv->error, ERROR_USAGE, "usage",
			       "%s is 0x%llx bytes large: too much for a terminal",
			       range->target.region->name, (unsigned long long)range->length);
		error_hint(
			&inv->error,
			"name a range, such as 0x0+0x100, its registers by name with --map FILE, or a file with -o FILE");
		return rc;
	}
	return region_check_range(range->target.region, 0, range->length, access->width, &inv->error);
}

static int resolve_bytes(struct invocation *inv, struct access *access, const char *operand,
			 struct piece_range *range)
{
	struct range parsed;
	int rc = range_parse(operand, &parsed, &inv->error);

	if (rc == 0)
		rc = access_resolve_range(access, &parsed, &range->target, &range->length, &inv->error);
	return rc;
}

/* By name only in a BAR, where a map is known; bytes where it is not, or they are asked for. */
static int resolve_range(struct invocation *inv, struct access *access, const char *operand,
			 struct piece_range *range)
{
	const struct option_values *o = &inv->options;
	struct register_list *list = &range->named;
	int rc;

	if (inv->command->space != SPACE_BAR || o->hex || o->output)
		return resolve_bytes(inv, access, operand, range);
	rc = register_list_add_named(list, access, operand, &inv->error);
	if (rc < 0 || list->count || list->left_out_count)
		return rc;
	return resolve_bytes(inv, access, operand, range);
}

static int resolve_whole(struct invocation *inv, struct access *access, struct piece_range *range)
{
	const struct option_values *o = &inv->options;
	int rc;

	if (inv->command->space == SPACE_BAR && !o->hex && !o->output) {
		rc = register_list_add_all(&range->named, access, &inv->error);
		if (rc < 0 || range->named.count || range->named.left_out_count)
			return rc;
	}
	return whole_space(inv, inv->command->space, access, range);
}

static int resolve_ranges(struct invocation *inv, struct access *access, struct piece_range *ranges)
{
	int rc = 0;

	if (inv->operand_count == 0)
		return resolve_whole(inv, access, &ranges[0]);
	for (unsigned int i = 0; rc == 0 && i < inv->operand_count; i++)
		rc = resolve_range(inv, access, inv->operands[i], &ranges[i]);
	return rc;
}

static void note(struct read_so_far *read, const void *data, size_t length)
{
	const unsigned char *bytes = data;

	/* the first, and all that are as the one before */
	read->is_other |= length && (bytes[0] != 0xff || memcmp(bytes, bytes + 1, length - 1) != 0);
	read->bytes += length;
}

/* The device was asked before: it is there. Its BAR may be behind a window, or nobody's. */
static void warn_of_ones(const struct invocation *inv, const struct device *device,
			 const struct read_so_far *read)
{
	/* a UIO device need not have one */
	bool has_config = device && device->config;

	if (inv->command->space != SPACE_BAR || !has_config || read->is_other || read->bytes < ONES_MIN)
		return;
	context_log(
		&inv->ctx, LOG_WARN,
		"%s: all that was read is ones, though its config space answers: what it is read through does not "
		"reach it, or nothing in it answers there; see 'pcietool bar windows' and 'pcietool -s %s aer show'",
		device->name, device->name);
}

static int dump_register(struct invocation *inv, const struct target *t, int column, struct read_so_far *read)
{
	struct writer *w = inv->out;
	char name[2 * REGISTER_NAME_SIZE];
	uint64_t value;
	int rc;

	rc = target_read(t, &value, &inv->error);
	if (rc < 0)
		return rc;
	read->is_other |= value != UINT64_MAX >> (64 - target_value_bits(t));
	read->bytes += t->width / 8;
	target_format(t, name, sizeof(name));
	writer_object(w, NULL);
	writer_string(w, "name", "", name);
	writer_column(w, column);
	writer_string(w, "region", NULL, t->region->name);
	writer_text(w, "%s", t->region->prefix);
	writer_hex(w, "offset", "", t->offset, 3);
	writer_number(w, "width", NULL, t->width);
	register_view_value(w, "  ", t->map, &t->item, target_bits(t), value);
	writer_line(w);
	if (!t->item.field)
		register_view_fields(w, t->map, t->item.reg, value, !inv->ctx.unsafe);
	writer_end(w);
	return 0;
}

static int dump_named(struct invocation *inv, const struct register_list *list, struct read_so_far *read)
{
	int column = register_view_column(list);
	int rc = 0;

	writer_array(inv->out, "registers");
	for (size_t i = 0; rc == 0 && i < list->count; i++)
		rc = dump_register(inv, &list->targets[i], column, read);
	if (rc < 0)
		return rc;
	writer_end(inv->out);
	register_view_left_out(inv->out, &inv->ctx, list, 1);
	return 0;
}

static bool is_named(const struct piece_range *range)
{
	return range->named.count || range->named.left_out_count;
}

static int dump_range(struct invocation *inv, const struct piece_range *range, struct output *output,
		      void *piece, struct read_so_far *read)
{
	const struct target *t = &range->target;
	struct progress progress;
	int rc = 0;

	/* what goes to the terminal is its own progress */
	progress_begin(&progress, output ? inv->verbosity : -1);
	for (uint64_t done = 0; done < range->length;) {
		size_t n = range->length - done < PIECE ? (size_t)(range->length - done) : PIECE;

		rc = region_read_block(t->region, t->offset + done, t->width, piece, n, &inv->error);
		if (rc == 0 && output)
			rc = output_write(output, piece, n, &inv->error);
		if (rc < 0)
			break;
		/* DMA memory is no register */
		if (t->region->name[0] != '@')
			note(read, piece, n);
		if (!output)
			writer_data(inv->out, "values", t->offset + done, piece, n, t->width,
				    inv->verbosity > 0);
		done += n;
		progress_bytes(&progress, done, range->length);
	}
	progress_end(&progress);
	if (rc == 0 && !output)
		writer_data_end(inv->out);
	return rc;
}

static void render_range(struct invocation *inv, const struct piece_range *range, bool first)
{
	struct writer *w = inv->out;

	/* several ranges: which is which */
	if (inv->operand_count > 1 && !inv->options.output)
		writer_text(w, "%s%s:\n", first ? "" : "\n", range->target.region->name);
	writer_string(w, "region", NULL, range->target.region->name);
	writer_hex(w, "offset", NULL, range->target.offset, 0);
	writer_number(w, "length", NULL, range->length);
	writer_number(w, "width", NULL, range->target.width);
}

static int dump_all(struct invocation *inv, const struct piece_range *ranges, unsigned int count,
		    struct output *output, void *piece, struct read_so_far *read)
{
	bool raw_stdout = output && output_is_stdout(output);
	int rc = 0;

	if (!raw_stdout) {
		writer_document(inv->out, inv->command->name);
		writer_array(inv->out, "ranges");
	}
	for (unsigned int i = 0; rc == 0 && i < count; i++) {
		if (!raw_stdout)
			writer_object(inv->out, NULL);
		if (!raw_stdout && !is_named(&ranges[i]))
			render_range(inv, &ranges[i], i == 0);
		if (is_named(&ranges[i]))
			rc = dump_named(inv, &ranges[i].named, read);
		else
			rc = dump_range(inv, &ranges[i], output, piece, read);
		if (rc == 0 && !raw_stdout)
			writer_end(inv->out);
	}
	return rc;
}

/* Bytes are read as they were asked for; but what that does to a register is known. */
static int warn_of_reads(struct invocation *inv, struct access *access, const struct piece_range *range)
{
	const struct regmap_register *regs[WARNED_MAX];
	char text[WARNED_MAX * (REGISTER_NAME_SIZE + 64)] = "";
	size_t used = 0;
	size_t count;
	int rc = access_unsafe_in_span(access, &range->target, range->length, regs, WARNED_MAX, &count,
				       &inv->error);

	if (rc < 0 || count == 0)
		return rc;
	for (size_t i = 0; i < count && i < WARNED_MAX; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s is read all the same: %s",
					 i ? "; " : "", regs[i]->name,
					 regmap_unsafe_to_read(access->map, regs[i]));
	if (count > WARNED_MAX)
		context_log(&inv->ctx, LOG_WARN, "%s; and %zu more", text, count - WARNED_MAX);
	else
		context_log(&inv->ctx, LOG_WARN, "%s", text);
	return 0;
}

static int warn_of_all_reads(struct invocation *inv, struct access *access, const struct piece_range *ranges)
{
	unsigned int count = inv->operand_count ? inv->operand_count : 1;
	int rc = 0;

	if (inv->command->space != SPACE_BAR || inv->ctx.unsafe)
		return 0;
	for (unsigned int i = 0; rc == 0 && i < count; i++) {
		if (!is_named(&ranges[i]))
			rc = warn_of_reads(inv, access, &ranges[i]);
	}
	return rc;
}

int registers_dump(struct invocation *inv)
{
	enum access_space space = inv->command->space;
	const struct option_values *o = &inv->options;
	unsigned int count = inv->operand_count ? inv->operand_count : 1;
	struct piece_range *ranges = calloc(count, sizeof(*ranges));
	void *piece = aligned_alloc(64, PIECE);
	struct output *output = NULL;
	struct device *device = NULL;
	struct access access = { 0 };
	struct read_so_far read = { .bytes = 0 };
	int rc;

	if (!ranges || !piece) {
		rc = error_errno(&inv->error, -ENOMEM, "starting");
		goto out;
	}
	rc = registers_open(inv, space, false, &device, &access);
	if (rc < 0)
		goto out;
	/* bytes are what people know config space by */
	if (space == SPACE_CONFIG && !o->width)
		access.width = 8;
	rc = resolve_ranges(inv, &access, ranges);
	if (rc == 0)
		rc = warn_of_all_reads(inv, &access, ranges);
	if (rc == 0 && o->output)
		rc = output_open(inv, o->output, &output);
	if (rc == 0)
		rc = dump_all(inv, ranges, count, output, piece, &read);
	if (rc == 0 && output)
		rc = output_finish(output, &inv->error);
	if (rc == 0)
		warn_of_ones(inv, device, &read);
out:
	output_close(output);
	for (unsigned int i = 0; ranges && i < count; i++)
		register_list_free(&ranges[i].named);
	registers_close(device, &access);
	free(piece);
	free(ranges);
	return rc;
}
