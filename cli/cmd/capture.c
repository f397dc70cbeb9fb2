// SPDX-License-Identifier: GPL-2.0-or-later
/* dma capture, dma play: options and signals; the work is core/capture.h's. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/device.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/writer.h"
#include "core/base/script.h"
#include "core/capture/capture.h"

/* --- the index -------------------------------------------------------------------------------------- */

struct capture_index {
	const char *file;
	FILE *stream; /* NULL: none was asked for */
	struct writer *writer;
	char name[64]; /* of its documents */
};

/* A file, so never a question of the device. */
static int failed(const struct capture_index *index, int rc, struct error *error)
{
	error_errno(error, rc, "--index: %s", index->file);
	error->kind = ERROR_FAILED;
	return rc;
}

static bool is_fifo(FILE *stream)
{
	struct stat status;

	return fstat(fileno(stream), &status) == 0 && S_ISFIFO(status.st_mode);
}

static int capture_index_open(struct capture_index *index, const char *file, const char *command,
			      struct error *error)
{
	index->file = file;
	if (!file)
		return 0;
	snprintf(index->name, sizeof(index->name), "%s-index", command);
	index->stream = fopen(file, "we");
	if (!index->stream)
		return failed(index, -errno, error);
	/* who reads it at the other end of a pipe sees each block when it is there */
	if (is_fifo(index->stream))
		setvbuf(index->stream, NULL, _IOLBF, 0);
	if (writer_open(index->stream, true, &index->writer) < 0)
		return failed(index, -ENOMEM, error);
	return 0;
}

static int capture_index_write(struct capture_index *index, const struct capture_block *block,
			       struct error *error)
{
	struct writer *w = index->writer;

	if (!w)
		return 0;
	writer_document(w, index->name);
	writer_number(w, "block", NULL, block->number);
	writer_number(w, "offset", NULL, block->offset);
	writer_number(w, "length", NULL, block->length);
	writer_number(w, "time_ns", NULL, block->time);
	if (block->has_interrupts)
		writer_number(w, "interrupts", NULL, block->interrupts);
	else
		writer_null(w, "interrupts", NULL, "without --irq they are not counted");
	writer_bool(w, "overwritten", NULL, block->overwritten);
	if (block->is_described) {
		writer_number(w, "frame", NULL, block->frame);
		writer_hex(w, "status", NULL, block->status, 0);
	}
	writer_document_end(w);
	/* a second attempt says why the first one failed */
	if (ferror(index->stream) && fflush(index->stream) != 0)
		return failed(index, -errno, error);
	return 0;
}

static int capture_index_close(struct capture_index *index, struct error *error)
{
	int rc = index->writer ? writer_close(index->writer) : 0;

	if (index->stream && fclose(index->stream) != 0 && rc == 0)
		rc = -errno;
	index->writer = NULL;
	index->stream = NULL;
	return rc < 0 ? failed(index, rc, error) : 0;
}

/* --- what is shown ---------------------------------------------------------------------------------- */

static uint64_t rate(const struct capture_result *r)
{
	return r->time ? (uint64_t)((double)r->bytes * 1e9 / (double)r->time) : 0;
}

static void capture_show_progress(struct progress *progress, const struct capture_result *r)
{
	char lost[24] = "unknown";
	char bytes[AMOUNT_SIZE];
	char second[AMOUNT_SIZE];

	amount_format(r->bytes, bytes);
	amount_format(rate(r), second);
	if (!r->lost_reason)
		snprintf(lost, sizeof(lost), "%llu", (unsigned long long)r->lost);
	progress_line(progress, "%s, %s/s, lost %s", bytes, second, lost);
}

static void show_result(struct writer *w, const char *name, const struct capture_config *config,
			const struct capture_result *r)
{
	writer_document(w, name);
	writer_number(w, "bytes", "", r->bytes);
	writer_number(w, "blocks", " bytes, blocks ", r->blocks);
	if (capture_config_describes(config))
		writer_number(w, "frames", ", frames ", r->frames);
	if (config->has_skip)
		writer_number(w, "skipped", ", skipped ", r->skipped);
	writer_seconds(w, "seconds", ", ", (double)r->time / 1e9);
	writer_amount(w, "rate", " s, ", rate(r));
	writer_text(w, "/s");
	if (r->lost_reason)
		writer_null(w, "lost", ", lost unknown: ", r->lost_reason);
	else
		writer_number(w, "lost", ", lost ", r->lost);
	if (config->has_lost)
		writer_number(w, "device_lost", ", the device lost ", r->device_lost);
	else
		writer_null(w, "device_lost", NULL, "no --lost");
	writer_number(w, "overruns", NULL, r->overruns);
	writer_bool(w, "stopped", NULL, r->stopped);
	writer_line(w);
}

