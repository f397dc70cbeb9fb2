// SPDX-License-Identifier: GPL-2.0-or-later
/* Capture from a ring whose producer offset the device shows: whatever lies between the tail and it. */
#include <errno.h>

#include "core/capture/internal.h"

static uint64_t distance(const struct capture *c, uint64_t from, uint64_t to)
{
	return to >= from ? to - from : c->ring_size - from + to;
}

static uint64_t to_blocks(const struct capture *c, uint64_t bytes)
{
	return (bytes + c->config->block - 1) / c->config->block;
}

/* What can be saved now; a direct write takes whole units until the end. */
static uint64_t available(const struct capture *c, bool final)
{
	uint64_t n = distance(c, c->symbols[SYMBOL_TAIL].value, c->symbols[SYMBOL_HEAD].value);

	if (n >= capture_left(c))
		return capture_left(c);
	return c->file->is_direct && !final ? n - n % CAPTURE_DIRECT_ALIGNMENT : n;
}

static int look_head(struct capture *c, bool *found, struct error *error)
{
	int rc = capture_head_read(c, &c->symbols[SYMBOL_HEAD].value, error);

	if (rc == 0)
		*found = available(c, false) > 0;
	return rc;
}

/* LENGTH bytes from the tail on, round the end; moves the tail behind what is in the file. */
static int save_from_tail(struct capture *c, uint64_t length, struct error *error)
{
	uint64_t *tail = &c->symbols[SYMBOL_TAIL].value;
	int rc = 0;

	capture_point(c, *tail / c->ring->block, c->ring->block);
	while (rc == 0 && length > 0) {
		uint64_t piece = c->ring_size - *tail;
		uint64_t before = c->result.bytes;
		uint64_t saved;

		if (piece > length)
			piece = length;
		rc = capture_save(c, *tail, piece, error);
		saved = c->result.bytes - before;
		*tail = (*tail + saved) % c->ring_size;
		length -= saved;
	}
	return rc;
}

/* A part of what was there is in the file from OFFSET on; why not all of it is told already. */
static void account_part(struct capture *c, uint64_t offset, uint64_t at)
{
	struct error ignored;

	if (c->result.bytes > offset)
		capture_account(c, c->result.blocks, c->interrupts, offset, at, false, &ignored);
}

static int save(struct capture *c, struct capture_laps *laps, bool final, struct error *error)
{
	uint64_t head = c->symbols[SYMBOL_HEAD].value;
	uint64_t room = c->ring_size - distance(c, c->symbols[SYMBOL_TAIL].value, head);
	uint64_t offset = c->result.bytes;
	uint64_t at = c->symbols[SYMBOL_TAIL].value;
	uint64_t advance;
	uint64_t now = 0;
	int rc;

	capture_laps_look(c, laps, head);
	rc = save_from_tail(c, available(c, final), error);
	if (rc < 0)
		account_part(c, offset, at);
	else
		rc = capture_head_read(c, &now, error);
	if (rc < 0)
		return rc;
	/* further than the room that was left: over what was just saved */
	advance = distance(c, head, now);
	if (advance > room)
		c->result.lost += to_blocks(c, advance - room);
	rc = capture_account(c, c->result.blocks, c->interrupts, offset, at, advance > room, error);
	if (rc == 0)
		rc = capture_overrun_check(c, error);
	return rc == 0 ? capture_hook_run(c, CAPTURE_ACK, error) : rc;
}

/* What is there when it ends, the unaligned rest of direct writes included. */
static int save_rest(struct capture *c, struct capture_laps *laps, struct error *error)
{
	int rc = capture_head_read(c, &c->symbols[SYMBOL_HEAD].value, error);

	if (rc == 0 && available(c, true) > 0)
		rc = save(c, laps, true, error);
	/* nobody took it */
	if (rc == -ECANCELED)
		c->result.lost += to_blocks(c, available(c, true));
	return rc;
}

int capture_run_head(struct capture *c, struct error *error)
{
	/* a network card's frames come in bursts */
	struct capture_laps laps = { .head = c->symbols[SYMBOL_TAIL].value,
				     .looked = c->started,
				     .enough = 2 * c->ring_size };
	int rc = 0;

	if (c->config->direct && laps.head % CAPTURE_DIRECT_ALIGNMENT)
		return error_set(error, ERROR_FAILED, "unaligned",
				 "%s: --direct: the head starts at 0x%llx, which is no multiple of %d",
				 c->device->name, (unsigned long long)laps.head, CAPTURE_DIRECT_ALIGNMENT);
	while (rc == 0 && capture_left(c) > 0) {
		rc = capture_is_stopped(c) ? -ECANCELED : capture_wait_look(c, look_head, error);
		if (rc == 0)
			rc = save(c, &laps, false, error);
		if (rc == 0)
			rc = capture_tick(c, error);
	}
	if (rc == -ECANCELED || rc == -ETIME) {
		struct error why;
		int rest = save_rest(c, &laps, &why);

		/* why it ended is the better reason, where there is one */
		if (rc == -ECANCELED && rest < 0 && rest != -ECANCELED) {
			*error = why;
			rc = rest;
		}
	}
	return rc;
}
