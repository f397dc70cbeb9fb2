// SPDX-License-Identifier: GPL-2.0-or-later
/* bench dma: how much a device's engine writes, by the size of a block, beside what its link could carry. */
#include "cli/cmd/bench.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cmd/capture.h"
#include "cli/device.h"
#include "cli/fields.h"
#include "cli/progress.h"
#include "cli/signals.h"
#include "core/backend/path.h"
#include "core/base/clock.h"
#include "core/base/number.h"
#include "core/fabric/link_ceiling.h"

/* What is read from it is not kept, nor looked at: null(4) */
#define NOWHERE "/dev/null"

#define SIZES_MAX 32
#define BYTES (UINT64_C(64) << 20)
/* The start of a run, which is not timed: the rings fill, the processor wakes up. */
#define WARM_UP_PART 8
#define GIB ((double)(UINT64_C(1) << 30))

/* How far a run was at some time. */
struct mark {
	uint64_t bytes;
	uint64_t blocks;
	uint64_t time; /* ns since its start */
	uint64_t cpu; /* ns of the process */
};

/* One block size. */
struct run {
	struct capture_config config;
	struct capture_result result;
	struct mark now;
	struct mark warm; /* where the timed part begins; BYTES 0: it has not */
};

struct bench {
	struct invocation *inv;
	struct device *device;
	struct run runs[SIZES_MAX];
	size_t count;
	struct run *current;
	struct link link;
	struct link_ceiling ceiling;
	struct progress progress;
	bool has_lost; /* a run lost data, which ERROR says */
	struct error error;
};

/* --- what is asked for ---------------------------------------------------------------------------- */

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* BLOCK 0: the recipe's. */
static int configure(struct bench *b, uint64_t block, uint64_t bytes)
{
	struct capture_config *config = &b->runs[b->count].config;
	struct error *error = &b->inv->error;
	int rc;

	b->count++;
	rc = capture_words_set(b->inv->options.capture, config, error);
	if (rc < 0)
		return rc;
	config->file = NOWHERE;
	config->index = NULL;
	config->direct = false;
	config->block = block ? block : config->block;
	config->size = bytes ? bytes : config->has_size ? config->size : BYTES;
	config->has_size = true;
	rc = capture_config_check(config, error);
	if (rc == 0 && config->size / 2 < config->block)
		rc = error_set(error, ERROR_USAGE, "usage",
			       "--bytes %llu: less than two blocks of %llu, of which the first is not timed",
			       (unsigned long long)config->size, (unsigned long long)config->block);
	return rc;
}

static int configure_all(struct bench *b)
{
	const struct option_values *o = &b->inv->options;
	struct error *error = &b->inv->error;
	const char *cursor = o->sizes;
	uint64_t bytes = 0;
	uint64_t block;
	int rc = 0;

	if (o->bytes)
		rc = size_parse(o->bytes, &bytes, error);
	if (rc == 0 && o->bytes && (bytes == 0 || bytes > INT64_MAX))
		rc = error_set(error, ERROR_USAGE, "bad-size", "'%.40s': no such size", o->bytes);
	if (rc < 0)
		error_prefix(error, "--bytes");
	if (rc < 0 || !cursor)
		return rc < 0 ? rc : configure(b, 0, bytes);
	for (; rc == 0; cursor++) {
		rc = size_scan(&cursor, &block, error);
		if (rc < 0)
			error_prefix(error, "--sizes");
		if (rc == 0 && (block == 0 || (*cursor && *cursor != ',')))
			rc = error_set(error, ERROR_USAGE, "bad-size",
				       "--sizes %.200s: sizes with commas between them are expected",
				       o->sizes);
		if (rc == 0 && b->count == SIZES_MAX)
			rc = error_set(error, ERROR_USAGE, "bad-size", "--sizes: there may be %d", SIZES_MAX);
		if (rc == 0)
			rc = configure(b, block, bytes);
		if (!*cursor)
			break;
	}
	return rc;
}

/* --- a run ---------------------------------------------------------------------------------------- */

static int on_block(void *data, const struct capture_block *block, struct error *error)
{
	struct run *run = ((struct bench *)data)->current;
	bool is_last;

	(void)error;
	run->now.bytes += block->length;
	run->now.blocks++;
	run->now.time = block->time;
	/* asking for it is a system call: only where it counts */
	is_last = run->now.bytes >= run->config.size;
	if (is_last)
		run->now.cpu = cpu_ns();
	if (!run->warm.bytes && !is_last && run->now.bytes >= run->config.size / WARM_UP_PART) {
		run->now.cpu = cpu_ns();
		run->warm = run->now;
		run->now.cpu = 0;
	}
	return 0;
}