static void capture_show_result(struct invocation *inv, const struct capture_config *config,
				const struct capture_result *r)
{
	struct writer *w;

	if (config->play || strcmp(config->file, "-") != 0) {
		show_result(inv->out, inv->command->name, config, r);
	} else if (inv->verbosity >= 0 && writer_open(stderr, false, &w) == 0) {
		show_result(w, inv->command->name, config, r);
		writer_close(w);
	}
}

static void show_hook(void *data, enum capture_hook hook, const char *target, const char *value)
{
	struct writer *w = data;

	writer_object(w, NULL);
	writer_string(w, "hook", "", capture_hook_name(hook));
	writer_column(w, 10);
	if (value) {
		writer_string(w, "target", "", target);
		writer_string(w, "value", " <- ", value);
	} else {
		writer_string(w, "wait", "wait for ", target);
	}
	writer_line(w);
	writer_end(w);
}

static int capture_show_plan(struct invocation *inv, const struct capture_config *config,
			     struct device *device)
{
	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "plan");
	return capture_plan(config, device, show_hook, inv->out, &inv->error);
}

#define OPTIONS_MAX 256
#define RECIPES_MAX 8

/* As typed: recipes come before the command line, which has the last word. */
struct capture_words {
	struct {
		const char *name;
		const char *value;
	} given[OPTIONS_MAX];
	size_t count;
	const char *recipes[RECIPES_MAX];
	size_t recipe_count;
};

struct run {
	struct invocation *inv;
	struct capture_config config;
	struct capture_index index;
	struct progress progress;
};

/* --- options --------------------------------------------------------------------------------- */

static int set_from_recipe(void *data, const char *name, const char *value, struct error *error)
{
	if (strcmp(name, "recipe") == 0)
		return error_set(error, ERROR_USAGE, "bad-recipe", "a recipe cannot name another one");
	return capture_config_set(data, name, value, error);
}

static int configure(struct run *run)
{
	const struct capture_words *words = run->inv->options.capture;
	struct error *error = &run->inv->error;
	int rc = 0;

	run->config.play = strcmp(run->inv->command->name, "dma play") == 0;
	for (size_t i = 0; words && i < words->recipe_count && rc == 0; i++)
		rc = recipe_read(words->recipes[i], set_from_recipe, &run->config, error);
	for (size_t i = 0; words && i < words->count && rc == 0; i++)
		rc = capture_config_set(&run->config, words->given[i].name, words->given[i].value, error);
	if (rc == 0)
		rc = capture_config_check(&run->config, error);
	if (rc == 0 && run->inv->json && !run->config.play && run->config.file &&
	    strcmp(run->config.file, "-") == 0)
		rc = error_set(error, ERROR_USAGE, "bad-option",
			       "--json and '-o -': both want standard output");
	return rc;
}

static int parse(enum option_id option, char *arg, struct invocation *inv)
{
	struct capture_words *words = inv->options.capture;

	if (!words)
		words = inv->options.capture = calloc(1, sizeof(*words));
	if (!words)
		return error_errno(&inv->error, -ENOMEM, "starting");
	if (option == OPTION_RECIPE && words->recipe_count < RECIPES_MAX) {
		words->recipes[words->recipe_count++] = arg;
		return 0;
	}
	if (words->count == OPTIONS_MAX || words->recipe_count == RECIPES_MAX)
		return error_set(&inv->error, ERROR_USAGE, "bad-option",
				 "too many options; %d fit on a command line, more in a --recipe",
				 OPTIONS_MAX);
	words->given[words->count].name = option_table[option].name;
	words->given[words->count++].value = arg;
	return 0;
}

/* --- running --------------------------------------------------------------------------------- */

static int on_block(void *data, const struct capture_block *block, struct error *error)
{
	struct run *run = data;

	return capture_index_write(&run->index, block, error);
}

static void on_progress(void *data, const struct capture_result *result)
{
	struct run *run = data;

	capture_show_progress(&run->progress, result);
}

