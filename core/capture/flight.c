// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finished blocks on their way into the file, several at a time: the next block is waited for meanwhile, and each is
 * given back to the device when its bytes are written, in order.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "core/capture/internal.h"
#include "core/base/sigbus.h"

/* More than a disk has use for at once, and little enough memory for the kernel's own part. */
#define FLIGHT_MAX 64

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
	if (c->file->is_standard)
		return "standard output may be written by others, too";
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
	rc = direct_writer_register(c->flight.writer, pieces, (unsigned int)blocks);
	context_log(c->device->ctx, LOG_INFO, "%s: up to %u direct writes in flight with io_uring, %s%s",
		    c->device->name, c->flight.limit,
		    rc == 0 ? "from registered memory" : "the memory cannot be registered: ",
		    rc == 0 ? "" : strerror(-rc));
	free(pieces);
	return 0;
}

int capture_flight_open(struct capture *c, struct error *error)
{
	struct capture_flight *f = &c->flight;
	const char *why = why_not(c);
	int rc;

	if (why) {
		tell_refusal(c, why);
		return 0;
	}
	f->limit = c->ring->blocks < FLIGHT_MAX ? (unsigned int)c->ring->blocks : FLIGHT_MAX;
	f->queue = calloc(f->limit, sizeof(*f->queue));
	if (!f->queue)
		return error_errno(error, -ENOMEM, "%s", c->file->name);
	rc = direct_writer_open(c->file->fd, f->limit, c->config->has_size ? c->config->size : 0, &f->writer);
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

void capture_flight_close(struct capture *c)
{
	direct_writer_close(c->flight.writer, NULL);
	free(c->flight.queue);
	c->flight = (struct capture_flight){ 0 };
}

/*
 * Memory that the kernel has pinned stays when the driver is unbound, only the mapping goes: what is in it then is no
 * block of the device's any more.
 */
static int check_mapped(const uint8_t *data)
{
	struct fault_guard guard;

	if (fault_caught(&guard))
		return -EFAULT;
	*(const volatile uint8_t *)data;
	fault_end(&guard);
	return 0;
}

static int failed(struct capture *c, int rc, struct error *error)
{
	return rc == -EFAULT ? capture_memory_gone(c, error) : capture_sink_failed(c->file, rc, error);
}

int capture_flight_submit(struct capture *c, const struct finished_block *block, struct error *error)
{
	struct capture_flight *f = &c->flight;
	uint64_t offset = block->slot * c->ring->block;
	const uint8_t *data = capture_ring_map(c->ring, offset);
	int rc;

	rc = capture_ring_sync_for_cpu(c->ring, offset, block->length, error);
	if (rc < 0)
		return rc;
	rc = check_mapped(data);
	if (rc == 0)
		rc = direct_writer_submit(f->writer, data, block->length, (unsigned int)block->slot);
	if (rc < 0)
		return failed(c, rc, error);
	f->queue[(f->first + f->count++) % f->limit] = *block;
	f->bytes += block->length;
	return 0;
}

/* The symbols and the count are those of the block that is waited for. */
static int give_back(struct capture *c, const struct finished_block *block, uint64_t offset,
		     struct error *error)
{
	struct symbol at = c->symbols[SYMBOL_BLOCK];
	struct symbol index = c->symbols[SYMBOL_INDEX];
	uint64_t interrupts = c->interrupts;
	int rc;

	capture_point(c, block->slot, c->config->block);
	c->interrupts = block->interrupts;
	rc = capture_block_saved(c, block, offset, error);
	if (c->interrupts < interrupts)
		c->interrupts = interrupts;
	c->symbols[SYMBOL_BLOCK] = at;
	c->symbols[SYMBOL_INDEX] = index;
	return rc;
}

/* The oldest, once it is written: *FOUND. */
static int retire(struct capture *c, bool wait, bool *found, struct error *error)
{
	struct capture_flight *f = &c->flight;
	struct finished_block block = f->queue[f->first];
	uint64_t offset = c->result.bytes;
	struct direct_write write;

	*found = direct_writer_take(f->writer, wait, &write);
	if (!*found)
		return 0;
	f->first = (f->first + 1) % f->limit;
	f->count--;
	f->bytes -= block.length;
	c->result.bytes += write.done;
	if (write.rc == 0)
		return give_back(c, &block, offset, error);
	/* what is written behind it will be cut off */
	f->is_broken = true;
	return failed(c, write.rc, error);
}

bool capture_flight_is_on(const struct capture *c)
{
	return c->flight.writer;
}

unsigned int capture_flight_count(const struct capture *c)
{
	return c->flight.count;
}

int capture_flight_serve(struct capture *c, struct error *error)
{
	bool found = true;
	int rc = 0;

	while (rc == 0 && found && c->flight.count > 0)
		rc = retire(c, c->flight.count == c->flight.limit, &found, error);
	return rc;
}

int capture_flight_end(struct capture *c, struct error *error)
{
	struct capture_flight *f = &c->flight;
	struct error why;
	bool found;
	int rc = 0;

	while (f->count > 0 && !f->is_broken) {
		int ended = retire(c, true, &found, &why);

		if (ended < 0 && rc == 0) {
			*error = why;
			rc = ended;
		}
		/* the device may be gone: what was written counts all the same */
		f->is_silent |= ended < 0;
	}
	if (f->writer) {
		int cut = direct_writer_close(f->writer, NULL);

		f->writer = NULL;
		if (cut < 0 && rc == 0)
			rc = capture_sink_failed(c->file, cut, error);
	}
	capture_flight_close(c);
	return rc;
}