static void on_progress(void *data, const struct capture_result *result)
{
	struct bench *b = data;
	char block[SIZE_TEXT];
	char bytes[AMOUNT_SIZE];

	size_format(b->current->config.block, block);
	amount_format(result->bytes, bytes);
	progress_line(&b->progress, "blocks of %s: %s", block, bytes);
}

/* Every capture ends with it off; the user's word that it may be on is from before the first. */
static int turn_bus_master_on(struct device *device, struct error *error)
{
	uint32_t command;
	int rc;

	/* a capture that opens VFIO does so itself */
	if (device_path_client(device) == BACKEND_VFIO && device_vfio_fd(device) < 0)
		return 0;
	rc = device_config_read(device, PCI_COMMAND, 16, &command, error);
	if (rc == 0 && command == UINT16_MAX && !device_is_present(device))
		return device_gone(device, error);
	if (rc == 0 && !(command & PCI_COMMAND_MASTER))
		rc = device_config_write(device, PCI_COMMAND, 16, command | PCI_COMMAND_MASTER, error);
	return rc;
}

/* What was lost is told when all sizes had their run. */
static bool is_loss(const struct error *error)
{
	return strcmp(error->code, "blocks-lost") == 0 || strcmp(error->code, "device-lost") == 0;
}

static int run_one(struct bench *b, struct run *run)
{
	const struct capture_events events = {
		.data = b,
		.stopped = signals_stopped,
		.hurried = signals_insisted,
		.block = on_block,
		.progress = on_progress,
	};
	struct error *error = &b->inv->error;
	struct capture *capture;
	int rc;

	b->current = run;
	rc = capture_open(&run->config, b->device, &events, &capture, error);
	if (rc < 0)
		return rc;
	rc = capture_run(capture, error);
	run->result = *capture_result(capture);
	capture_close(capture);
	progress_end(&b->progress);
	if (!run->now.cpu)
		run->now.cpu = cpu_ns();
	if (rc < 0 && is_loss(error)) {
		b->error = *error;
		b->has_lost = true;
		error_clear(error);
		return 0;
	}
	return rc;
}

/* --- what is shown -------------------------------------------------------------------------------- */

/* Not before there is something to show. */
static void begin_document(struct bench *b)
{
	struct writer *w = b->inv->out;

	writer_document(w, b->inv->command->name);
	writer_text(w, "link");
	writer_column(w, FIELDS_COLUMN);
	field_ceiling(w, "ceiling", "", &b->link, &b->ceiling);
	writer_line(w);
	writer_array(w, "runs");
}

/* Did what was timed take time? */
static bool has_rate(const struct run *run)
{
	return run->warm.bytes && run->now.time > run->warm.time;
}

static double rate_of(const struct run *run)
{
	return (double)(run->now.bytes - run->warm.bytes) * 1e9 / (double)(run->now.time - run->warm.time);
}

/* Of the timed part. */
static void write_rates(struct bench *b, const struct run *run)
{
	double bytes = (double)(run->now.bytes - run->warm.bytes);
	double seconds = (double)(run->now.time - run->warm.time) / 1e9;
	double cpu = (double)(run->now.cpu - run->warm.cpu) / 1e9 / bytes * GIB;
	struct writer *w = b->inv->out;

	writer_number(w, "timed_bytes", NULL, run->now.bytes - run->warm.bytes);
	writer_seconds(w, "seconds", NULL, seconds);
	writer_amount(w, "bytes_per_second", ": ", (uint64_t)rate_of(run));
	writer_text(w, "/s");
	writer_real(w, "blocks_per_second", NULL, (double)(run->now.blocks - run->warm.blocks) / seconds);
	writer_text(w, ", %.1f blocks/s", (double)(run->now.blocks - run->warm.blocks) / seconds);
	writer_real(w, "cpu_seconds_per_gib", NULL, cpu);
	writer_text(w, ", CPU %.3f s/GiB", cpu);
	if (b->ceiling.reason) {
		writer_null(w, "of_ceiling", NULL, b->ceiling.reason);
	} else {
		writer_real(w, "of_ceiling", NULL, rate_of(run) / b->ceiling.write);
		writer_text(w, ", %.1f%% of the link", 100 * rate_of(run) / b->ceiling.write);
	}
}

