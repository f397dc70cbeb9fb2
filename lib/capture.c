// SPDX-License-Identifier: GPL-2.0-or-later
/* A stream between an engine and a file. */
#include "core/capture/capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/script.h"
#include "lib/internal.h"

struct pcietool_block {
	const struct pcietool_capture *capture;
	const struct capture_block *block;
};

struct pcietool_capture {
	struct pcietool_device *device;
	struct capture_config config;
	struct capture_result result;
	int (*saved)(void *data, const struct pcietool_block *block);
	void *data;
	bool is_ended; /* SAVED said so */
};

int pcietool_capture_new(struct pcietool_device *d, bool play, struct pcietool_capture **capture,
			 struct pcietool_error *error)
{
	struct pcietool_capture *c = calloc(1, sizeof(*c));

	if (!c)
		return error_errno(RECORD(error), -ENOMEM, "a capture");
	c->device = d;
	c->result.lost_reason = "it has not run";
	c->config.play = play;
	*capture = c;
	return 0;
}

void pcietool_capture_free(struct pcietool_capture *c)
{
	if (!c)
		return;
	capture_config_free(&c->config);
	free(c);
}

int pcietool_capture_set(struct pcietool_capture *c, const char *name, const char *value,
			 struct pcietool_error *error)
{
	/* the blocks are told to SAVED; nobody shall believe that there will be a file of them */
	if (strcmp(name, "index") == 0)
		return error_set(RECORD(error), ERROR_USAGE, "bad-option",
				 "--index is the program's: to one that uses the library each block is told");
	return capture_config_set(&c->config, name, value, RECORD(error));
}

static int set_from_recipe(void *data, const char *name, const char *value, struct error *error)
{
	struct pcietool_capture *c = data;

	if (strcmp(name, "index") == 0)
		context_log(c->device->device->ctx, LOG_WARN,
			    "the recipe's --index %s is not written: it is for 'pcietool dma capture'",
			    value ? value : "");
	return capture_config_set(&c->config, name, value, error);
}

int pcietool_capture_recipe(struct pcietool_capture *c, const char *file, struct pcietool_error *error)
{
	return recipe_read(file, set_from_recipe, c, RECORD(error));
}

static bool is_ended(void *data)
{
	const struct pcietool_capture *c = data;

	return c->is_ended || context_stopped(c->device->context);
}

static int pass_block(void *data, const struct capture_block *block, struct error *error)
{
	struct pcietool_capture *c = data;
	const struct pcietool_block given = { .capture = c, .block = block };

	(void)error;
	if (c->saved && !c->is_ended)
		c->is_ended = c->saved(c->data, &given) != 0;
	return 0;
}

int pcietool_capture_run(struct pcietool_capture *c,
			 int (*saved)(void *data, const struct pcietool_block *block), void *data,
			 struct pcietool_error *error)
{
	const struct capture_events events = { .data = c, .stopped = is_ended, .block = pass_block };
	struct capture_config config = c->config;
	struct capture *capture = NULL;
	int rc;

	/* whoever is given the blocks needs no file of them */
	if (saved && !config.play && !config.file)
		config.file = "/dev/null";
	rc = capture_config_check(&config, RECORD(error));
	c->saved = saved;
	c->data = data;
	c->is_ended = false;
	c->result = (struct capture_result){ .lost_reason = "it has not run" };
	if (rc == 0)
		rc = capture_open(&config, c->device->device, &events, &capture, RECORD(error));
	if (rc < 0)
		return rc;
	rc = capture_run(capture, RECORD(error));
	c->result = *capture_result(capture);
	capture_close(capture);
	return rc;
}

/* --- what there was --------------------------------------------------------------------------------------- */

uint64_t pcietool_block_number(const struct pcietool_block *block)
{
	return block->block->number;
}

uint64_t pcietool_block_offset(const struct pcietool_block *block)
{
	return block->block->offset;
}

uint64_t pcietool_block_length(const struct pcietool_block *block)
{
	return block->block->length;
}

uint64_t pcietool_block_time(const struct pcietool_block *block)
{
	return block->block->time;
}

const void *pcietool_block_data(const struct pcietool_block *block, unsigned int piece, uint64_t *length)
{
	if (piece > 1 || !block->block->pieces[piece].at)
		return NULL;
	*length = block->block->pieces[piece].length;
	return block->block->pieces[piece].at;
}

int pcietool_block_copy(const struct pcietool_block *block, void *to, struct pcietool_error *error)
{
	const struct device *device = block->capture->device->device;

	if (!block->block->pieces[0].at && block->block->length > 0)
		return error_set(RECORD(error), ERROR_UNSUPPORTED, "no-data",
				 "%s: what is played is in its file", device->name);
	if (capture_block_copy(block->block, to) == 0)
		return 0;
	error_set(RECORD(error), ERROR_GONE, "unbound",
		  "%s: its DMA memory is gone: the driver was unbound meanwhile", device->name);
	return -ENODEV;
}

uint64_t pcietool_capture_bytes(const struct pcietool_capture *c)
{
	return c->result.bytes;
}

uint64_t pcietool_capture_blocks(const struct pcietool_capture *c)
{
	return c->result.blocks;
}

const char *pcietool_capture_lost(const struct pcietool_capture *c, uint64_t *lost)
{
	*lost = c->result.lost;
	return c->result.lost_reason;
}
