// SPDX-License-Identifier: GPL-2.0-or-later
/* Dumps: hex and ASCII, JSON values, or raw bytes into a file; in pieces, so that no size costs memory. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"
#include "cli/registers.h"
#include "core/config_regs.h"

#define PIECE 65536u
/* More than this on a terminal is no use to anybody, and a whole BAR may have registers that bite. */
#define WHOLE_BAR_LIMIT 65536u

struct piece_range {
	struct target target;
	uint64_t length;
};

static int whole_space(struct invocation *inv, enum access_space space, struct access *access,
		       struct piece_range *range)
{
	const struct register_options *o = inv->options;
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
		error_hint(&inv->error, "name a range, such as 0x0+0x100, or a file with -o FILE");
		return rc;
	}
	return region_check_range(range->target.region, 0, range->length, access->width, &inv->error);
}

static int resolve_ranges(struct invocation *inv, enum access_space space, struct access *access,
			  struct piece_range *ranges)
{
	if (inv->operand_count == 0)
		return whole_space(inv, space, access, &ranges[0]);
	for (unsigned int i = 0; i < inv->operand_count; i++) {
		struct range range;
		int rc = range_parse(inv->operands[i], &range, &inv->error);

		if (rc == 0)
			rc = access_resolve_range(access, &range, &ranges[i].target, &ranges[i].length,
						  &inv->error);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int dump_range(struct invocation *inv, const struct piece_range *range, struct output *output,
		      void *piece)
{
	const struct target *t = &range->target;

	for (uint64_t done = 0; done < range->length;) {
		size_t n = range->length - done < PIECE ? (size_t)(range->length - done) : PIECE;
		int rc;

		rc = region_read_block(t->region, t->offset + done, t->width, piece, n, &inv->error);
		if (rc == 0 && output)
			rc = output_write(output, piece, n, &inv->error);
		if (rc < 0)
			return rc;
		if (!output)
			writer_data(inv->out, "values", t->offset + done, piece, n, t->width,
				    inv->verbosity > 0);
		done += n;
	}
	if (!output)
		writer_data_end(inv->out);
	return 0;
}

static void render_range(struct invocation *inv, const struct piece_range *range, bool first)
{
	struct writer *w = inv->out;

	/* several ranges: which is which */
	if (inv->operand_count > 1 && !((const struct register_options *)inv->options)->output)
		writer_text(w, "%s%s:\n", first ? "" : "\n", range->target.region->name);
	writer_string(w, "region", NULL, range->target.region->name);
	writer_hex(w, "offset", NULL, range->target.offset, 0);
	writer_number(w, "length", NULL, range->length);
	writer_number(w, "width", NULL, range->target.width);
}

static int dump_all(struct invocation *inv, const struct piece_range *ranges, unsigned int count,
		    struct output *output, void *piece)
{
	bool raw_stdout = output && output_is_stdout(output);
	int rc = 0;

	if (!raw_stdout) {
		writer_document(inv->out, inv->command->name);
		writer_array(inv->out, "ranges");
	}
	for (unsigned int i = 0; rc == 0 && i < count; i++) {
		if (!raw_stdout) {
			writer_object(inv->out, NULL);
			render_range(inv, &ranges[i], i == 0);
		}
		rc = dump_range(inv, &ranges[i], output, piece);
		if (rc == 0 && !raw_stdout)
			writer_end(inv->out);
	}
	return rc;
}

int registers_dump(struct invocation *inv)
{
	enum access_space space = inv->command->space;
	const struct register_options *o = inv->options;
	unsigned int count = inv->operand_count ? inv->operand_count : 1;
	struct piece_range *ranges = calloc(count, sizeof(*ranges));
	void *piece = aligned_alloc(64, PIECE);
	struct output *output = NULL;
	struct device *device = NULL;
	struct access access = { 0 };
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
	rc = resolve_ranges(inv, space, &access, ranges);
	if (rc == 0 && o->output)
		rc = output_open(o->output, inv->json, &output, &inv->error);
	if (rc == 0)
		rc = dump_all(inv, ranges, count, output, piece);
	if (rc == 0 && output)
		rc = output_finish(output, &inv->error);
out:
	output_close(output);
	registers_close(device, &access);
	free(piece);
	free(ranges);
	return rc;
}