static void write_no_rates(struct writer *w)
{
	static const char *const keys[] = { "timed_bytes",	   "seconds",
					    "bytes_per_second",	   "blocks_per_second",
					    "cpu_seconds_per_gib", "of_ceiling" };
	static const char reason[] = "all of it came at once";

	writer_text(w, ": %s", reason);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		writer_null(w, keys[i], NULL, reason);
}

static void write_run(struct bench *b, const struct run *run)
{
	const struct capture_result *r = &run->result;
	struct writer *w = b->inv->out;

	writer_object(w, NULL);
	writer_size(w, "block", "", run->config.block);
	writer_column(w, FIELDS_COLUMN);
	writer_number(w, "bytes", "", r->bytes);
	writer_number(w, "blocks", " bytes, blocks ", r->blocks);
	if (has_rate(run))
		write_rates(b, run);
	else
		write_no_rates(w);
	if (r->lost_reason)
		writer_null(w, "lost", ", lost unknown: ", r->lost_reason);
	else
		writer_number(w, "lost", ", lost ", r->lost);
	if (run->config.has_lost)
		writer_number(w, "device_lost", ", the device lost ", r->device_lost);
	else
		writer_null(w, "device_lost", NULL, "no --lost");
	writer_number(w, "overruns", NULL, r->overruns);
	writer_bool(w, "stopped", NULL, r->stopped);
	writer_line(w);
	writer_end(w);
}

/* The rates, and the ceiling where that is known, through all sizes. */
static int draw(struct bench *b)
{
	struct plot plot = { .count = 0 };
	uint64_t least = UINT64_MAX;
	uint64_t most = 0;

	if (!b->inv->options.plot)
		return 0;
	bench_plot_rates(&plot, b->device->name);
	plot_curve(&plot, "written", "linespoints");
	for (size_t i = 0; i < b->count; i++) {
		const struct run *run = &b->runs[i];

		least = run->config.block < least ? run->config.block : least;
		most = run->config.block > most ? run->config.block : most;
		if (has_rate(run))
			plot_point(&plot, (double)run->config.block, rate_of(run));
	}
	if (!b->ceiling.reason) {
		plot_curve(&plot, "the link at most", "lines");
		plot_point(&plot, (double)least, b->ceiling.write);
		plot_point(&plot, (double)most, b->ceiling.write);
	}
	return plot_write(&plot, b->inv, b->inv->options.plot);
}

/* --- all ------------------------------------------------------------------------------------------ */

static int run_all(struct bench *b)
{
	struct writer *w = b->inv->out;
	size_t done = 0;
	int rc = 0;

	for (; done < b->count && !signals_received(); done++) {
		if (done > 0)
			rc = turn_bus_master_on(b->device, &b->inv->error);
		if (rc == 0)
			rc = run_one(b, &b->runs[done]);
		if (rc < 0)
			break;
		if (done == 0)
			begin_document(b);
		write_run(b, &b->runs[done]);
		writer_flush(w);
	}
	if (done > 0) {
		writer_end(w);
		bench_write_processor(w, &b->inv->ctx);
	}
	if (rc == 0 && done == b->count)
		rc = draw(b);
	if (rc == 0 && b->has_lost) {
		b->inv->error = b->error;
		rc = error_number(b->error.kind);
	}
	return rc;
}

static int measure(struct bench *b)
{
	struct topology *topology = NULL;
	struct topology_node *node = NULL;
	int rc;

	rc = link_select(b->inv, &topology, &node);
	if (rc < 0)
		return rc;
	link_ceiling_read(&b->inv->ctx, node, NULL, &b->link, &b->ceiling);
	signals_catch();
	rc = signals_end(b->inv, false, run_all(b));
	topology_free(topology);
	return rc;
}

int bench_dma(struct invocation *inv)
{
	struct bench *b = calloc(1, sizeof(*b));
	int rc;

	if (!b)
		return error_errno(&inv->error, -ENOMEM, "starting");
	b->inv = inv;
	progress_begin(&b->progress, inv->verbosity);
	inv->ctx.opens_vfio = true;
	if (inv->dry_run)
		rc = error_set(&inv->error, ERROR_USAGE, "usage",
			       "what DMA takes is not known from a dry run");
	else
		rc = bench_check_files(inv);
	if (rc == 0)
		rc = configure_all(b);
	if (rc == 0)
		rc = command_device(inv, &b->device);
	if (rc == 0)
		rc = measure(b);
	device_close(b->device);
	for (size_t i = 0; i < b->count; i++)
		capture_config_free(&b->runs[i].config);
	free(b);
	return rc;
}
