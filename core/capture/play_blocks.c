// SPDX-License-Identifier: GPL-2.0-or-later
/* Play block by block: each started anew, or refilled behind a device that runs freely round the ring. */
#include <errno.h>

#include "core/capture/internal.h"

/* Block NUMBER is through. */
static int finish_block(struct capture *c, uint64_t number, uint64_t length, bool late, struct error *error)
{
	uint64_t offset = c->result.bytes;
	int rc;

	c->result.bytes += length;
	if (late)
		c->result.lost++;
	rc = capture_account(c, number, offset, late, error);
	return rc == 0 ? capture_overrun_check(c, error) : rc;
}

static int play_each(struct capture *c, uint64_t number, struct error *error)
{
	uint64_t length = capture_length(c, number);
	uint64_t since = c->interrupts;
	int rc = 0;

	capture_point(c, number % c->ring->blocks, length);
	if (c->config->has_irq)
		rc = capture_count(c, &since, error);
	if (rc == 0)
		rc = capture_hook_run(c, CAPTURE_EACH, error);
	if (rc == 0)
		rc = capture_wait_block(c, since, error);
	if (rc == 0)
		rc = finish_block(c, number, length, false, error);
	if (rc == 0)
		rc = capture_hook_run(c, CAPTURE_ACK, error);
	return rc == 0 && !c->input.is_ended ? play_fill_block(c, error) : rc;
}

/* The block is handed back with what comes next; with zeroes at the end of the input. */
static int play_free(struct capture *c, uint64_t number, uint64_t base, struct error *error)
{
	uint64_t slot = number % c->ring->blocks;
	uint64_t length = capture_length(c, number);
	bool late;
	int rc;

	capture_point(c, slot, length);
	rc = capture_wait_block(c, base + number, error);
	if (rc < 0)
		return rc;
	/* all blocks are through: the device has begun to send one again */
	late = c->counts_blocks && !c->hooks[CAPTURE_ACK].count && !c->input.is_ended &&
	       c->interrupts - base >= number + c->ring->blocks;
	rc = finish_block(c, number, length, late, error);
	if (rc == 0 && number + c->ring->blocks >= c->input.blocks) {
		rc = c->input.is_ended ? play_zero(c, slot * c->ring->block, c->ring->block, error)
				       : play_fill_block(c, error);
		capture_point(c, slot, capture_length(c, number + c->ring->blocks));
	}
	return rc == 0 ? capture_hook_run(c, CAPTURE_ACK, error) : rc;
}

int play_run_blocks(struct capture *c, struct error *error)
{
	bool each = c->hooks[CAPTURE_EACH].count > 0;
	uint64_t base = c->interrupts;
	int rc = 0;

	for (uint64_t n = 0; rc == 0 && n < c->input.blocks; n++) {
		if (capture_is_stopped(c))
			return -ECANCELED;
		rc = each ? play_each(c, n, error) : play_free(c, n, base, error);
		if (rc == 0)
			rc = capture_tick(c, error);
	}
	return rc;
}