/* Ctrl-C is how a capture without a size ends; one that had ended by itself is not stopped by it. */
static bool ends_well(const struct run *run, const struct capture_result *result)
{
	return !result->stopped ||
	       (signals_received() == SIGINT && !run->config.play && !run->config.has_size);
}

static int run_device(struct run *run, struct device *device)
{
	const struct capture_events events = {
		.data = run,
		.stopped = signals_stopped,
		.block = on_block,
		.progress = on_progress,
	};
	struct error *error = &run->inv->error;
	struct capture *capture;
	bool well;
	int rc;

	rc = capture_open(&run->config, device, &events, &capture, error);
	if (rc < 0)
		return signals_end(run->inv, true, rc);
	rc = capture_run(capture, error);
	progress_end(&run->progress);
	capture_show_result(run->inv, &run->config, capture_result(capture));
	well = ends_well(run, capture_result(capture));
	capture_close(capture);
	if (rc == 0)
		rc = capture_index_close(&run->index, error);
	/* what failed is told by the exit status */
	return signals_end(run->inv, well || rc < 0, rc);
}

static int capture_command(struct invocation *inv)
{
	struct run run = { .inv = inv };
	struct device *device = NULL;
	struct error ignored;
	int rc;

	progress_begin(&run.progress, inv->verbosity);
	/* a dry run must not reset the device, and needs no more than to know its BARs */
	inv->ctx.opens_vfio = !inv->dry_run;
	if (inv->dry_run && inv->ctx.via == BACKEND_VFIO)
		inv->ctx.via = BACKEND_SYSFS;
	rc = configure(&run);
	if (rc == 0)
		rc = command_device(inv, &device);
	if (rc < 0)
		goto out;
	if (inv->dry_run) {
		rc = capture_show_plan(inv, &run.config, device);
		goto out;
	}
	rc = capture_index_open(&run.index, run.config.index, inv->command->name, &inv->error);
	if (rc == 0) {
		signals_catch();
		rc = run_device(&run, device);
	}
out:
	capture_index_close(&run.index, &ignored);
	device_close(device);
	capture_config_free(&run.config);
	return rc;
}

#define RING_OPTIONS                                                                                         \
	OPTION_BLOCK, OPTION_BLOCKS, OPTION_MEMORY, OPTION_RING, OPTION_IRQ, OPTION_DONE, OPTION_HEAD,       \
		OPTION_HEAD_UNIT, OPTION_SETUP, OPTION_PER_BLOCK, OPTION_START, OPTION_EACH, OPTION_ACK,     \
		OPTION_STOP, OPTION_OVERRUN, OPTION_LOST, OPTION_LOST_CLEARS, OPTION_RECIPE, OPTION_INDEX,   \
		OPTION_RING_BAR, OPTION_FAILED, OPTION_COMPLETES, OPTION_ORDER, OPTION_REFILL, OPTION_BATCH, \
		OPTION_FORMAT, OPTION_RING_WIDTH, OPTION_RING_UNSAFE, OPTION_RING_TIMEOUT,                   \
		OPTION_RING_INTERVAL

#define VALUES_HELP                                                                                                  \
	"Beside the names of buffers, values know @block, @block.size, @blocks, @index, @next, @count, @lap, @buf, " \
	"@buf.size and, "                                                                                            \
	"with --head, @head and @tail. Needs an IOMMU and VFIO ('pcietool driver bind --to vfio'), or the helper "   \
	"('pcietool driver bind'). Bus mastering must be on ('pcietool config write COMMAND=0x4:0x4'), and is "      \
	"off at the end."

const struct command capture_commands[] = {
	{
		.name = "dma capture",
		.waits = true,
		.operands = "",
		.summary = "Save what the device sends to a file",
		.details = VALUES_HELP,
		.options =
			TAKES(OPTION_CAPTURE_FILE, OPTION_CAPTURE_SIZE, RING_OPTIONS, OPTION_LENGTH,
			      OPTION_END, OPTION_SKIP, OPTION_TRIM, OPTION_LINK_TYPE, OPTION_CAPTURE_DIRECT),
		.parse = parse,
		.run = capture_command,
	},
	{
		.name = "dma play",
		.waits = true,
		.operands = "",
		.summary = "Send a file through the device",
		.details = VALUES_HELP,
		.options = TAKES(OPTION_PLAY_FILE, OPTION_PLAY_SIZE, RING_OPTIONS, OPTION_PLAY_DIRECT),
		.parse = parse,
		.run = capture_command,
	},
	{ 0 },
};
