// SPDX-License-Identifier: GPL-2.0-or-later
/* The ring: DMA buffers as one range of bytes. Knows nothing of who fills it. */
#include "core/capture/internal.h"

#include <errno.h>
#include <stdlib.h>

/* Unmaps; accepts NULL. */
static void close_ring(struct capture_ring *ring)
{
	if (!ring)
		return;
	while (ring->buffer_count > 0)
		buffer_close(ring->buffers[--ring->buffer_count]);
	free(ring->buffers);
	free(ring);
}

int capture_ring_alloc(struct buffer_client *client, uint64_t block, uint64_t blocks, bool contiguous,
		       struct capture_ring **ring, struct error *error)
{
	struct capture_ring *r = calloc(1, sizeof(*r));
	size_t count = contiguous ? 1 : blocks;
	int rc = 0;

	if (r)
		r->buffers = calloc(count, sizeof(struct buffer *));
	if (!r || !r->buffers) {
		rc = error_errno(error, -ENOMEM, "%llu blocks", (unsigned long long)blocks);
		goto close_ring;
	}
	r->is_contiguous = contiguous;
	r->block = block;
	r->blocks = blocks;
	rc = buffer_room(client, count, contiguous ? block * blocks : block, error);
	if (rc < 0)
		goto close_ring;
	while (r->buffer_count < count) {
		rc = buffer_alloc(client, NULL, contiguous ? block * blocks : block,
				  &r->buffers[r->buffer_count], error);
		if (rc < 0)
			goto close_ring;
		rc = buffer_map(r->buffers[r->buffer_count++], error);
		if (rc < 0)
			goto close_ring;
	}
	*ring = r;
	return 0;
close_ring:
	close_ring(r);
	return rc;
}

void capture_ring_free(struct capture_ring *ring, bool is_idle)
{
	struct error ignored;

	/* what cannot be freed goes with the client, and stays the device's */
	for (size_t i = 0; ring && i < ring->buffer_count; i++)
		buffer_free(ring->buffers[i], is_idle ? BUFFER_FREE_IDLE : 0, &ignored);
	close_ring(ring);
}

uint64_t capture_ring_bytes(const struct capture_ring *ring)
{
	uint64_t bytes = 0;

	for (size_t i = 0; ring && i < ring->buffer_count; i++)
		bytes += ring->buffers[i]->length;
	return bytes;
}

/* The buffer that OFFSET lies in; *INTO is where in it. */
static struct buffer *locate(const struct capture_ring *ring, uint64_t offset, uint64_t *into)
{
	if (ring->is_contiguous) {
		*into = offset;
		return ring->buffers[0];
	}
	*into = offset % ring->block;
	return ring->buffers[offset / ring->block];
}

uint8_t *capture_ring_map(const struct capture_ring *ring, uint64_t offset)
{
	uint64_t into;
	struct buffer *buffer = locate(ring, offset, &into);

	return buffer->map + into;
}

uint64_t capture_ring_address(const struct capture_ring *ring, uint64_t offset)
{
	uint64_t into;
	struct buffer *buffer = locate(ring, offset, &into);

	return buffer->address + into;
}

void capture_ring_block(const struct capture_ring *ring, uint64_t slot, uint64_t *address, void **map)
{
	const struct buffer *buffer = ring->buffers[ring->is_contiguous ? 0 : slot];
	uint64_t into = ring->is_contiguous ? slot * ring->block : 0;

	*address = buffer->address + into;
	*map = buffer->map + into;
}

bool capture_ring_is_page_backed(const struct capture_ring *ring)
{
	for (size_t i = 0; i < ring->buffer_count; i++) {
		if (!ring->buffers[i]->page_backed)
			return false;
	}
	return true;
}

int capture_ring_sync_for_cpu(struct capture_ring *ring, uint64_t offset, uint64_t length,
			      struct error *error)
{
	uint64_t into;
	struct buffer *buffer = locate(ring, offset, &into);

	return buffer->coherent ? 0 : buffer_sync_for_cpu(buffer, into, length, error);
}

int capture_ring_sync_for_device(struct capture_ring *ring, uint64_t offset, uint64_t length,
				 struct error *error)
{
	uint64_t into;
	struct buffer *buffer = locate(ring, offset, &into);

	return buffer->coherent ? 0 : buffer_sync_for_device(buffer, into, length, error);
}
