// SPDX-License-Identifier: GPL-2.0-or-later
/* dma capture, dma play: options and signals; the work is core/capture.h's. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd/capture.h"
#include "cli/cmd/capture_index.h"
#include "cli/cmd/capture_rate.h"
#include "cli/command.h"
#include "cli/device.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "cli/writer.h"
#include "core/file/output_path.h"
#include "core/base/script.h"
#include "core/capture/capture.h"
#include "core/capture/queues.h"

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

static void show_result(struct writer *w, const struct capture_config *config, const struct capture_result *r)
{
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

static void show_rate(const struct invocation *inv, struct writer *w, struct capture_rate *rate,
		      const struct capture_result *r)
{
	if (!inv->options.plot_rate)
		return;
	capture_rate_add(rate, r->bytes, r->time);
	capture_rate_draw(w, rate);
}

static void capture_show_result(struct invocation *inv, const struct capture_config *config,
				const struct capture_result *r, struct capture_rate *rate)
{
	struct writer *w;

	if (config->play || !output_path_is_stdout(config->file)) {
		writer_document(inv->out, inv->command->name);
		show_result(inv->out, config, r);
		show_rate(inv, inv->out, rate, r);
	} else if (inv->verbosity >= 0 && writer_open(stderr, false, &w) == 0) {
		writer_document(w, inv->command->name);
		show_result(w, config, r);
		show_rate(inv, w, rate, r);
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
	int rc;

	writer_array(inv->out, "plan");
	rc = capture_plan(config, device, show_hook, inv->out, &inv->error);
	writer_end(inv->out);
	return rc;
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
	const char *queues[CAPTURE_QUEUES];
	size_t queue_count;
};

/* A capture, or one queue of several. */
struct part {
	const char *name; /* its recipe's, where there are queues */
	struct capture_config config;
	struct capture_index index;
};

struct run {
	struct invocation *inv;
	const struct capture_words *words;
	struct capture_config common; /* of all queues */
	struct part *parts; /* COUNT of them, as many as there are queues, or one */
	size_t count;
	bool has_queues;
	struct progress progress;
	struct capture_rate rate;
};

/* --- options --------------------------------------------------------------------------------- */

static int set_from_recipe(void *data, const char *name, const char *value, struct error *error)
{
	if (strcmp(name, "recipe") == 0 || strcmp(name, "queue") == 0)
		return error_set(error, ERROR_USAGE, "bad-recipe", "a recipe cannot name another one");
	return capture_config_set(data, name, value, error);
}

int capture_words_set(const struct capture_words *words, struct capture_config *config, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; words && i < words->recipe_count && rc == 0; i++)
		rc = recipe_read(words->recipes[i], set_from_recipe, config, error);
	for (size_t i = 0; words && i < words->count && rc == 0; i++)
		rc = capture_config_set(config, words->given[i].name, words->given[i].value, error);
	return rc;
}

static int check(const struct run *run, const struct capture_config *config, struct error *error)
{
	int rc = capture_config_check(config, error);
	bool is_stream =
		rc == 0 && config->file &&
		(config->play ? strcmp(config->file, "-") == 0 : output_path_is_stdout(config->file));

	if (is_stream && run->has_queues)
		return error_set(error, ERROR_USAGE, "bad-option",
				 "a queue has a file of its own, no standard stream");
	if (is_stream && run->inv->json && !config->play)
		return error_set(error, ERROR_USAGE, "bad-option",
				 "--json and '-o %.100s': both want standard output", config->file);
	return rc == 0 ? capture_files_check(config, error) : rc;
}

/* What the command line says replaces what the queue's recipe does. */
static int configure_queue(const struct run *run, size_t queue, struct capture_config *config,
			   struct error *error)
{
	const struct capture_words *words = run->words;
	int rc;

	rc = capture_queue_config(&run->common, queue == 0, config, error);
	if (rc == 0)
		rc = recipe_read(words->queues[queue], set_from_recipe, config, error);
	for (size_t i = 0; i < words->count && rc == 0; i++) {
		if (capture_option_replaces(words->given[i].name))
			rc = capture_config_set(config, words->given[i].name, words->given[i].value, error);
	}
	if (rc == 0 && queue == run->count - 1)
		rc = capture_queue_start(&run->common, config, error);
	return rc;
}

static void name_queues(const struct run *run, struct capture_queue list[CAPTURE_QUEUES])
{
	for (size_t i = 0; i < run->count; i++) {
		list[i].name = run->parts[i].name;
		list[i].config = &run->parts[i].config;
	}
}

static int configure_queues(struct run *run, struct error *error)
{
	struct capture_queue list[CAPTURE_QUEUES];
	int rc = capture_words_set(run->words, &run->common, error);

	for (size_t i = 0; i < run->count && rc == 0; i++) {
		struct part *part = &run->parts[i];

		part->name = run->words->queues[i];
		rc = configure_queue(run, i, &part->config, error);
		if (rc < 0)
			return rc;
		rc = check(run, &part->config, error);
		if (rc < 0)
			return capture_queue_failed(part->name, rc, error);
	}
	name_queues(run, list);
	return rc == 0 ? capture_queues_check(list, run->count, error) : rc;
}

