// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture block by block: each started anew, or a device that runs freely round the ring. */
#include <errno.h>

#include "core/capture_internal.h"

struct progress {
	uint64_t next; /* number of the block that is waited for */
	uint64_t base; /* the vector's count before the start */
	uint64_t depth; /* finished blocks that the device leaves alone */
	bool is_ending; /* no block is saved any more but those before LAST */
	uint64_t last;
};

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
static void skip_lost(struct capture *c, struct progress *p)
{
	uint64_t finished = c->interrupts - p->base;

	if (!c->counts_blocks || finished <= p->next + p->depth)
		return;
	c->result.lost += finished - p->depth - p->next;
	p->next = finished - p->depth;
}

/* Was the block written again while it was saved? */
static int check_overwritten(struct capture *c, const struct progress *p, bool *overwritten,
			     struct error *error)
{
	int rc;

	if (!c->counts_blocks || p->depth == c->ring->blocks)
		return 0;
	rc = capture_count(c, &c->interrupts, error);
	if (rc == 0 && c->interrupts - p->base > p->next + p->depth) {
		*overwritten = true;
		c->result.lost++;
	}
	return rc;
}

static int save_block(struct capture *c, struct progress *p, struct error *error)
{
	uint64_t slot = p->next % c->ring->blocks;
	uint64_t offset = c->result.bytes;
	uint64_t length = c->config->block;
	bool overwritten = false;
	int rc;

	if (length > capture_left(c))
		length = capture_left(c);
	rc = capture_save(c, slot * c->ring->block, length, error);
	if (rc == 0)
		rc = check_overwritten(c, p, &overwritten, error);
	if (rc == 0)
		rc = capture_account(c, p->next, offset, overwritten, error);
	if (rc == 0)
		rc = capture_overrun_check(c, error);
	if (rc == 0)
		rc = capture_hook_run(c, CAPTURE_ACK, error);
	p->next++;
	return rc;
}

static int next_block(struct capture *c, struct progress *p, struct error *error)
{
	bool each = c->hooks[CAPTURE_EACH].count > 0;
	uint64_t since = p->base + p->next;
	int rc = 0;

	capture_point(c, p->next % c->ring->blocks, c->config->block);
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
		capture_point(c, p->next % c->ring->blocks, c->config->block);
	}
	return save_block(c, p, error);
}

/* The wish to stop was seen: only what is finished by now is still saved. */
static int plan_end(struct capture *c, struct progress *p, struct error *error)
{
	uint64_t finished = 0;
	int rc = 0;

	p->is_ending = true;
	if (c->hooks[CAPTURE_EACH].count) {
		finished = 0;
	} else if (c->config->has_irq) {
		rc = capture_count(c, &c->interrupts, error);
		finished = c->interrupts - p->base - p->next;
	} else {
		/* each wait looks once then, and ends at the first that is not finished */
		finished = c->ring->blocks;
	}
	p->last = p->next + (finished < c->ring->blocks ? finished : c->ring->blocks);
	return rc;
}

int capture_run_blocks(struct capture *c, struct error *error)
{
	struct progress p = { .base = c->interrupts, .depth = depth_of(c) };
	int rc = 0;

	while (rc == 0 && capture_left(c) > 0) {
		if (!p.is_ending && capture_is_stopped(c))
			rc = plan_end(c, &p, error);
		if (p.is_ending && p.next >= p.last)
			return rc < 0 ? rc : -ECANCELED;
		if (rc == 0)
			rc = next_block(c, &p, error);
		if (rc == 0)
			rc = capture_tick(c, error);
	}
	return rc;
}
