// SPDX-License-Identifier: GPL-2.0-or-later
/* Buffers and interrupts by asking the holder of our session; what it may know of VFIO are descriptors. */
#include "core/backend/backend.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/dma/client.h"
#include "core/base/clock.h"
#include "core/backend/path.h"
#include "core/backend/session_link.h"
#include "core/backend/vfio.h"

/* Who disables interrupts tells nobody: those who wait for one ask this often. */
#define SLICE_NS UINT64_C(1000000000)

struct session_client {
	struct buffer_client client; /* first */
	struct session_link *link; /* the device's */
	bool has_own; /* a claim or unnamed buffers, which end with this client */

	/* the vector that was asked for last */
	int event_fd; /* -1: none */
	unsigned int vector;
	bool is_intx;
	uint32_t generation; /* of the interrupts; 0 is none */
	struct event_count count;
};

static struct session_client *to_session(struct buffer_client *client)
{
	return (struct session_client *)client;
}

static int ask(struct buffer_client *client, struct session_request *request, struct session_reply *reply,
	       int *fd, struct error *error)
{
	return session_link_ask(to_session(client)->link, request, reply, fd, error);
}

static int alloc(struct buffer_client *client, const char *name, uint64_t size, struct buffer *buffer,
		 struct error *error)
{
	struct session_request request = { .type = SESSION_ALLOC, .size = size };
	struct session_reply reply;
	int rc;

	snprintf(request.name, sizeof(request.name), "%s", name);
	rc = ask(client, &request, &reply, NULL, error);
	if (rc == 0)
		*buffer = reply.buffer;
	to_session(client)->has_own |= rc == 0 && !*name;
	return rc;
}

static int free_buffer(struct buffer_client *client, uint32_t handle, unsigned int how, struct error *error)
{
	struct session_request request = { .type = SESSION_FREE, .handle = handle, .flag = how };
	struct session_reply reply;

	return ask(client, &request, &reply, NULL, error);
}

static int next_buffer(struct buffer_client *client, uint32_t first, struct buffer *buffer,
		       struct error *error)
{
	struct session_request request = { .type = SESSION_NEXT, .handle = first };
	struct session_reply reply;
	int rc = ask(client, &request, &reply, NULL, error);

	if (rc == 0)
		*buffer = reply.buffer;
	return rc;
}

static int memory_fd(struct buffer_client *client, const struct buffer *buffer, int *fd, struct error *error)
{
	struct session_request request = { .type = SESSION_MAP, .handle = buffer->handle };
	struct session_reply reply;
	int received = -1;
	int rc = ask(client, &request, &reply, &received, error);

	if (rc < 0 && received >= 0)
		close(received);
	if (rc < 0 || received < 0)
		return rc < 0 ? rc : -EPROTO;
	*fd = received;
	return 0;
}

