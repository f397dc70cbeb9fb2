// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Play: block by block, each started anew or refilled behind a device that runs freely round the ring; or into a ring
 * whose consumer offset the device shows.
 */
#include <errno.h>
#include <string.h>

#include "core/base/sigbus.h"
#include "core/capture/internal.h"

/* --- from the file into the ring ----------------------------------------------------------------- */

/* LENGTH bytes at OFFSET of the ring, as capture_save(). *DONE below LENGTH: the input has ended. */
int play_read(struct capture *c, uint64_t offset, uint64_t length, uint64_t *done, struct error *error)
{
	uint64_t limit = c->config->has_size ? c->config->size - c->input.bytes : UINT64_MAX;
	uint64_t wanted = length < limit ? length : limit;
	uint64_t total = 0;
	int rc = 0;

	while (rc == 0 && total < wanted) {
		size_t n;

		rc = capture_source_read(c->file, capture_ring_map(c->ring, offset + total), wanted - total,
					 &n, error);
		total += n;
		if (rc == 0 && total < wanted)
			wanted = total;
		else if (rc == -EINTR)
			rc = capture_is_stopped(c) ? -ECANCELED : 0;
	}
	if (rc < 0)
		return rc == -EFAULT ? capture_memory_gone(c, error) : rc;
	if (total < length)
		c->input.is_ended = true;
	c->input.bytes += total;
	*done = total;
	return capture_ring_sync_for_device(c->ring, offset, total, error);
}

/* The memory goes away when the driver is unbound. */
static int guarded_zero(void *memory, size_t length)
{
	struct sigbus_guard guard;

	if (sigbus_caught(&guard))
		return -EFAULT;
	memset(memory, 0, length);
	sigbus_end(&guard);
	return 0;
}

int play_zero(struct capture *c, uint64_t offset, uint64_t length, struct error *error)
{
	int rc;

	if (length == 0)
		return 0;
	rc = guarded_zero(capture_ring_map(c->ring, offset), length);
	if (rc < 0)
		return capture_memory_gone(c, error);
	return capture_ring_sync_for_device(c->ring, offset, length, error);
}

/* The next block into its slot, its rest zeroed; nothing when the input has ended. */
static int fill_block(struct capture *c, struct error *error)
{
	uint64_t offset = c->input.blocks % c->ring->blocks * c->ring->block;
	uint64_t done = 0;
	int rc = 0;

	if (!c->input.is_ended)
		rc = play_read(c, offset, c->config->block, &done, error);
	if (rc == 0)
		rc = play_zero(c, offset + done, c->config->block - done, error);
	if (rc == 0 && done > 0)
		c->input.blocks++;
	return rc;
}

int play_is_empty(struct capture *c, struct error *error)
{
	return error_set(error, ERROR_FAILED, "empty", "%s: nothing to play, it is empty", c->file->name);
}

int play_prefill(struct capture *c, struct error *error)
{
	uint64_t blocks = c->hooks[CAPTURE_EACH].count ? 1 : c->ring->blocks;
	uint64_t n = 0;
	int rc = 0;

	if (c->config->has_head)
		return 0;
	while (rc == 0 && n++ < blocks && !c->input.is_ended)
		rc = fill_block(c, error);
	return rc == 0 && c->input.bytes == 0 ? play_is_empty(c, error) : rc;
}

/* --- block by block ------------------------------------------------------------------------------ */

/* Block NUMBER is through. */
static int finish_block(struct capture *c, uint64_t number, uint64_t length, bool late, struct error *error)
{
	uint64_t offset = c->result.bytes;
	int rc;

	c->result.bytes += length;
	if (late)
		c->result.lost++;
	rc = capture_account(c, number, c->interrupts, offset, CAPTURE_NOWHERE, late, error);
	return rc == 0 ? capture_overrun_check(c, error) : rc;
}

static int play_each(struct capture *c, uint64_t number, struct error *error)
{
	uint64_t length = capture_length(c, number);
	uint64_t since = c->interrupts;
	int rc = 0;

	capture_point(c, number, length);
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
	return rc == 0 && !c->input.is_ended ? fill_block(c, error) : rc;
}

