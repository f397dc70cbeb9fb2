// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests to the client: sections "VFIO_USER_DMA_READ" and "VFIO_USER_DMA_WRITE". One may come while another is asked. */
#include "core/twin/asker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/base/clock.h"

/* QEMU waits 5 s for an answer itself (hw/vfio-user/pci.c, property x-msg-timeout) */
#define PATIENCE_NS 5000000000u
/* in one message, which stands on the stack; less, where the client takes less */
#define PIECE_MAX 65536u
/*
 * The document has 64 bits of count and the data behind them. QEMU's VFIOUserDMARW (hw/vfio-user/protocol.h, 10.1 to 11.1) has
 * 32 bits, the data behind those, and 4 bytes more at the end. A count of 2^32 tells: it is none, or more than was agreed on.
 */
#define NARROW_DATA 12u
#define PROBE (UINT64_C(1) << 32)

struct question {
	struct question *before;
	uint8_t *bytes; /* for what is read; NULL: for nothing */
	size_t size;
	uint16_t id;
	uint16_t command;
	bool is_probe;
	bool is_answered;
	int rc;
};

struct deferred {
	struct deferred *next;
	uint64_t address;
	size_t size;
	uint8_t bytes[];
};

static int error_of(uint32_t error)
{
	switch (error) {
	case EFAULT: /* hw/vfio-user/pci.c: the device that is there fails it */
	case ENODEV: /* nothing is there */
	case EPERM: /* the IOMMU refuses it */
		return -EFAULT;
	default:
		return error && error < 4096 ? -(int)error : -EPROTO;
	}
}

static int wait_for(struct asker *a, const struct question *q)
{
	uint64_t start = clock_ns();
	int rc = 0;

	while (rc == 0 && !q->is_answered) {
		rc = a->turn(a->data);
		if (rc == 0 && !q->is_answered &&
		    (clock_ns() - start > PATIENCE_NS || (q->is_probe && a->is_mute)))
			rc = -ETIMEDOUT;
	}
	/* an answer that comes later would be one to nothing, and half a message, which is thrown away, may be here */
	if (rc == -ETIMEDOUT && (!q->is_probe || a->channel->have))
		shutdown(a->channel->socket, SHUT_RDWR);
	return rc < 0 ? rc : q->rc;
}

static void flush(struct asker *a);

/* What it asks for while it is asked is a message, too: the one that is being answered stays whole. */
static int ask_aside(struct asker *a, struct question *q, const void *payload, size_t size)
{
	struct channel outer;
	bool was_answering = a->is_answering;
	int rc = was_answering ? channel_set_aside(a->channel, &outer) : 0;

	if (rc < 0)
		return rc;
	a->is_answering = false;
	rc = channel_request(a->channel, q->id, q->command, payload, size);
	/* what came while that was probed for comes behind it */
	if (rc == 0 && !a->is_probing)
		flush(a);
	if (rc == 0)
		rc = wait_for(a, q);
	if (was_answering)
		channel_take_back(a->channel, &outer);
	a->is_answering = was_answering;
	return rc;
}

static int ask(struct asker *a, struct question *q, const void *payload, size_t size)
{
	int rc;

	q->id = a->next++;
	q->before = a->asked;
	a->asked = q;
	rc = ask_aside(a, q, payload, size);
	a->asked = q->before;
	return rc;
}

/* The client takes them in order. */
static int post(struct asker *a, const struct wire_dma *dma, const void *payload, size_t size)
{
	for (unsigned int i = 0; i < ASKER_POSTED_MAX; i++) {
		struct posted *p = &a->posted[i];

		if (p->is_open)
			continue;
		*p = (struct posted){
			.address = dma->address, .size = dma->count, .id = a->next++, .is_open = true
		};
		return channel_request(a->channel, p->id, WIRE_DMA_WRITE, payload, size);
	}
	return -ELOOP;
}

static bool are_many(const struct asker *a)
{
	unsigned int count = 0;

	for (const struct question *q = a->asked; q; q = q->before)
		count++;
	return count >= ASKER_ASKED_MAX;
}

/* The payload of a write, in the form that the client has. */
static void fill(const struct asker *a, uint8_t *payload, const struct wire_dma *dma, const uint8_t *bytes)
{
	memset(payload + sizeof(*dma), 0, dma->count);
	memcpy(payload, dma, sizeof(*dma));
	memcpy(payload + (a->is_wide ? sizeof(*dma) : NARROW_DATA), bytes, dma->count);
}

static size_t piece_of(const struct asker *a, size_t left)
{
	size_t most = a->data_max < PIECE_MAX ? (size_t)a->data_max : PIECE_MAX;

	return left < most ? left : most;
}

static int transfer_piece(struct asker *a, uint64_t address, uint8_t *bytes, size_t size, bool write)
{
	const struct wire_dma dma = { .address = address, .count = size };
	struct question q = { .command = write ? WIRE_DMA_WRITE : WIRE_DMA_READ,
			      .bytes = write ? NULL : bytes,
			      .size = size };
	uint8_t payload[sizeof(dma) + PIECE_MAX];

	if (write)
		fill(a, payload, &dma, bytes);
	else
		memcpy(payload, &dma, sizeof(dma));
	if (are_many(a))
		return write ? post(a, &dma, payload, sizeof(dma) + size) : -ELOOP;
	return ask(a, &q, payload, sizeof(dma) + (write ? size : 0));
}

/* --- what is not known before the first transfer ------------------------------------------------------- */

