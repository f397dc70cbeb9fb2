// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture block by block: each started anew, or a device that runs freely round the ring. Owns block_progress. */
#include <errno.h>

#include "core/capture/internal.h"

/*
 * A device that nothing holds back fills a slot of the ring while all others are finished; one that waits for
 * --ack, or that goes round only once, leaves all of them alone.
 */
static uint64_t depth_of(const struct capture *c)
{
	bool is_held = c->hooks[CAPTURE_ACK].count || c->hooks[CAPTURE_EACH].count;
	bool is_once = c->config->has_size && c->config->size <= c->ring_size;

	return is_held || is_once ? c->ring->blocks : c->ring->blocks - 1;
}

/* Blocks that were overwritten before anyone looked: goes on with the oldest that is whole. */
static void skip_lost(struct capture *c, struct block_progress *p)
{
	uint64_t finished = c->interrupts - p->base;

	if (!c->counts_blocks || finished <= p->next + p->depth)
		return;
	c->result.lost += finished - p->depth - p->next;
	p->next = finished - p->depth;
}

/* Was the block written again while it was saved? */
static int check_overwritten(struct capture *c, struct finished_block *block, bool *overwritten,
			     struct error *error)
{
	const struct block_progress *p = &c->progress;
	int rc;

	if (!c->counts_blocks || p->depth == c->ring->blocks)
		return 0;
	rc = capture_count(c, &block->interrupts, error);
	if (rc < 0)
		return rc;
	if (c->interrupts < block->interrupts)
		c->interrupts = block->interrupts;
	if (block->interrupts - p->base > block->number + p->depth) {
		*overwritten = true;
		c->result.lost++;
	}
	return 0;
}

/* BLOCK is in the file from OFFSET on: counts it, and gives it back to the device. */
static int finish_block(struct capture *c, struct finished_block block, uint64_t offset, struct error *error)
{
	bool is_silent = c->progress.is_silent;
	bool overwritten = false;
	struct error ignored;
	int accounted;
	int rc = 0;

	if (!is_silent)
		rc = check_overwritten(c, &block, &overwritten, error);
	accounted = capture_account(c, block.number, block.interrupts, offset, block.slot * c->ring->block,
				    overwritten, rc < 0 ? &ignored : error);
	if (rc == 0)
		rc = accounted;
	if (rc == 0 && !is_silent)
		rc = capture_overrun_check(c, error);
	return rc == 0 && !is_silent ? capture_hook_run(c, CAPTURE_ACK, error) : rc;
}

/* Its operands are about BLOCK, those of the wait behind it about the block that is waited for again. */
int capture_block_written(struct capture *c, const struct finished_block *block, uint64_t offset,
			  struct error *error)
{
	int rc;

	capture_point(c, block->number, c->config->block);
	rc = finish_block(c, *block, offset, error);
	capture_point(c, c->progress.current, c->config->block);
	c->progress.is_silent |= rc < 0;
	return rc;
}

/* Nobody took the block before the next one, nor what is finished behind it, as far as that can be counted. */
static void count_dropped(struct capture *c)
{
	const struct block_progress *p = &c->progress;
	uint64_t finished = p->base + p->next;
	struct error ignored;

	if (c->counts_blocks && capture_count(c, &finished, &ignored) == 0 && finished > p->base + p->next)
		c->result.lost += finished - p->base - p->next;
	c->result.lost++;
}

static int save_now(struct capture *c, const struct finished_block *block, struct error *error)
{
	uint64_t offset = c->result.bytes;
	int rc;

	rc = capture_save(c, block->slot * c->ring->block, block->length, error);
	if (rc == -ECANCELED)
		count_dropped(c);
	return rc == 0 ? finish_block(c, *block, offset, error) : rc;
}

static int save_block(struct capture *c, struct block_progress *p, struct error *error)
{
	struct finished_block block = {
		.number = p->next,
		.slot = p->next % c->ring->blocks,
		.length = c->config->block,
		.interrupts = c->interrupts,
	};
	int rc = 0;

	if (block.length > capture_left(c))
		block.length = capture_left(c);
	p->next++;
	/* the end goes through the page cache, behind all others */
	if (c->queue.writer && block.length % CAPTURE_DIRECT_ALIGNMENT)
		rc = write_queue_end(c, error);
	if (rc < 0)
		return rc;
	return c->queue.writer ? write_queue_submit(c, &block, error) : save_now(c, &block, error);
}

/* What is waited for now is block NEXT. */
static void point(struct capture *c, struct block_progress *p)
{
	p->current = p->next;
	capture_point(c, p->current, c->config->block);
}

static int next_block(struct capture *c, struct block_progress *p, struct error *error)
{
	bool each = c->hooks[CAPTURE_EACH].count > 0;
	uint64_t since = p->base + p->next;
	int rc = 0;

	rc = write_queue_reap(c, error);
	if (rc < 0)
		return rc;
	point(c, p);
	if (each) {
		if (c->config->has_irq)
			rc = capture_count(c, &since, error);
		if (rc == 0)
			rc = capture_hook_run(c, CAPTURE_EACH, error);
	}
	if (rc == 0)
		rc = capture_wait_block(c, since, error);
	if (rc < 0)
		return rc;
	if (!each) {
		skip_lost(c, p);
		point(c, p);
	}
	return save_block(c, p, error);
}

/* The wish to stop was seen: only what is finished by now is still saved. */
static int plan_end(struct capture *c, struct block_progress *p, struct error *error)
{
	uint64_t finished = 0;
	int rc = 0;

	p->is_ending = true;
	if (c->hooks[CAPTURE_EACH].count) {
		finished = 0;
	} else if (!c->config->has_done) {
		rc = capture_count(c, &c->interrupts, error);
		finished = c->interrupts - p->base - p->next;
	} else {
		/* each wait looks once then, and ends at the first that is not finished */
		finished = c->ring->blocks;
	}
	p->last = p->next + (finished < c->ring->blocks ? finished : c->ring->blocks);
	return rc;
}

static int run_blocks(struct capture *c, struct block_progress *p, struct error *error)
{
	int rc = 0;

	while (rc == 0 && capture_left(c) > 0) {
		if (!p->is_ending && capture_is_stopped(c))
			rc = plan_end(c, p, error);
		if (p->is_ending && p->next >= p->last)
			return rc < 0 ? rc : -ECANCELED;
		if (rc == 0)
			rc = next_block(c, p, error);
		if (rc == 0)
			rc = capture_tick(c, error);
	}
	return rc;
}

int capture_run_blocks(struct capture *c, struct error *error)
{
	struct error why;
	int ended;
	int rc;

	c->progress = (struct block_progress){ .base = c->interrupts, .depth = depth_of(c) };
	rc = run_blocks(c, &c->progress, error);
	/* a device that is gone is asked nothing more */
	c->progress.is_silent = rc == -ENODEV;
	ended = write_queue_end(c, &why);
	/* why it ended is the better reason, where there is one */
	if ((rc == 0 || rc == -ECANCELED) && ended < 0) {
		*error = why;
		rc = ended;
	}
	return rc;
}