/* The block is handed back with what comes next; with zeroes at the end of the input. */
static int play_free(struct capture *c, uint64_t number, uint64_t base, struct error *error)
{
	uint64_t slot = number % c->ring->blocks;
	uint64_t length = capture_length(c, number);
	bool late;
	int rc;

	capture_point(c, number, length);
	rc = capture_wait_block(c, base + number, error);
	if (rc < 0)
		return rc;
	/* all blocks are through: the device has begun to send one again */
	late = c->counts_blocks && !c->hooks[CAPTURE_ACK].count && !c->input.is_ended &&
	       c->interrupts - base >= number + c->ring->blocks;
	rc = finish_block(c, number, length, late, error);
	if (rc == 0 && number + c->ring->blocks >= c->input.blocks) {
		rc = c->input.is_ended ? play_zero(c, slot * c->ring->block, c->ring->block, error)
				       : fill_block(c, error);
		capture_point(c, number, capture_length(c, number + c->ring->blocks));
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

/* --- a ring whose consumer offset the device shows: refilled up to it ---------------------------- */

/*
 * A device that is told how far it may go (--ack) takes head == tail for empty: one unit stays free. One
 * that runs freely needs none.
 */
static uint64_t room(const struct capture *c)
{
	uint64_t unit = c->config->head_unit ? c->config->head_unit : 1;
	uint64_t gap = capture_is_held(c) ? unit : 0;
	uint64_t used = c->input.filled - c->input.sent + gap;
	uint64_t n = used < c->ring_size ? c->ring_size - used : 0;

	return c->config->direct ? n - n % CAPTURE_DIRECT_ALIGNMENT : n - n % unit;
}

static int fill(struct capture *c, struct error *error)
{
	uint64_t left = room(c);
	uint64_t at = c->input.filled % c->ring_size;
	int rc = 0;

	while (rc == 0 && left > 0) {
		uint64_t piece = c->ring_size - at < left ? c->ring_size - at : left;
		uint64_t done = 0;

		if (!c->input.is_ended)
			rc = play_read(c, at, piece, &done, error);
		/* what a device that does not stop at the end sends then */
		if (rc == 0)
			rc = play_zero(c, at + done, piece - done, error);
		c->input.filled += done;
		at = (at + piece) % c->ring_size;
		left -= piece;
	}
	c->symbols[SYMBOL_TAIL].value = c->input.filled % c->ring_size;
	return rc;
}

static int look_moved(struct capture *c, bool *found, struct error *error)
{
	uint64_t *head = &c->symbols[SYMBOL_HEAD].value;
	uint64_t before = *head;
	int rc = capture_head_read(c, head, error);

	*found = rc == 0 && *head != before;
	return rc;
}

static int step(struct capture *c, struct capture_laps *laps, struct error *error)
{
	struct capture_input *p = &c->input;
	uint64_t offset = c->result.bytes;
	uint64_t before = c->symbols[SYMBOL_HEAD].value;
	bool late = false;
	int rc;

	rc = capture_wait_look(c, look_moved, error);
	if (rc < 0)
		return rc;
	/* behind the end of the input there are zeroes all round */
	if (!p->is_ended)
		capture_laps_look(c, laps, c->symbols[SYMBOL_HEAD].value);
	p->sent += (c->symbols[SYMBOL_HEAD].value + c->ring_size - before) % c->ring_size;
	if (p->sent > p->filled) {
		late = !p->is_ended;
		if (late)
			c->result.lost += (p->sent - p->filled + c->config->block - 1) / c->config->block;
		p->filled = p->sent;
	}
	c->result.bytes = p->bytes - (p->filled - p->sent);
	rc = capture_account(c, c->result.blocks, c->interrupts, offset, CAPTURE_NOWHERE, late, error);
	if (rc == 0)
		rc = capture_overrun_check(c, error);
	if (rc == 0)
		rc = fill(c, error);
	if (rc == 0)
		rc = capture_hook_run(c, CAPTURE_ACK, error);
	return rc == 0 ? capture_tick(c, error) : rc;
}

int play_head_prefill(struct capture *c, struct error *error)
{
	uint64_t start = c->symbols[SYMBOL_TAIL].value;
	int rc;

	if (c->config->direct && start % CAPTURE_DIRECT_ALIGNMENT)
		return error_set(error, ERROR_FAILED, "unaligned",
				 "%s: --direct: the head starts at 0x%llx, which is no multiple of %d",
				 c->device->name, (unsigned long long)start, CAPTURE_DIRECT_ALIGNMENT);
	c->input.sent = start;
	c->input.filled = start;
	rc = fill(c, error);
	return rc == 0 && c->input.bytes == 0 ? play_is_empty(c, error) : rc;
}

int play_run_head(struct capture *c, struct error *error)
{
	const struct capture_input *p = &c->input;
	struct capture_laps laps = { .head = c->symbols[SYMBOL_HEAD].value,
				     .looked = c->started,
				     .enough = c->ring_size };
	int rc;

	rc = capture_hook_run(c, CAPTURE_ACK, error);
	while (rc == 0 && !(p->is_ended && p->sent >= p->filled))
		rc = capture_is_stopped(c) ? -ECANCELED : step(c, &laps, error);
	return rc;
}
