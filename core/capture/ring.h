/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A ring of blocks of DMA memory. Each block is contiguous for the device; the whole ring is only where
 * that was asked for. An offset counts bytes through all blocks, without the padding to pages.
 */
#ifndef PCIETOOL_CAPTURE_RING_H
#define PCIETOOL_CAPTURE_RING_H

#include "core/dma/buffer.h"

struct capture_ring {
	struct buffer **buffers; /* one, or one a block */
	size_t buffer_count;
	bool is_contiguous;
	uint64_t block; /* bytes */
	uint64_t blocks;
};

/* The memory is CLIENT's: it is freed when that is closed, or kept while the device may still write. */
int capture_ring_alloc(struct buffer_client *client, uint64_t block, uint64_t blocks, bool contiguous,
		       struct capture_ring **ring, struct error *error);
/* No engine uses it any more: its memory is given back, not only unmapped. */
void capture_ring_free(struct capture_ring *ring);
void capture_ring_close(struct capture_ring *ring); /* unmaps; accepts NULL */

static inline uint64_t capture_ring_size(const struct capture_ring *ring)
{
	return ring->block * ring->blocks;
}

/* OFFSET up to the end of its block (of the ring, where that is contiguous). */
uint8_t *capture_ring_map(const struct capture_ring *ring, uint64_t offset);
uint64_t capture_ring_address(const struct capture_ring *ring, uint64_t offset);
bool capture_ring_is_page_backed(const struct capture_ring *ring);
int capture_ring_sync_for_cpu(struct capture_ring *ring, uint64_t offset, uint64_t length,
			      struct error *error);
int capture_ring_sync_for_device(struct capture_ring *ring, uint64_t offset, uint64_t length,
				 struct error *error);

#endif