static int configure(struct run *run)
{
	struct error *error = &run->inv->error;
	bool play = strcmp(run->inv->command->name, "dma play") == 0;
	int rc;

	run->words = run->inv->options.capture;
	run->has_queues = run->words && run->words->queue_count > 0;
	run->count = run->has_queues ? run->words->queue_count : 1;
	run->parts = calloc(run->count, sizeof(*run->parts));
	if (!run->parts)
		return error_errno(error, -ENOMEM, "starting");
	if (run->has_queues) {
		run->common.play = play;
		return configure_queues(run, error);
	}
	run->parts[0].config.play = play;
	rc = capture_words_set(run->words, &run->parts[0].config, error);
	return rc == 0 ? check(run, &run->parts[0].config, error) : rc;
}

int capture_option_parse(enum option_id option, char *arg, struct invocation *inv)
{
	struct capture_words *words = inv->options.capture;

	if (!words)
		words = inv->options.capture = calloc(1, sizeof(*words));
	if (!words)
		return error_errno(&inv->error, -ENOMEM, "starting");
	if (option == OPTION_RECIPE) {
		if (words->recipe_count == RECIPES_MAX)
			return error_set(&inv->error, ERROR_USAGE, "bad-option", "there may be %d recipes",
					 RECIPES_MAX);
		words->recipes[words->recipe_count++] = arg;
		return 0;
	}
	if (option == OPTION_QUEUE) {
		if (words->queue_count == CAPTURE_QUEUES)
			return error_set(&inv->error, ERROR_USAGE, "bad-option", "there may be %d queues",
					 CAPTURE_QUEUES);
		words->queues[words->queue_count++] = arg;
		return 0;
	}
	if (words->count == OPTIONS_MAX)
		return error_set(&inv->error, ERROR_USAGE, "bad-option",
				 "too many options; %d fit on a command line, more in a --recipe",
				 OPTIONS_MAX);
	words->given[words->count].name = option_table[option].name;
	words->given[words->count++].value = arg;
	return 0;
}

/* --- running --------------------------------------------------------------------------------- */

static int on_queue_begun(void *data, size_t queue, struct error *error)
{
	struct run *run = data;

	return capture_index_begin(&run->parts[queue].index, error);
}

static int on_begun(void *data, struct error *error)
{
	return on_queue_begun(data, 0, error);
}

/* In the queue's thread, to a file that is its own. */
static int on_queue_block(void *data, size_t queue, const struct capture_block *block, struct error *error)
{
	struct run *run = data;

	return capture_index_write(&run->parts[queue].index, block, error);
}

static int on_block(void *data, const struct capture_block *block, struct error *error)
{
	return on_queue_block(data, 0, block, error);
}

static void on_progress(void *data, const struct capture_result *result)
{
	struct run *run = data;

	capture_rate_add(&run->rate, result->bytes, result->time);
	capture_show_progress(&run->progress, result);
}

/* Ctrl-C is how a capture without a size ends; one that had ended by itself is not stopped by it. */
static bool ends_well(const struct capture_config *config, const struct capture_result *result)
{
	return !result->stopped || (signals_received() == SIGINT && !config->play && !config->has_size);
}

static int close_indexes(struct run *run, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; i < run->count; i++) {
		struct error why;
		int closed = capture_index_close(&run->parts[i].index, &why);

		if (closed < 0 && rc == 0) {
			*error = why;
			rc = closed;
		}
	}
	return rc;
}

/* RC is what the run came to; what failed is told by the exit status. */
static int end(struct run *run, bool well, int rc)
{
	if (rc == 0)
		rc = close_indexes(run, &run->inv->error);
	return signals_end(run->inv, well || rc < 0, rc);
}

static int run_one(struct run *run, struct device *device)
{
	const struct capture_events events = {
		.data = run,
		.stopped = signals_stopped,
		.hurried = signals_insisted,
		.begun = on_begun,
		.block = on_block,
		.progress = on_progress,
	};
	const struct capture_config *config = &run->parts[0].config;
	struct error *error = &run->inv->error;
	struct capture *capture;
	bool well;
	int rc;

	rc = capture_open(config, device, &events, &capture, error);
	if (rc < 0)
		return signals_end(run->inv, true, rc);
	rc = capture_run(capture, error);
	progress_end(&run->progress);
	capture_show_result(run->inv, config, capture_result(capture), &run->rate);
	well = ends_well(config, capture_result(capture));
	capture_close(capture);
	return end(run, well, rc);
}

