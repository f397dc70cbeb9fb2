// SPDX-License-Identifier: GPL-2.0-or-later
/* bench: how long what a device is asked for takes. The verbs but mmio are in bench_VERB.c. */
#include "cli/cmd/bench.h"

#include <stdio.h>
#include <string.h>

#include "cli/register_view.h"
#include "cli/cmd/capture.h"
#include "cli/cmd/irq.h"
#include "cli/cmd/registers.h"
#include "cli/signals.h"
#include "core/backend/path.h"

#define ACCESSES 10000

struct bench {
	struct invocation *inv;
	struct device *device;
	struct access access;
	struct target target;
	struct latency_config config;
	struct latency_result result;
};

static void render(struct bench *b)
{
	const struct latency_result *r = &b->result;
	struct writer *w = b->inv->out;
	char ref[2 * REGISTER_NAME_SIZE];

	target_format(&b->target, ref, sizeof(ref));
	writer_document(w, b->inv->command->name);
	writer_string(w, "ref", "", ref);
	writer_string(w, "region", " in ", b->target.region->name);
	writer_hex(w, "offset", "+", b->target.offset, 0);
	writer_number(w, "width", ", ", b->target.width);
	writer_number(w, "count", " bits: ", r->count);
	writer_text(w, b->config.writes ? " writes, each with a read behind it" : " reads");
	writer_line(w);
	if (b->config.writes) {
		bench_write_latency(w, "write", "write", &r->write);
		bench_write_latency(w, "read", "and read", &r->read);
	} else {
		writer_null(w, "write", NULL, "only read");
		bench_write_latency(w, "read", "read", &r->read);
	}
	bench_write_conditions(w, &b->inv->ctx, r->clock);
}

/* What needs a file: a write's own time only in the picture. */
static int write_files(struct bench *b)
{
	const struct latency_result *r = &b->result;
	struct bench_times times[] = {
		{ b->config.writes ? "write and read" : "read", r->reads, r->count },
		{ "write", r->writes, r->count },
	};
	char title[2 * REGISTER_NAME_SIZE + 64];
	char ref[2 * REGISTER_NAME_SIZE];

	target_format(&b->target, ref, sizeof(ref));
	snprintf(title, sizeof(title), "%s %s", b->device->name, ref);
	return bench_write_files(b->inv, title, times, b->config.writes ? 2 : 1);
}

/* --- what is asked for ---------------------------------------------------------------------------- */

/* What a read changes would be changed as often. */
static int check_read(const struct bench *b)
{
	const struct regmap_register *reg = b->target.item.reg;
	const char *reason = reg && !b->inv->ctx.unsafe ? regmap_unsafe_to_read(b->target.map, reg) : NULL;
	int rc;

	if (!reason)
		return 0;
	rc = error_set(&b->inv->error, ERROR_USAGE, "unsafe-read", "%s is not read again and again: %s",
		       reg->name, reason);
	error_hint(&b->inv->error, "--unsafe reads it all the same");
	return rc;
}

/* A field is written with its register: what the others of it are is read once. */
static int prepare_write(struct bench *b, const char *operand)
{
	struct error *error = &b->inv->error;
	struct resolved_assign resolved;
	struct assign_result first;
	struct assign assign;
	int rc;

	rc = assign_parse(operand, &assign, error);
	if (rc == 0)
		rc = access_resolve_read(&b->access, &assign.ref, &b->target, error);
	if (rc == 0)
		rc = check_read(b);
	if (rc == 0)
		rc = access_resolve_assign(&b->access, &assign, &resolved, error);
	if (rc == 0)
		rc = access_assign(&b->access, &resolved, false, &first, error);
	if (rc == 0)
		b->config.value = first.new;
	b->target.item.field = NULL;
	return rc;
}

static int prepare_read(struct bench *b, const char *operand)
{
	struct error *error = &b->inv->error;
	struct ref ref;
	int rc;

	rc = ref_parse(operand, &ref, error);
	if (rc == 0)
		rc = access_resolve_read(&b->access, &ref, &b->target, error);
	if (rc == 0)
		rc = check_read(b);
	b->target.item.field = NULL;
	return rc;
}

static int measure(struct bench *b)
{
	struct error *error = &b->inv->error;
	int rc;

	signals_catch();
	rc = latency_measure(&b->target, &b->config, &b->result, error);
	/* ones that nobody answered are fast */
	if (rc == 0)
		rc = device_path_check(b->device, error);
	if (rc == 0 && b->result.count > 0) {
		render(b);
		rc = write_files(b);
	}
	return signals_end(b->inv, false, rc);
}

