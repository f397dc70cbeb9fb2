// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Blocks of descriptors on their way into the file, many in one system call: short ones, and headers, are copied, long
 * ones are written from the ring. Knows nothing of the device.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/uio.h>

#include "core/capture/internal.h"

/* What is copied before it is written: a frame each would be a system call each. */
#define STAGE_SIZE (UINT64_C(256) * 1024)
/* From this length on it is cheaper to write from the DMA memory. */
#define LENT_LENGTH (STAGE_SIZE / 4)
/* More in one call saves nothing, and the device waits for its blocks. */
#define BYTES_MAX (UINT64_C(4) << 20)
/* Linux takes no more (UIO_MAXIOV). */
#define PARTS_MAX 1024

int gather_open(struct capture *c, struct gather *g, struct error *error)
{
	*g = (struct gather){ .size = c->ring->blocks };
	g->stage = malloc(STAGE_SIZE);
	g->parts = calloc(PARTS_MAX, sizeof(*g->parts));
	g->list = calloc(g->size, sizeof(*g->list));
	return g->stage && g->parts && g->list ? 0 : error_errno(error, -ENOMEM, "%s", c->device->name);
}

void gather_close(struct gather *g)
{
	free(g->stage);
	free(g->parts);
	free(g->list);
}

bool gather_lends(const struct capture *c, uint64_t length)
{
	return c->config->direct || length >= LENT_LENGTH;
}

bool gather_has_room(const struct capture *c, const struct gather *g, uint64_t length)
{
	if (g->count == g->size || g->part_count == PARTS_MAX)
		return false;
	return gather_lends(c, length) ? g->bytes < BYTES_MAX : g->staged + length <= STAGE_SIZE;
}

static void add_part(struct gather *g, uint8_t *data, uint64_t length)
{
	struct iovec *next = g->parts + g->part_count;

	g->bytes += length;
	if (g->part_count > 0 && (uint8_t *)next[-1].iov_base + next[-1].iov_len == data) {
		next[-1].iov_len += length;
	} else if (length > 0) {
		*next = (struct iovec){ .iov_base = data, .iov_len = length };
		g->part_count++;
	}
}

int gather_copy(struct capture *c, struct gather *g, const void *data, uint64_t length, struct error *error)
{
	uint8_t *to = g->stage + g->staged;

	if (capture_copy(to, data, length) < 0)
		return capture_memory_gone(c, error);
	g->staged += length;
	add_part(g, to, length);
	return 0;
}

int gather_block(struct capture *c, struct gather *g, const struct gathered *block, uint64_t at,
		 struct error *error)
{
	struct gathered *b = &g->list[g->count];
	uint64_t length = block->block.length;
	uint8_t *data = capture_ring_map(c->ring, at);
	int rc = capture_ring_sync_for_cpu(c->ring, at, length, error);

	*b = *block;
	b->is_lent = gather_lends(c, length);
	b->block.pieces[0].at = length == 0 ? NULL : b->is_lent ? data : g->stage + g->staged;
	b->block.pieces[0].length = length;
	if (rc == 0 && b->is_lent)
		add_part(g, data, length);
	else if (rc == 0)
		rc = gather_copy(c, g, data, length, error);
	if (rc < 0)
		return rc;
	b->end = g->bytes;
	g->lent += b->is_lent;
	g->count++;
	return 0;
}

/* What is left behind AT of all parts; *COUNT of them. */
static struct iovec *skip_to(struct gather *g, size_t done, unsigned int *count)
{
	struct iovec *part = g->parts + (g->part_count - *count);

	for (; *count > 0 && done >= part->iov_len; part++, --*count)
		done -= part->iov_len;
	if (*count > 0) {
		part->iov_base = (uint8_t *)part->iov_base + done;
		part->iov_len -= done;
	}
	return part;
}

int gather_write(struct capture *c, struct gather *g, uint64_t *written, struct error *error)
{
	struct iovec *part = g->parts;
	unsigned int count = g->part_count;
	bool was_idle = false;
	int rc = 0;

	*written = 0;
	while (rc == 0 && count > 0) {
		size_t done;

		rc = capture_sink_write_parts(c->file, part, count, &done, error);
		*written += done;
		part = skip_to(g, done, &count);
		if (rc == -EINTR)
			rc = capture_write_interrupted(c, done, &was_idle);
		else
			was_idle = false;
	}
	return rc == -EFAULT ? capture_memory_gone(c, error) : rc;
}

void gather_clear(struct gather *g)
{
	g->staged = 0;
	g->bytes = 0;
	g->lent = 0;
	g->count = 0;
	g->part_count = 0;
}
