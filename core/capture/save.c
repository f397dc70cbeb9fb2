// SPDX-License-Identifier: GPL-2.0-or-later
/* From the ring into the file, and what is told of it. */
#include <errno.h>
#include <string.h>

#include "core/base/sigbus.h"
#include "core/capture/internal.h"

uint64_t capture_left(const struct capture *c)
{
	return c->config->has_size ? c->config->size - c->result.bytes - c->queue.bytes : UINT64_MAX;
}

uint64_t capture_length(const struct capture *c, uint64_t number)
{
	uint64_t start = number * c->config->block;

	if (c->config->play && start < c->input.bytes && c->input.bytes - start < c->config->block)
		return c->input.bytes - start;
	/* the device is asked for no more than what is wanted */
	if (c->config->has_completes && number == c->completions.limit - 1)
		return c->config->size - start;
	return c->config->block;
}

int capture_memory_gone(struct capture *c, struct error *error)
{
	if (!device_is_present(c->device))
		return device_gone(c->device, error);
	error_set(error, ERROR_GONE, "unbound",
		  "%s: its DMA memory is gone: the driver was unbound meanwhile", c->device->name);
	return -ENODEV;
}

int capture_copy(void *to, const void *from, size_t length)
{
	struct sigbus_guard guard;

	if (sigbus_caught(&guard))
		return -EFAULT;
	memcpy(to, from, length);
	sigbus_end(&guard);
	return 0;
}

/*
 * Only a pipe that nobody empties gets here: a write to a disk is not interrupted. When it is to end a signal comes once
 * a second; who is slow gets all that was complete.
 */
int capture_write_interrupted(const struct capture *c, size_t done, bool *was_idle)
{
	bool is_idle = done == 0;
	bool gives_up = capture_is_stopped(c) && (capture_is_hurried(c) || (is_idle && *was_idle));

	*was_idle = is_idle;
	return gives_up ? -ECANCELED : 0;
}

int capture_save(struct capture *c, uint64_t offset, uint64_t length, struct error *error)
{
	const uint8_t *data = capture_ring_map(c->ring, offset);
	bool was_idle = false;
	int rc;

	rc = capture_ring_sync_for_cpu(c->ring, offset, length, error);
	while (rc == 0 && length > 0) {
		size_t done;

		rc = capture_sink_write(c->file, data, length, &done, error);
		c->result.bytes += done;
		data += done;
		length -= done;
		if (rc == -EINTR)
			rc = capture_write_interrupted(c, done, &was_idle);
	}
	return rc == -EFAULT ? capture_memory_gone(c, error) : rc;
}

/* Where a block that is told lies: AT of the ring. */
static void show_data(const struct capture *c, uint64_t at, struct capture_block *block)
{
	uint64_t first = c->ring_size - at;

	if (first > block->length)
		first = block->length;
	if (first > 0) {
		block->pieces[0].at = capture_ring_map(c->ring, at);
		block->pieces[0].length = first;
	}
	if (block->length > first) {
		block->pieces[1].at = capture_ring_map(c->ring, 0);
		block->pieces[1].length = block->length - first;
	}
}

int capture_block_copy(const struct capture_block *block, void *to)
{
	int rc = 0;

	for (unsigned int i = 0; i < 2 && rc == 0 && block->pieces[i].at; i++) {
		rc = capture_copy(to, block->pieces[i].at, block->pieces[i].length);
		to = (uint8_t *)to + block->pieces[i].length;
	}
	return rc;
}

int capture_account(struct capture *c, uint64_t number, uint64_t interrupts, uint64_t offset, uint64_t at,
		    bool overwritten, struct error *error)
{
	struct capture_block block = {
		.number = number,
		.offset = offset,
		.length = c->result.bytes - offset,
		.has_interrupts = c->config->has_irq,
		.interrupts = interrupts,
		.overwritten = overwritten,
	};

	c->result.blocks++;
	if (!c->events->block)
		return 0;
	block.time = clock_ns() - c->started;
	if (at != CAPTURE_NOWHERE)
		show_data(c, at, &block);
	return c->events->block(c->events->data, &block, error);
}