static int defer(struct asker *a, uint64_t address, const void *bytes, size_t size)
{
	struct deferred **last = &a->deferred;
	struct deferred *d;

	if (a->deferred_count >= ASKER_POSTED_MAX || size > PIECE_MAX)
		return -ELOOP;
	d = malloc(sizeof(*d) + size);
	if (!d)
		return -ENOMEM;
	*d = (struct deferred){ .address = address, .size = size };
	memcpy(d->bytes, bytes, size);
	while (*last)
		last = &(*last)->next;
	*last = d;
	a->deferred_count++;
	return 0;
}

/* The caller's to free; NULL: none is left. */
static struct deferred *take_deferred(struct asker *a)
{
	struct deferred *d = a->deferred;

	if (!d)
		return NULL;
	a->deferred = d->next;
	a->deferred_count--;
	return d;
}

static int post_piece(struct asker *a, uint64_t address, const uint8_t *bytes, size_t size)
{
	const struct wire_dma dma = { .address = address, .count = size };
	uint8_t payload[sizeof(dma) + PIECE_MAX];

	fill(a, payload, &dma, bytes);
	return post(a, &dma, payload, sizeof(dma) + size);
}

static void flush(struct asker *a)
{
	struct deferred *d;

	while ((d = take_deferred(a))) {
		size_t length;
		int rc = 0;

		for (size_t done = 0; rc == 0 && done < d->size; done += length) {
			length = piece_of(a, d->size - done);
			rc = post_piece(a, d->address + done, d->bytes + done, length);
		}
		if (rc < 0)
			a->failed(a->data, d->address, d->size, rc);
		free(d);
	}
}

static void fail_deferred(struct asker *a, int rc)
{
	struct deferred *d;

	while ((d = take_deferred(a))) {
		a->failed(a->data, d->address, d->size, rc);
		free(d);
	}
}

/* There are clients that do not know of requests, or take them for something else. */
static void give_up(struct asker *a, uint16_t id)
{
	if (a->late_count < ASKER_ASKED_MAX)
		a->late[a->late_count++] = id;
	if (!a->is_mute)
		a->mute(a->data);
	a->is_mute = true;
}

/* Of those that probe while another one does, which only reads do, the first one's is the word. */
static int probe(struct asker *a)
{
	const struct wire_dma dma = { .count = PROBE };
	struct question q = { .command = WIRE_DMA_READ, .is_probe = true };
	bool is_first = !a->is_probing;
	int rc;

	a->is_probing = true;
	rc = ask(a, &q, &dma, sizeof(dma));
	if (is_first)
		a->is_probing = false;
	if (q.is_answered) {
		a->is_wide = rc == -E2BIG || rc == -EINVAL;
		a->is_probed = true;
		return 0;
	}
	if (rc == -ETIMEDOUT) {
		give_up(a, q.id);
		rc = -EFAULT;
	}
	if (is_first)
		fail_deferred(a, rc);
	return rc;
}

int asker_transfer(struct asker *a, uint64_t address, void *bytes, size_t size, bool write)
{
	size_t length;
	int rc = 0;

	if (a->channel->socket < 0 || a->is_mute || a->data_max == 0)
		return -EFAULT;
	if (a->is_waited_for && !a->release(a->data))
		return -EBUSY;
	if (a->is_probing && write)
		return defer(a, address, bytes, size);
	if (!a->is_probed)
		rc = are_many(a) ? -ELOOP : probe(a);
	for (size_t done = 0; rc == 0 && done < size; done += length) {
		length = piece_of(a, size - done);
		rc = transfer_piece(a, address + done, (uint8_t *)bytes + done, length, write);
	}
	/* where nothing was sent */
	if (a->deferred && !a->is_probing)
		flush(a);
	return rc;
}

/* Nobody waits for it any more. */
static int take_late(struct asker *a, const struct message *m)
{
	for (unsigned int i = 0; i < a->late_count; i++) {
		if (a->late[i] != m->header.id || m->header.command != WIRE_DMA_READ)
			continue;
		a->late[i] = a->late[--a->late_count];
		return 0;
	}
	return -EPROTO;
}

static int take_posted(struct asker *a, const struct message *m)
{
	for (unsigned int i = 0; i < ASKER_POSTED_MAX; i++) {
		struct posted *p = &a->posted[i];

		if (!p->is_open || p->id != m->header.id || m->header.command != WIRE_DMA_WRITE)
			continue;
		p->is_open = false;
		if (m->header.flags & WIRE_ERROR)
			a->failed(a->data, p->address, p->size, error_of(m->header.error));
		return 0;
	}
	return take_late(a, m);
}

int asker_take(struct asker *a, const struct message *m)
{
	struct question *q = a->asked;
	size_t at = a->is_wide ? sizeof(struct wire_dma) : NARROW_DATA;

	while (q && (q->is_answered || q->id != m->header.id || q->command != m->header.command))
		q = q->before;
	if (!q)
		return take_posted(a, m);
	if (m->header.flags & WIRE_ERROR) {
		q->rc = error_of(m->header.error);
	} else if (q->bytes) {
		if (m->size < at + q->size)
			return -EPROTO;
		memcpy(q->bytes, m->payload + at, q->size);
	}
	q->is_answered = true;
	return 0;
}

void asker_restart(struct asker *a)
{
	a->is_probed = false;
	a->is_mute = false;
	a->late_count = 0;
	memset(a->posted, 0, sizeof(a->posted));
}