static int map(struct buffer_client *client, const struct buffer *buffer, void **memory, struct error *error)
{
	void *address;
	int fd;
	int rc = memory_fd(client, buffer, &fd, error);

	if (rc < 0)
		return rc;
	address = mmap(NULL, buffer->length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	rc = address == MAP_FAILED ? error_last() : 0;
	close(fd);
	if (rc == 0)
		*memory = address;
	return rc;
}

/* --- interrupts ----------------------------------------------------------------------------------- */

static int irq_state(struct buffer_client *client, struct interrupt_state *state, struct error *error)
{
	struct session_request request = { .type = SESSION_IRQ_STATE };
	struct session_reply reply;
	int rc = ask(client, &request, &reply, NULL, error);

	if (rc == 0)
		*state = reply.irq;
	return rc;
}

static int irq_enable(struct buffer_client *client, enum interrupt_type type, unsigned int vectors,
		      unsigned int *enabled, struct error *error)
{
	struct session_request request = { .type = SESSION_IRQ_ENABLE, .number = type, .count = vectors };
	struct session_reply reply;
	int rc = ask(client, &request, &reply, NULL, error);

	if (rc == 0)
		*enabled = reply.count;
	return rc;
}

static int irq_disable(struct buffer_client *client, struct error *error)
{
	struct session_request request = { .type = SESSION_IRQ_DISABLE };
	struct session_reply reply;

	return ask(client, &request, &reply, NULL, error);
}

static void forget_vector(struct session_client *c)
{
	if (c->event_fd < 0)
		return;
	event_count_close(&c->count);
	close(c->event_fd);
	c->event_fd = -1;
}

/* Asks anew, so that interrupts which were disabled meanwhile are known to be. */
static int open_vector(struct session_client *c, unsigned int vector, struct error *error)
{
	struct session_request request = { .type = SESSION_IRQ_FD, .number = vector };
	struct session_reply reply;
	int fd = -1;
	int rc;

	rc = ask(&c->client, &request, &reply, &fd, error);
	if (rc < 0 || fd < 0)
		return rc < 0 ? rc : -EPROTO;
	/* what waits has seen events: it is kept while it is the same */
	if (c->event_fd >= 0 && c->vector == vector && c->generation == reply.generation) {
		close(fd);
		return 0;
	}
	forget_vector(c);
	rc = event_count_open(fd, false, &c->count);
	if (rc == -ENOENT)
		rc = error_set(
			error, ERROR_FAILED, "no-proc",
			"%s: a session's interrupts are counted in /proc/self/fdinfo, which is not here",
			c->client.device->name);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	c->event_fd = fd;
	c->vector = vector;
	c->generation = reply.generation;
	c->is_intx = reply.irq.type == INTERRUPT_INTX;
	return 0;
}

static int irq_count(struct buffer_client *client, unsigned int vector, uint64_t *count,
		     unsigned int *linux_irq, struct error *error)
{
	struct session_client *c = to_session(client);
	int rc = open_vector(c, vector, error);

	if (linux_irq)
		*linux_irq = 0;
	return rc < 0 ? rc : event_count_read(&c->count, count);
}

static int irq_wait(struct buffer_client *client, unsigned int vector, uint64_t since, uint64_t timeout,
		    uint64_t *count, struct error *error)
{
	struct session_client *c = to_session(client);
	uint64_t start = clock_ns();
	uint64_t left = timeout;
	int intx_fd;
	int rc = 0;

	if (c->event_fd < 0 || c->vector != vector)
		rc = open_vector(c, vector, error);
	if (rc < 0)
		return rc;
	/* armed once a wait: a line that nobody acknowledges would be counted again and again */
	intx_fd = c->is_intx ? device_vfio_fd(client->device) : -1;
	for (;;) {
		uint64_t slice = left < SLICE_NS ? left : SLICE_NS;
		uint64_t passed;

		rc = vfio_wait(&c->count, intx_fd, since, slice, session_link_socket(c->link), count);
		if (rc != -ETIME)
			break;
		/* nothing came: are they still enabled? */
		rc = open_vector(c, vector, error);
		if (rc < 0)
			return rc;
		if (slice == left)
			return -ETIME;
		passed = clock_ns() - start;
		left = timeout == INTERRUPT_FOREVER ? timeout : timeout > passed ? timeout - passed : 0;
		intx_fd = -1;
	}
	if (rc == -ECANCELED) {
		error_set(error, ERROR_GONE, "session-ended", "%s: the session has ended",
			  client->device->name);
		rc = -ESHUTDOWN;
	}
	return rc;
}

static int irq_fd(struct buffer_client *client, unsigned int vector, int *fd, struct error *error)
{
	struct session_client *c = to_session(client);
	int rc = open_vector(c, vector, error);

	return rc < 0 ? rc : event_watch_open(c->event_fd, session_link_socket(c->link), fd);
}

/* --- the claim -------------------------------------------------------------------------------------- */

static int claim(struct buffer_client *client, bool release, struct error *error)
{
	struct session_request request = { .type = SESSION_CLAIM, .flag = release };
	struct session_reply reply;
	int rc = ask(client, &request, &reply, NULL, error);

	to_session(client)->has_own |= rc == 0 && !release;
	return rc;
}

static int stop_write(struct buffer_client *client, unsigned int bar, uint64_t offset, unsigned int width,
		      uint64_t value, uint64_t mask, struct error *error)
{
	struct session_request request = { .type = SESSION_STOP_WRITE,
					   .number = bar,
					   .width = width,
					   .offset = offset,
					   .value = value,
					   .mask = mask };
	struct session_reply reply;

	return ask(client, &request, &reply, NULL, error);
}

static void close_client(struct buffer_client *client)
{
	struct session_client *c = to_session(client);
	struct session_request request = { .type = SESSION_FORGET };
	struct session_reply reply;
	struct error ignored;

	/* the connection may live on: a batch keeps its devices */
	if (c->has_own)
		ask(client, &request, &reply, NULL, &ignored);
	forget_vector(c);
	free(c);
}

static const struct client_ops session_client_ops = {
	.name = "VFIO",
	.alloc = alloc,
	.free = free_buffer,
	.next_buffer = next_buffer,
	.map = map,
	.memory_fd = memory_fd,
	.irq_state = irq_state,
	.irq_enable = irq_enable,
	.irq_disable = irq_disable,
	.irq_count = irq_count,
	.irq_wait = irq_wait,
	.irq_fd = irq_fd,
	.claim = claim,
	.stop_write = stop_write,
	.close = close_client,
};

int session_client_open(struct device *device, struct buffer_client **client, struct error *error)
{
	struct session_client *c = calloc(1, sizeof(*c));

	if (!c)
		return error_errno(error, -ENOMEM, "%s", device->name);
	c->client = (struct buffer_client){ .ops = &session_client_ops, .device = device };
	c->link = device_session(device);
	c->event_fd = -1;
	*client = &c->client;
	return 0;
}