static int run_mmio(struct invocation *inv)
{
	struct bench b = {
		.inv = inv,
		.config = {
			.writes = strchr(inv->operands[0], '='),
			.stopped = signals_stopped,
		},
	};
	int rc;

	rc = bench_count(inv, ACCESSES, &b.config.count);
	if (rc == 0)
		rc = bench_check_files(inv);
	if (rc < 0)
		return rc;
	if (b.config.writes && inv->dry_run)
		return error_set(&inv->error, ERROR_USAGE, "usage",
				 "what writes takes is not known from a dry run");
	rc = registers_open(inv, SPACE_BAR, b.config.writes, &b.device, &b.access);
	if (rc == 0)
		rc = b.config.writes ? prepare_write(&b, inv->operands[0])
				     : prepare_read(&b, inv->operands[0]);
	if (rc == 0)
		rc = measure(&b);
	registers_close(b.device, &b.access);
	latency_result_free(&b.result);
	return rc;
}

static int parse_irq(enum option_id option, char *arg, struct invocation *inv)
{
	(void)option;
	return irq_parse_vector(arg, &inv->options, &inv->error);
}

const struct command bench_commands[] = {
	{
		.name = "bench mmio",
		.takes_uio = true,
		.waits = true,
		.operands = "REF|ASSIGN",
		.summary = "Time reads of a register, or writes with a read behind each",
		.details =
			"Every access is timed by itself, one begins when the one before has ended; one more comes "
			"first. REF=VALUE writes, and reads the same register to flush it: the time of the write "
			"alone, and of both.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_ASSIGN,
		.options = TAKES(OPTION_BAR, OPTION_WIDTH, OPTION_ACCESSES, OPTION_UNSAFE, OPTION_PLOT,
				 OPTION_HGRM),
		.space = SPACE_BAR,
		.run = run_mmio,
	},
	{
		.name = "bench irq",
		.takes_uio = true,
		.waits = true,
		.operands = "RAISE [ACK...]",
		.summary = "Time interrupts, from the write that raises one until it is here",
		.details =
			"RAISE and ACK are ASSIGN as of 'regs write': RAISE makes the device send its interrupt, the "
			"others are written behind each, as its handler would. 'irq enable' comes first.",
		.min_operands = 1,
		.max_operands = COMMAND_MANY,
		.operand_kind = WORD_ASSIGN,
		.options = TAKES(OPTION_BAR, OPTION_WIDTH, OPTION_VECTOR, OPTION_ACCESSES, OPTION_SPIN,
				 OPTION_TIMEOUT, OPTION_UNSAFE, OPTION_PLOT, OPTION_HGRM),
		.parse = parse_irq,
		.space = SPACE_BAR,
		.run = bench_irq,
	},
	{
		.name = "bench dma",
		.waits = true,
		.operands = "",
		.summary = "Time what a device's engine writes, by the size of a block",
		.details =
			"For each size a capture whose data goes nowhere, described as for 'dma capture'; the first "
			"eighth is not timed. Beside it what the link could carry, see pcietool-link(8). Bus mastering "
			"must be on ('pcietool config write COMMAND=0x4:0x4'), and is off at the end.",
		.options = TAKES(OPTION_SIZES, OPTION_BYTES, OPTION_PLOT, CAPTURE_RING_OPTIONS,
				 CAPTURE_ONLY_OPTIONS),
		.parse = capture_option_parse,
		.run = bench_dma,
	},
	{
		.name = "bench blocks",
		.operands = "FILE|-",
		.summary = "The times between a capture's blocks, from its --index",
		.details =
			"FILE is what 'dma capture --index', or 'dma play --index', wrote. No time is between the "
			"neighbours of blocks that are missing in it.",
		.min_operands = 1,
		.max_operands = 1,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_PLOT, OPTION_HGRM),
		.run = bench_blocks,
	},
	{
		.name = "bench compare",
		.operands = "A B",
		.summary = "Two results of one verb side by side",
		.details =
			"A and B are files with what 'bench mmio', 'irq', 'dma' or 'blocks' printed with --json.",
		.min_operands = 2,
		.max_operands = 2,
		.operand_kind = WORD_FILE,
		.options = TAKES(OPTION_WORSE_THAN, OPTION_PLOT),
		.run = bench_compare,
	},
	{ 0 },
};
