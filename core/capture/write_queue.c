// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finished blocks on their way into the file, several at a time: the next block is waited for meanwhile, and each is
 * given back to whoever opened the queue when its bytes are written, in order. Asks the device nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "core/capture/internal.h"
#include "core/base/sigbus.h"

/* More than a disk has use for at once, and little enough memory for the kernel's own part. */
#define QUEUE_MAX 64

static bool names_block(const struct ref *ref)
{
	return ref->kind == REF_BUFFER && strcmp(ref->name, "block") == 0;
}

/* Each --ack is about its block (@block, @index), not about an interrupt or a status that all blocks share. */
static bool acks_name_blocks(const struct capture *c)
{
	const struct resolved_hooks *ack = &c->hooks[CAPTURE_ACK];

	for (size_t i = 0; i < ack->count; i++) {
		const struct assign *assign = ack->list[i].assign;
		const struct value *value = &assign->value;
		bool names = value->is_symbol && value->part != VALUE_SIZE &&
			     (strcmp(value->name, "block") == 0 || strcmp(value->name, "index") == 0);

		if (!names && !names_block(&assign->ref))
			return false;
	}
	return true;
}

/*
 * May the next block be waited for before the last one's --ack? Not where that clears what is waited for: it would
 * be taken for the next block's.
 */
static bool ack_can_wait(const struct capture *c)
{
	bool each = c->hooks[CAPTURE_EACH].count > 0;

	if (c->hooks[CAPTURE_ACK].count == 0)
		return true;
	if (c->config->has_done)
		return names_block(&c->config->done.ref) || (each && acks_name_blocks(c));
	return c->counts_blocks && (!each || acks_name_blocks(c));
}

/* NULL: several writes may be in flight. */
static const char *why_not(const struct capture *c)
{
	if (c->config->has_head)
		return "with --head each save ends before the next";
	if (c->ring->blocks < 2)
		return "the ring has one block";
	if (c->file->file.is_given)
		return "standard output, and what else was open before, may be written by others, too";
	if (!ack_can_wait(c))
		return "--ack has to come before the next block is waited for";
	return NULL;
}

static void tell_refusal(const struct capture *c, const char *why)
{
	context_log(c->device->ctx, LOG_INFO, "%s: direct writes one at a time: %s", c->device->name, why);
}

static int register_ring(struct capture *c, struct error *error)
{
	uint64_t blocks = c->ring->blocks;
	struct iovec *pieces = calloc(blocks, sizeof(*pieces));
	int rc;

	if (!pieces)
		return error_errno(error, -ENOMEM, "%s", c->file->name);
	for (uint64_t i = 0; i < blocks; i++) {
		pieces[i].iov_base = capture_ring_map(c->ring, i * c->ring->block);
		pieces[i].iov_len = c->ring->block;
	}
	rc = direct_writer_register(c->queue.writer, pieces, (unsigned int)blocks);
	context_log(c->device->ctx, LOG_INFO, "%s: up to %u direct writes in flight with io_uring, %s%s",
		    c->device->name, c->queue.limit,
		    rc == 0 ? "from registered memory" : "the memory cannot be registered: ",
		    rc == 0 ? "" : strerror(-rc));
	free(pieces);
	return 0;
}

int write_queue_open(struct capture *c, block_written written, struct error *error)
{
	struct write_queue *q = &c->queue;
	const char *why = why_not(c);
	int rc;

	if (why) {
		tell_refusal(c, why);
		return 0;
	}
	q->written = written;
	q->limit = c->ring->blocks < QUEUE_MAX ? (unsigned int)c->ring->blocks : QUEUE_MAX;
	q->blocks = calloc(q->limit, sizeof(*q->blocks));
	if (!q->blocks)
		return error_errno(error, -ENOMEM, "%s", c->file->name);
	rc = direct_writer_open(c->file->file.fd, q->limit, c->config->has_size ? c->config->size : 0,
				&q->writer);
	if (rc == 0)
		return register_ring(c, error);
	if (rc == -ENOPKG) {
		tell_refusal(c, "liburing.so.2 cannot be loaded");
	} else {
		context_log(c->device->ctx, LOG_INFO, "%s: direct writes one at a time: io_uring: %s",
			    c->device->name, strerror(-rc));
	}
	return 0;
}

void write_queue_close(struct capture *c)
{
	direct_writer_close(c->queue.writer, NULL);
	free(c->queue.blocks);
	c->queue = (struct write_queue){ 0 };
}

/*
 * Memory that the kernel has pinned stays when the driver is unbound, only the mapping goes: what is in it then is no
 * block of the device's any more.
 */
static int check_mapped(const uint8_t *data)
{
	struct sigbus_guard guard;

	if (sigbus_caught(&guard))
		return -EFAULT;
	*(const volatile uint8_t *)data;
	sigbus_end(&guard);
	return 0;
}

static int failed(struct capture *c, int rc, struct error *error)
{
	return rc == -EFAULT ? capture_memory_gone(c, error) : capture_sink_failed(c->file, rc, error);
}

int write_queue_submit(struct capture *c, const struct finished_block *block, struct error *error)
{
	struct write_queue *q = &c->queue;
	uint64_t offset = block->slot * c->ring->block;
	const uint8_t *data = capture_ring_map(c->ring, offset);
	int rc;

	rc = capture_ring_sync_for_cpu(c->ring, offset, block->length, error);
	if (rc < 0)
		return rc;
	rc = check_mapped(data);
	if (rc == 0)
		rc = direct_writer_submit(q->writer, data, block->length, (unsigned int)block->slot);
	if (rc < 0)
		return failed(c, rc, error);
	q->blocks[(q->first + q->count++) % q->limit] = *block;
	q->bytes += block->length;
	return 0;
}

/* The oldest, once it is written: *FOUND. */
static int retire(struct capture *c, bool wait, bool *found, struct error *error)
{
	struct write_queue *q = &c->queue;
	struct finished_block block = q->blocks[q->first];
	uint64_t offset = c->result.bytes;
	struct direct_write write;

	*found = direct_writer_take(q->writer, wait, &write);
	if (!*found)
		return 0;
	q->first = (q->first + 1) % q->limit;
	q->count--;
	q->bytes -= block.length;
	c->result.bytes += write.done;
	if (write.rc == 0)
		return q->written(c, &block, offset, error);
	/* what is written behind it will be cut off */
	q->is_broken = true;
	return failed(c, write.rc, error);
}

int write_queue_reap(struct capture *c, struct error *error)
{
	bool found = true;
	int rc = 0;

	while (rc == 0 && found && c->queue.count > 0)
		rc = retire(c, c->queue.count == c->queue.limit, &found, error);
	return rc;
}

int write_queue_end(struct capture *c, struct error *error)
{
	struct write_queue *q = &c->queue;
	struct error why;
	bool found;
	int rc = 0;

	/* whatever fails for one: what was written counts all the same */
	while (q->count > 0 && !q->is_broken) {
		int ended = retire(c, true, &found, &why);

		if (ended < 0 && rc == 0) {
			*error = why;
			rc = ended;
		}
	}
	if (q->writer) {
		int cut = direct_writer_close(q->writer, NULL);

		q->writer = NULL;
		if (cut < 0 && rc == 0)
			rc = capture_sink_failed(c->file, cut, error);
	}
	write_queue_close(c);
	return rc;
}
