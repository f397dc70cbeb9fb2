// SPDX-License-Identifier: GPL-2.0-or-later
/* The data itself: from the ring into the file, and for play from the file into the ring. */
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

int capture_save(struct capture *c, uint64_t offset, uint64_t length, struct error *error)
{
	const uint8_t *data = capture_ring_map(c->ring, offset);
	int rc;

	rc = capture_ring_sync_for_cpu(c->ring, offset, length, error);
	while (rc == 0 && length > 0) {
		size_t done;

		rc = capture_sink_write(c->file, data, length, &done, error);
		c->result.bytes += done;
		data += done;
		length -= done;
		/* only a pipe that nobody empties gets here: a write to a disk is not interrupted */
		if (rc == -EINTR)
			rc = capture_is_stopped(c) ? -ECANCELED : 0;
	}
	return rc == -EFAULT ? capture_memory_gone(c, error) : rc;
}

int capture_account(struct capture *c, uint64_t number, uint64_t interrupts, uint64_t offset,
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
	return c->events->block(c->events->data, &block, error);
}

/* --- from the file into the ring ----------------------------------------------------------------- */

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
	struct fault_guard guard;

	if (fault_caught(&guard))
		return -EFAULT;
	memset(memory, 0, length);
	fault_end(&guard);
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

int play_fill_block(struct capture *c, struct error *error)
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

int play_empty(struct capture *c, struct error *error)
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
		rc = play_fill_block(c, error);
	return rc == 0 && c->input.bytes == 0 ? play_empty(c, error) : rc;
}