static int run_queues(struct run *run, struct device *device)
{
	const struct capture_queue_events events = {
		.data = run,
		.stopped = signals_stopped,
		.hurried = signals_insisted,
		.begun = on_queue_begun,
		.block = on_queue_block,
		.progress = on_progress,
	};
	struct capture_queue list[CAPTURE_QUEUES];
	struct error *error = &run->inv->error;
	struct writer *w = run->inv->out;
	struct capture_result sum = { 0 };
	struct capture_queues *queues;
	bool well = true;
	int rc;

	name_queues(run, list);
	rc = capture_queues_open(list, run->count, device, &events, &queues, error);
	if (rc < 0)
		return signals_end(run->inv, true, rc);
	rc = capture_queues_run(queues, error);
	progress_end(&run->progress);
	writer_document(w, run->inv->command->name);
	writer_array(w, "queues");
	for (size_t i = 0; i < run->count; i++) {
		const struct capture_result *result = capture_queues_result(queues, i);

		writer_object(w, NULL);
		writer_string(w, "queue", "", list[i].name);
		writer_text(w, ": ");
		show_result(w, list[i].config, result);
		writer_end(w);
		well &= ends_well(list[i].config, result);
		sum.bytes += result->bytes;
		sum.time = result->time > sum.time ? result->time : sum.time;
	}
	writer_end(w);
	show_rate(run->inv, w, &run->rate, &sum);
	capture_queues_close(queues);
	return end(run, well, rc);
}

/* A dry run fails where the real run would. */
static int check_files(const struct part *part, struct error *error)
{
	const struct capture_config *config = &part->config;
	int rc = 0;

	if (config->play)
		rc = input_check(config->file, error);
	else if (!output_path_is_stdout(config->file))
		rc = output_check(config->file, error);
	return rc == 0 ? capture_index_check(config->index, error) : rc;
}

static int check_all_files(const struct run *run, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; i < run->count && rc == 0; i++) {
		rc = check_files(&run->parts[i], error);
		if (rc < 0 && run->has_queues)
			rc = capture_queue_failed(run->parts[i].name, rc, error);
	}
	return rc;
}

static int show_plans(struct run *run, struct device *device)
{
	struct writer *w = run->inv->out;
	int rc = 0;

	writer_document(w, run->inv->command->name);
	if (!run->has_queues)
		return capture_show_plan(run->inv, &run->parts[0].config, device);
	writer_array(w, "queues");
	for (size_t i = 0; i < run->count && rc == 0; i++) {
		writer_object(w, NULL);
		writer_string(w, "queue", "", run->parts[i].name);
		writer_line(w);
		rc = capture_show_plan(run->inv, &run->parts[i].config, device);
		writer_end(w);
	}
	writer_end(w);
	return rc;
}

static int open_index(struct run *run, struct part *part)
{
	struct error *error = &run->inv->error;
	int rc;

	rc = capture_index_open(&part->index, part->config.index, run->inv->command->name, error);
	for (struct part *other = run->parts; other < part && part->index.stream && rc == 0; other++) {
		if (other->index.stream &&
		    capture_queues_is_one_file(part->index.file.fd, other->index.file.fd, false))
			rc = capture_queues_same_file(other->name, part->name, part->index.path, error);
	}
	return rc;
}

static int open_indexes(struct run *run)
{
	int rc = 0;

	for (size_t i = 0; i < run->count && rc == 0; i++)
		rc = open_index(run, &run->parts[i]);
	return rc;
}

static void free_parts(struct run *run)
{
	for (size_t i = 0; run->parts && i < run->count; i++)
		capture_config_free(&run->parts[i].config);
	free(run->parts);
	capture_config_free(&run->common);
}

static int capture_command(struct invocation *inv)
{
	struct run run = { .inv = inv };
	struct device *device = NULL;
	struct error ignored;
	int rc;

	if (inv->options.plot_rate && inv->json)
		return error_set(&inv->error, ERROR_USAGE, "usage", "--plot-rate draws, and is no JSON");
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
		rc = check_all_files(&run, &inv->error);
		if (rc == 0)
			rc = show_plans(&run, device);
		goto out;
	}
	rc = open_indexes(&run);
	if (rc == 0) {
		signals_catch();
		rc = run.has_queues ? run_queues(&run, device) : run_one(&run, device);
	}
out:
	if (run.parts)
		close_indexes(&run, &ignored);
	device_close(device);
	free_parts(&run);
	return rc;
}

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
		.options = TAKES(OPTION_CAPTURE_FILE, OPTION_CAPTURE_SIZE, CAPTURE_RING_OPTIONS,
				 CAPTURE_ONLY_OPTIONS, OPTION_INDEX, OPTION_PLOT_RATE, OPTION_QUEUE,
				 OPTION_LINK_TYPE, OPTION_CAPTURE_DIRECT),
		.parse = capture_option_parse,
		.run = capture_command,
	},
	{
		.name = "dma play",
		.waits = true,
		.operands = "",
		.summary = "Send a file through the device",
		.details = VALUES_HELP,
		.options = TAKES(OPTION_PLAY_FILE, OPTION_PLAY_SIZE, CAPTURE_RING_OPTIONS, OPTION_INDEX,
				 OPTION_PLOT_RATE, OPTION_QUEUE, OPTION_PLAY_DIRECT),
		.parse = capture_option_parse,
		.run = capture_command,
	},
	{ 0 },
};
