// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Play through a ring of descriptors: a block is filled and handed over (--refill), and again when the device is through
 * with it, as its descriptor or a completion says; never before.
 */
#include <errno.h>

#include "core/capture/internal.h"

struct play_progress {
	uint64_t owed; /* blocks that were taken back, or handed over, and --ack does not know of */
	uint64_t last; /* slot of the one that was handed over last */
	/* why the input ended before its end: told when all before it was sent */
	int rc;
	struct error why;
};

static bool is_enough(const struct capture *c)
{
	return c->config->has_size && c->input.bytes >= c->config->size;
}

/* What comes next of the input into SLOT. *LENGTH 0: there is no more. */
static int fill(struct capture *c, uint64_t slot, uint64_t *length, struct error *error)
{
	uint64_t offset = slot * c->ring->block;
	int rc;

	*length = 0;
	if (c->input.is_ended)
		return 0;
	if (c->config->format == CAPTURE_RAW) {
		rc = play_read(c, offset, c->config->block, length, error);
		/* an engine of whole blocks sends what was there before otherwise */
		if (rc == 0 && *length > 0)
			rc = play_zero(c, offset + *length, c->config->block - *length, error);
	} else {
		rc = frames_next(c, offset, length, error);
		c->input.bytes += *length;
		c->input.is_ended = *length == 0 || is_enough(c);
	}
	if (rc == 0 && *length > 0)
		c->input.blocks++;
	return rc;
}

int play_descriptors_prefill(struct capture *c, struct error *error)
{
	int rc;

	rc = frames_open(c, error);
	for (uint64_t i = 0; rc == 0 && i < c->ring->blocks && !c->input.is_ended; i++)
		rc = fill(c, i, &c->completions.slots[i].length, error);
	return rc == 0 && c->input.blocks == 0 ? play_is_empty(c, error) : rc;
}

int play_descriptors_submit(struct capture *c, struct error *error)
{
	int rc = 0;

	for (uint64_t i = 0; rc == 0 && i < c->input.blocks; i++)
		rc = completions_submit(c, i, c->completions.slots[i].length, CAPTURE_REFILL, error);
	return rc;
}

/* The doorbell; the operands are about the block that was handed over last. */
static int settle(struct capture *c, struct play_progress *p, struct error *error)
{
	int rc;

	if (p->owed == 0)
		return 0;
	p->owed = 0;
	completions_point(c, p->last);
	rc = capture_overrun_check(c, error);
	return rc == 0 ? capture_hook_run(c, CAPTURE_ACK, error) : rc;
}

/* Of completions these name the block, which is not known yet. */
static void point(struct capture *c)
{
	uint64_t taken = c->completions.taken;

	if (c->config->has_completes)
		capture_point(c, taken, c->config->block);
	else
		completions_point(c, taken % c->ring->blocks);
}

/* The device is through with the block at *SLOT, and the operands are about it. */
static int wait_done(struct capture *c, struct play_progress *p, uint64_t *slot, struct error *error)
{
	bool found = false;
	int rc;

	point(c);
	rc = capture_look_done(c, &found, error);
	if (rc == 0 && (!found || p->owed >= capture_batch(c))) {
		rc = settle(c, p, error);
		point(c);
	}
	if (rc == 0 && !found) {
		capture_pace(c, c->completions.taken, c->completions.submitted - c->completions.taken);
		rc = capture_wait_block(c, 0, error);
	}
	if (rc == 0 && c->config->has_completes)
		return completions_match(c, slot, error);
	*slot = c->completions.taken % c->ring->blocks;
	return rc;
}

static int tell(struct capture *c, const struct submission *s, struct error *error)
{
	struct capture_block block = {
		.number = s->number,
		.offset = c->result.bytes,
		.length = s->length,
		.time = clock_ns() - c->started,
		.has_interrupts = c->config->has_irq,
		.interrupts = c->interrupts,
		.is_described = true,
		.frame = s->number,
		.status = c->status,
	};

	c->result.bytes += s->length;
	c->result.blocks++;
	c->result.frames++;
	return c->events->block ? c->events->block(c->events->data, &block, error) : 0;
}

static int take_back(struct capture *c, struct play_progress *p, uint64_t slot, struct error *error)
{
	uint64_t actual;
	bool failed;
	int rc;

	rc = capture_failed_look(c, &failed, &actual, error);
	if (rc == 0 && failed)
		rc = capture_failed(c, actual, error);
	if (rc < 0)
		return rc;
	completions_taken(c, slot);
	p->owed++;
	return tell(c, &c->completions.slots[slot], error);
}

static int refill(struct capture *c, struct play_progress *p, uint64_t slot, struct error *error)
{
	uint64_t length;
	int rc;

	rc = fill(c, slot, &length, &p->why);
	if (rc == -ECANCELED)
		return rc;
	if (rc < 0) {
		p->rc = rc;
		c->input.is_ended = true;
		return 0;
	}
	if (length == 0)
		return 0;
	p->last = slot;
	return completions_submit(c, slot, length, CAPTURE_REFILL, error);
}

static int next_block(struct capture *c, struct play_progress *p, struct error *error)
{
	uint64_t slot;
	int rc;

	rc = wait_done(c, p, &slot, error);
	if (rc == 0)
		rc = take_back(c, p, slot, error);
	if (rc == 0)
		rc = refill(c, p, slot, error);
	return rc == 0 ? capture_tick(c, error) : rc;
}

int play_run_descriptors(struct capture *c, struct error *error)
{
	struct play_progress p = { .last = c->completions.submitted - 1 };
	int rc = 0;

	while (rc == 0 && c->completions.taken < c->completions.submitted)
		rc = capture_is_stopped(c) ? -ECANCELED : next_block(c, &p, error);
	/* the last completions, too, were taken */
	if (rc == 0)
		rc = settle(c, &p, error);
	if (rc == 0 && p.rc < 0) {
		*error = p.why;
		rc = p.rc;
	}
	return rc;
}
