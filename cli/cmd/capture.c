// SPDX-License-Identifier: GPL-2.0-or-later
/* dma capture, dma play: options and signals; the work is core/capture.h's. */
#include "core/capture/capture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd/capture_index.h"
#include "cli/cmd/capture_report.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/signals.h"
#include "cli/device.h"
#include "core/base/recipe.h"

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
	bool shows_progress;
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
	const struct capture_words *words = run->inv->options;
	struct error *error = &run->inv->error;
	int rc = 0;

	run->config.play = strcmp(run->inv->command->name, "dma play") == 0;
	for (size_t i = 0; i < words->recipe_count && rc == 0; i++)
		rc = recipe_read(words->recipes[i], set_from_recipe, &run->config, error);
	for (size_t i = 0; i < words->count && rc == 0; i++)
		rc = capture_config_set(&run->config, words->given[i].name, words->given[i].value, error);
	if (rc == 0)
		rc = capture_config_check(&run->config, error);
	if (rc == 0 && run->inv->json && !run->config.play && run->config.file &&
	    strcmp(run->config.file, "-") == 0)
		rc = error_set(error, ERROR_USAGE, "bad-option",
			       "--json and '-o -': both want standard output");
	return rc;
}

static int parse(int key, char *arg, struct invocation *inv)
{
	struct capture_words *words = inv->options;
	const struct argp_option *option = inv->command->options;

	while (option->name && option->key != key)
		option++;
	if (!option->name)
		return ARGP_ERR_UNKNOWN;
	if (strcmp(option->name, "recipe") == 0 && words->recipe_count < RECIPES_MAX) {
		words->recipes[words->recipe_count++] = arg;
		return 0;
	}
	if (words->count == OPTIONS_MAX || words->recipe_count == RECIPES_MAX)
		return error_set(&inv->error, ERROR_USAGE, "bad-option",
				 "too many options; %d fit on a command line, more in a --recipe",
				 OPTIONS_MAX);
	words->given[words->count].name = option->name;
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
	const struct run *run = data;

	if (run->shows_progress)
		capture_show_progress(result);
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
	if (run->shows_progress)
		capture_clear_progress();
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
	struct run run = { .inv = inv, .shows_progress = inv->verbosity >= 0 && isatty(STDERR_FILENO) };
	struct device *device = NULL;
	struct error ignored;
	int rc;

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

enum {
	OPT_SIZE = OPTION_LONG,
	OPT_BLOCK,
	OPT_BLOCKS,
	OPT_IRQ,
	OPT_DONE,
	OPT_HEAD,
	OPT_HEAD_UNIT,
	OPT_SETUP,
	OPT_PER_BLOCK,
	OPT_START,
	OPT_EACH,
	OPT_ACK,
	OPT_STOP,
	OPT_OVERRUN,
	OPT_RECIPE,
	OPT_INDEX,
	OPT_DIRECT,
	OPT_UNSAFE,
	OPT_TIMEOUT,
	OPT_INTERVAL,
};

#define RING_OPTIONS                                                                                            \
	{ "block", OPT_BLOCK, "SIZE", 0, "Size of a block", 1 },                                                \
		{ "blocks", OPT_BLOCKS, "N", 0, "Blocks in the ring (1)", 1 },                                  \
		{ "irq", OPT_IRQ, "VECTOR", 0, "A block is finished when this interrupt comes", 2 },            \
		{ "done", OPT_DONE, "CONDITION", 0, "A block is finished when this holds", 2 },                 \
		{ "head",                                                                                       \
		  OPT_HEAD,                                                                                     \
		  "REF[:MASK]",                                                                                 \
		  0,                                                                                            \
		  "The device's offset in the ring: all up to it is finished",                                  \
		  2 },                                                                                          \
		{ "head-unit", OPT_HEAD_UNIT, "BYTES", 0, "Unit of the head (1)", 2 },                          \
		{ "setup", OPT_SETUP, "ASSIGN", 0, "Write once, first; all of these may be repeated", 3 },      \
		{ "per-block", OPT_PER_BLOCK, "ASSIGN", 0, "Write once for every block, before the start", 3 }, \
		{ "start", OPT_START, "ASSIGN", 0, "Write once, to start", 3 },                                 \
		{ "each", OPT_EACH, "ASSIGN", 0, "Write to start every block", 3 },                             \
		{ "ack", OPT_ACK, "ASSIGN", 0, "Write after every block", 3 },                                  \
		{ "stop", OPT_STOP, "ASSIGN", 0, "Write once, at the end, however it comes", 3 },               \
		{ "overrun", OPT_OVERRUN, "CONDITION", 0, "The device's sign that it dropped data", 4 },        \
		{ "recipe", OPT_RECIPE, "FILE", 0, "Take long options from FILE, one a line", 5 },              \
		{ "index", OPT_INDEX, "FILE", 0, "A line of JSON for every block", 6 },                         \
		{ "bar", 'b', "N", 0, "Default BAR of the operands (0)", 7 },                                   \
		{ "width", 'w', "BITS", 0, "Default width of the accesses: 8, 16, 32 (default), 64", 7 },       \
		{ "unsafe", OPT_UNSAFE, NULL, 0, "Let hooks do what the register map says is not safe", 7 },    \
		{ "timeout", OPT_TIMEOUT, "TIME", 0, "Give up after so long without data", 7 },                 \
	{                                                                                                       \
		"interval", OPT_INTERVAL, "TIME", 0, "Longest pause between two looks (100us)", 7               \
	}

static const struct argp_option capture_options[] = {
	{ "output", 'o', "FILE|-", 0, "Where the data goes to", 0 },
	{ "size", OPT_SIZE, "TOTAL", 0, "Stop after so many bytes (default: until interrupted)", 0 },
	RING_OPTIONS,
	{ "direct", OPT_DIRECT, NULL, 0, "Write with O_DIRECT, straight from the DMA memory", 6 },
	{ 0 },
};

static const struct argp_option play_options[] = {
	{ "input", 'i', "FILE|-", 0, "Where the data comes from", 0 },
	{ "size", OPT_SIZE, "TOTAL", 0, "Stop after so many bytes (default: all of the input)", 0 },
	RING_OPTIONS,
	{ "direct", OPT_DIRECT, NULL, 0, "Read with O_DIRECT, straight into the DMA memory", 6 },
	{ 0 },
};

#define VALUES_HELP                                                                                          \
	"Beside the names of buffers, values know @block, @block.size, @blocks, @index, @buf, @buf.size "    \
	"and, "                                                                                              \
	"with --head, @head and @tail. The device must be bound to the helper ('pcietool driver bind') and " \
	"be a bus master ('pcietool config write COMMAND=0x4:0x4'), which it is no more at the end."

const struct command capture_commands[] = {
	{
		.name = "dma capture",
		.waits = true,
		.operands = "",
		.summary = "Save what the device sends to a file",
		.details = VALUES_HELP,
		.options = capture_options,
		.parse = parse,
		.options_size = sizeof(struct capture_words),
		.run = capture_command,
	},
	{
		.name = "dma play",
		.waits = true,
		.operands = "",
		.summary = "Send a file through the device",
		.details = VALUES_HELP,
		.options = play_options,
		.parse = parse,
		.options_size = sizeof(struct capture_words),
		.run = capture_command,
	},
	{ 0 },
};
