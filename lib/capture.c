// SPDX-License-Identifier: GPL-2.0-or-later
/* A stream between an engine and a file. */
#include "core/capture/capture.h"

#include <errno.h>
#include <stdlib.h>

#include "core/base/script.h"
#include "lib/internal.h"

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
	return capture_config_set(&c->config, name, value, RECORD(error));
}

static int set_from_recipe(void *data, const char *name, const char *value, struct error *error)
{
	struct pcietool_capture *c = data;

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

	(void)error;
	if (c->saved && !c->is_ended)
		c->is_ended = c->saved(c->data, (const struct pcietool_block *)block) != 0;
	return 0;
}

int pcietool_capture_run(struct pcietool_capture *c,
			 int (*saved)(void *data, const struct pcietool_block *block), void *data,
			 struct pcietool_error *error)
{
	const struct capture_events events = { .data = c, .stopped = is_ended, .block = pass_block };
	struct capture *capture = NULL;
	int rc = capture_config_check(&c->config, RECORD(error));

	c->saved = saved;
	c->data = data;
	c->is_ended = false;
	c->result = (struct capture_result){ .lost_reason = "it has not run" };
	if (rc == 0)
		rc = capture_open(&c->config, c->device->device, &events, &capture, RECORD(error));
	if (rc < 0)
		return rc;
	rc = capture_run(capture, RECORD(error));
	c->result = *capture_result(capture);
	capture_close(capture);
	return rc;
}

/* --- what there was --------------------------------------------------------------------------------------- */

static const struct capture_block *block_of(const struct pcietool_block *block)
{
	return (const struct capture_block *)block;
}

uint64_t pcietool_block_number(const struct pcietool_block *block)
{
	return block_of(block)->number;
}

uint64_t pcietool_block_offset(const struct pcietool_block *block)
{
	return block_of(block)->offset;
}

uint64_t pcietool_block_length(const struct pcietool_block *block)
{
	return block_of(block)->length;
}

uint64_t pcietool_block_time(const struct pcietool_block *block)
{
	return block_of(block)->time;
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
