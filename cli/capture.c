// SPDX-License-Identifier: GPL-2.0-or-later
/* dma capture, dma play: options, signals and the report; the work is core/capture.h's. */
#include "core/capture.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/options.h"
#include "core/recipe.h"

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
	FILE *index;
	struct writer *index_writer;
	char index_schema[64];
	bool shows_progress;
};

/* --- signals --------------------------------------------------------------------------------- */

static volatile sig_atomic_t stop_signal;

/*
 * The alarm comes again and again until the capture has ended: a signal between the look at stop_signal and
 * the system call behind it would otherwise not interrupt that.
 */
static void on_signal(int signo)
{
	if (signo != SIGALRM)
		stop_signal = signo;
	alarm(1);
}

static bool is_stopped(void *data)
{
	(void)data;
	return stop_signal != 0;
}

/* Without SA_RESTART, so that waits and writes end. What the caller's shell ignores stays ignored. */
static void catch_signals(void)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction before;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		if (sigaction(stops[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(stops[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
}

/* What is on its way to standard output is out by then, the device is at rest. */
static void die_of(struct invocation *inv, int signo)
{
	writer_document_end(inv->out);
	fflush(NULL);
	signal(signo, SIG_DFL);
	raise(signo);
}

/* --- what is shown --------------------------------------------------------------------------- */

static uint64_t rate(const struct capture_result *r)
{
	return r->time ? (uint64_t)((double)r->bytes * 1e9 / (double)r->time) : 0;
}

static void show_progress(void *data, const struct capture_result *r)
{
	const struct run *run = data;

	if (!run->shows_progress)
		return;
	fprintf(stderr, "\r\033[K%.1f MiB, %.1f MiB/s, lost ", (double)r->bytes / 1048576,
		(double)rate(r) / 1048576);
	if (r->lost_reason)
		fputs("unknown ", stderr);
	else
		fprintf(stderr, "%llu ", (unsigned long long)r->lost);
	fflush(stderr);
}

static void clear_progress(const struct run *run)
{
	if (run->shows_progress)
		fputs("\r\033[K", stderr);
}

static int write_index(void *data, const struct capture_block *block, struct error *error)
{
	struct run *run = data;
	struct writer *w = run->index_writer;

	if (!w)
		return 0;
	writer_document(w, run->index_schema);
	writer_number(w, "block", NULL, block->number);
	writer_number(w, "offset", NULL, block->offset);
	writer_number(w, "length", NULL, block->length);
	writer_number(w, "time_ns", NULL, block->time);
	if (block->has_interrupts)
		writer_number(w, "interrupts", NULL, block->interrupts);
	else
		writer_null(w, "interrupts", NULL, "without --irq they are not counted");
	writer_bool(w, "overwritten", NULL, block->overwritten);
	writer_document_end(w);
	if (!ferror(run->index))
		return 0;
	error_errno(error, -errno, "%s", run->config.index);
	error->kind = ERROR_FAILED;
	return -EIO;
}

static void show_result(struct writer *w, const char *name, const struct capture_result *r)
{
	writer_document(w, name);
	writer_number(w, "bytes", "", r->bytes);
	writer_number(w, "blocks", " bytes, blocks ", r->blocks);
	writer_real(w, "seconds", ", seconds ", (double)r->time / 1e9);
	writer_number(w, "rate", ", bytes/s ", rate(r));
	if (r->lost_reason)
		writer_null(w, "lost", ", lost unknown: ", r->lost_reason);
	else
		writer_number(w, "lost", ", lost ", r->lost);
	writer_number(w, "overruns", NULL, r->overruns);
	writer_bool(w, "stopped", NULL, r->stopped);
	writer_line(w);
}

/* To standard output, unless the data went there. */
static void report(struct run *run, const struct capture_result *r)
{
	struct invocation *inv = run->inv;
	struct writer *w;

	if (run->config.play || strcmp(run->config.file, "-") != 0) {
		show_result(inv->out, inv->command->name, r);
	} else if (inv->verbosity >= 0 && writer_open(stderr, false, &w) == 0) {
		show_result(w, inv->command->name, r);
		writer_close(w);
	}
}

static void show_plan(void *data, enum capture_hook hook, const char *target, const char *value)
{
	struct writer *w = data;

	writer_object(w, NULL);
	writer_string(w, "hook", "", capture_hook_name(hook));
	writer_column(w, 10);
	writer_string(w, "target", "", target);
	writer_string(w, "value", " <- ", value);
	writer_line(w);
	writer_end(w);
}

static int dry_run(struct run *run, struct device *device)
{
	struct invocation *inv = run->inv;

	writer_document(inv->out, inv->command->name);
	writer_array(inv->out, "plan");
	return capture_plan(&run->config, device, show_plan, inv->out, &inv->error);
}

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
	if (rc == 0 && run->inv->json && !run->config.play && strcmp(run->config.file, "-") == 0)
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
				 "too many options; %d fit on a command line, more in a --recipe", OPTIONS_MAX);
	words->given[words->count].name = option->name;
	words->given[words->count++].value = arg;
	return 0;
}

/* --- running --------------------------------------------------------------------------------- */

static int open_index(struct run *run)
{
	struct error *error = &run->inv->error;

	if (!run->config.index)
		return 0;
	snprintf(run->index_schema, sizeof(run->index_schema), "%s-index", run->inv->command->name);
	run->index = fopen(run->config.index, "we");
	if (!run->index) {
		error_errno(error, -errno, "--index: %s", run->config.index);
		error->kind = error->kind == ERROR_GONE ? ERROR_FAILED : error->kind;
		return -EIO;
	}
	if (writer_open(run->index, true, &run->index_writer) < 0)
		return error_errno(error, -ENOMEM, "--index");
	return 0;
}

static int close_index(struct run *run, int rc)
{
	int ended = run->index_writer ? writer_close(run->index_writer) : 0;

	if (run->index && fclose(run->index) != 0 && ended == 0)
		ended = -errno;
	if (rc == 0 && ended < 0) {
		rc = error_errno(&run->inv->error, ended, "--index: %s", run->config.index);
		run->inv->error.kind = ERROR_FAILED;
	}
	return rc;
}

static int run_device(struct run *run, struct device *device)
{
	const struct capture_events events = {
		.data = run,
		.stopped = is_stopped,
		.block = run->index ? write_index : NULL,
		.progress = show_progress,
	};
	struct capture *capture;
	bool ends_well;
	int rc;

	catch_signals();
	rc = capture_open(&run->config, device, &events, &capture, &run->inv->error);
	if (rc < 0)
		return rc;
	rc = capture_run(capture, &run->inv->error);
	alarm(0);
	clear_progress(run);
	report(run, capture_result(capture));
	/* Ctrl-C is how a capture without a size ends; anything else that stops one is told to the caller */
	ends_well = !capture_result(capture)->stopped ||
		    (stop_signal == SIGINT && !run->config.play && !run->config.has_size);
	capture_close(capture);
	rc = close_index(run, rc);
	run->index = NULL;
	run->index_writer = NULL;
	if (rc == 0 && !ends_well)
		die_of(run->inv, stop_signal);
	return rc;
}

static int capture_command(struct invocation *inv)
{
	struct run run = { .inv = inv, .shows_progress = inv->verbosity >= 0 && isatty(STDERR_FILENO) };
	struct device *device = NULL;
	int rc;

	rc = configure(&run);
	if (rc == 0)
		rc = command_device(inv, &device);
	if (rc == 0 && inv->dry_run)
		rc = dry_run(&run, device);
	else if (rc == 0)
		rc = open_index(&run);
	if (rc == 0 && !inv->dry_run)
		rc = run_device(&run, device);
	rc = close_index(&run, rc);
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
	OPT_TIMEOUT,
	OPT_INTERVAL,
};

#define RING_OPTIONS \
	{ "block", OPT_BLOCK, "SIZE", 0, "Size of a block", 1 }, \
	{ "blocks", OPT_BLOCKS, "N", 0, "Blocks in the ring (1)", 1 }, \
	{ "irq", OPT_IRQ, "VECTOR", 0, "A block is finished when this interrupt comes", 2 }, \
	{ "done", OPT_DONE, "CONDITION", 0, "A block is finished when this holds", 2 }, \
	{ "head", OPT_HEAD, "REF[:MASK]", 0, "The device's offset in the ring: all up to it is finished", 2 }, \
	{ "head-unit", OPT_HEAD_UNIT, "BYTES", 0, "Unit of the head (1)", 2 }, \
	{ "setup", OPT_SETUP, "ASSIGN", 0, "Write once, first; all of these may be repeated", 3 }, \
	{ "per-block", OPT_PER_BLOCK, "ASSIGN", 0, "Write once for every block, before the start", 3 }, \
	{ "start", OPT_START, "ASSIGN", 0, "Write once, to start", 3 }, \
	{ "each", OPT_EACH, "ASSIGN", 0, "Write to start every block", 3 }, \
	{ "ack", OPT_ACK, "ASSIGN", 0, "Write after every block", 3 }, \
	{ "stop", OPT_STOP, "ASSIGN", 0, "Write once, at the end, however it comes", 3 }, \
	{ "overrun", OPT_OVERRUN, "CONDITION", 0, "The device's sign that it dropped data", 4 }, \
	{ "recipe", OPT_RECIPE, "FILE", 0, "Take long options from FILE, one a line", 5 }, \
	{ "index", OPT_INDEX, "FILE", 0, "A line of JSON for every block", 6 }, \
	{ "bar", 'b', "N", 0, "Default BAR of the operands (0)", 7 }, \
	{ "width", 'w', "BITS", 0, "Default width of the accesses: 8, 16, 32 (default), 64", 7 }, \
	{ "timeout", OPT_TIMEOUT, "TIME", 0, "Give up after so long without data", 7 }, \
	{ "interval", OPT_INTERVAL, "TIME", 0, "Longest pause between two looks (100us)", 7 }

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

#define VALUES_HELP \
	"Beside the names of buffers, values know @block, @block.size, @blocks, @index, @buf, @buf.size and, " \
	"with --head, @head and @tail. The device must be bound to the helper ('pcietool driver bind') and " \
	"be a bus master ('pcietool config write COMMAND=0x4:0x4'), which it is no more at the end."

const struct command capture_commands[] = {
	{
		.name = "dma capture",
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
