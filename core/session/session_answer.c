// SPDX-License-Identifier: GPL-2.0-or-later
/* The holder's answers, one function a request. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/dma/client.h"
#include "core/base/clock.h"
#include "core/backend/helper.h"
#include "core/backend/path.h"
#include "core/session/session_internal.h"
#include "core/backend/session_wire.h"
#include "core/backend/vfio.h"
#include "core/backend/backend.h"

struct exchange {
	struct session *session;
	struct session_peer *peer;
	struct session_request request;
	struct session_reply reply;
	int fd; /* to be passed; stays the session's; -1: none */
};

typedef int (*answer_fn)(struct exchange *x);

static const struct client_ops *ops(const struct exchange *x)
{
	return x->peer->client->ops;
}

static int hello(struct exchange *x)
{
	struct session *s = x->session;

	x->reply.summary.kind = s->kind;
	x->reply.summary.mask_bits = s->mask_bits;
	if (device_vfio(s->device))
		x->fd = vfio_device_fd(device_vfio(s->device));
	else if (s->helper)
		x->fd = helper_fd(s->helper);
	else if (s->uio_fd >= 0)
		x->fd = s->uio_fd;
	return 0;
}

/* Buffers and interrupts as a client of that way sees them. */
static void summarize(struct exchange *x, struct buffer_client *client)
{
	struct session_summary *summary = &x->reply.summary;
	struct interrupt_state irq;
	struct buffer *list;
	struct error ignored;
	size_t count;

	if (buffer_list(client, &list, &count, &ignored) == 0) {
		summary->buffers = (uint32_t)count;
		for (size_t i = 0; i < count; i++)
			summary->bytes += list[i].length;
		buffer_list_free(list);
	}
	if (interrupt_state(client, &irq, &ignored) == 0) {
		summary->irq_type = irq.type;
		summary->vectors = irq.vectors;
	}
}

static int status(struct exchange *x)
{
	struct session_summary *summary = &x->reply.summary;
	struct session *s = x->session;

	summary->kind = s->kind;
	summary->mask_bits = s->mask_bits;
	summary->pid = getpid();
	summary->age = clock_ns() - s->started;
	summary->clients = (uint32_t)s->peer_count - 1; /* but for the one that asks */
	snprintf(summary->command, sizeof(summary->command), "%s", s->command);
	if (device_vfio(s->device))
		snprintf(summary->interface, sizeof(summary->interface), "%s",
			 vfio_interface(device_vfio(s->device)));
	if (s->helper)
		summarize(x, helper_client(s->helper));
	else if (x->peer->client)
		summarize(x, x->peer->client);
	return 0;
}

static int alloc(struct exchange *x)
{
	struct session_request *r = &x->request;

	if (r->size == 0)
		return -EINVAL;
	if (r->name[0] && buffer_name_check(r->name, &x->reply.error) < 0)
		return -EINVAL;
	return ops(x)->alloc(x->peer->client, r->name, r->size, &x->reply.buffer, &x->reply.error);
}

static int free_buffer(struct exchange *x)
{
	return ops(x)->free(x->peer->client, x->request.handle, x->request.flag, &x->reply.error);
}

static int next_buffer(struct exchange *x)
{
	return ops(x)->next_buffer(x->peer->client, x->request.handle, &x->reply.buffer, &x->reply.error);
}

static int map(struct exchange *x)
{
	return vfio_buffer_fd(device_vfio(x->session->device), x->request.handle, &x->fd);
}

static int irq_state(struct exchange *x)
{
	return ops(x)->irq_state(x->peer->client, &x->reply.irq, &x->reply.error);
}

static int irq_enable(struct exchange *x)
{
	struct session_request *r = &x->request;

	if (r->number == INTERRUPT_NONE || r->number >= INTERRUPT_AUTO)
		return -EINVAL;
	x->session->generation++;
	return ops(x)->irq_enable(x->peer->client, (enum interrupt_type)r->number, r->count, &x->reply.count,
				  &x->reply.error);
}

static int irq_disable(struct exchange *x)
{
	x->session->generation++;
	return ops(x)->irq_disable(x->peer->client, &x->reply.error);
}

static int irq_fd(struct exchange *x)
{
	struct vfio *vfio = device_vfio(x->session->device);

	x->reply.generation = x->session->generation;
	x->reply.irq.type = vfio_irq_type(vfio);
	return vfio_irq_fd(vfio, x->request.number, &x->fd);
}

static int claim(struct exchange *x)
{
	return ops(x)->claim(x->peer->client, x->request.flag, &x->reply.error);
}

static int stop_write(struct exchange *x)
{
	struct session_request *r = &x->request;

	return ops(x)->stop_write(x->peer->client, r->number, r->offset, r->width, r->value, r->mask,
				  &x->reply.error);
}

static int forget(struct exchange *x)
{
	ops(x)->close(x->peer->client);
	x->peer->client = NULL;
	return 0;
}

static const struct {
	answer_fn answer;
	bool needs_vfio;
} answers[SESSION_REQUESTS] = {
	[SESSION_HELLO] = { hello, false },
	[SESSION_STATUS] = { status, false },
	[SESSION_ALLOC] = { alloc, true },
	[SESSION_FREE] = { free_buffer, true },
	[SESSION_NEXT] = { next_buffer, true },
	[SESSION_MAP] = { map, true },
	[SESSION_IRQ_STATE] = { irq_state, true },
	[SESSION_IRQ_ENABLE] = { irq_enable, true },
	[SESSION_IRQ_DISABLE] = { irq_disable, true },
	[SESSION_IRQ_FD] = { irq_fd, true },
	[SESSION_CLAIM] = { claim, true },
	[SESSION_STOP_WRITE] = { stop_write, true },
	[SESSION_FORGET] = { forget, true },
};

/* -errno: this is no request of ours. */
static int check(struct exchange *x)
{
	const struct session_request *r = &x->request;

	if (r->magic != SESSION_MAGIC || r->type >= SESSION_REQUESTS ||
	    !memchr(r->name, '\0', sizeof(r->name)))
		return -EPROTO;
	return 0;
}

/* What a client has belongs to its connection: each has one of its own. */
static int give_client(struct exchange *x)
{
	struct device *device = x->session->device;

	if (x->peer->client || !device_vfio(device))
		return 0;
	return vfio_client_open(device, &x->peer->client, &x->reply.error);
}

int session_answer(struct session *s, struct session_peer *peer)
{
	struct exchange x = { .session = s, .peer = peer, .fd = -1 };
	int rc;

	rc = session_socket_receive(peer->socket, &x.request, sizeof(x.request), NULL);
	if (rc == 0)
		rc = check(&x);
	if (rc < 0)
		return rc;
	x.reply.magic = SESSION_MAGIC;
	x.reply.rc = give_client(&x);
	if (x.reply.rc == 0)
		x.reply.rc = answers[x.request.type].needs_vfio && !device_vfio(s->device)
				     ? -EOPNOTSUPP
				     : answers[x.request.type].answer(&x);
	/* no descriptor of ours, no pointer, goes out with a failure */
	return session_socket_send(peer->socket, &x.reply, sizeof(x.reply), x.reply.rc == 0 ? x.fd : -1);
}

void session_hang_up(struct session_peer *peer)
{
	if (peer->client)
		peer->client->ops->close(peer->client);
	close(peer->socket);
}
