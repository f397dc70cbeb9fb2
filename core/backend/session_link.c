// SPDX-License-Identifier: GPL-2.0-or-later
/* The connection to the holder of our session: a question, its answer. */
#include "core/backend/session_link.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/backend/session_wire.h"

#define MS_NS 1000000
/* The largest errno; Linux: include/linux/err.h. */
#define MAX_ERRNO 4095

struct session_link {
	int socket;
	uint64_t patience; /* ns */
	int fd;
	enum backend_id kind;
	unsigned int mask_bits;
};

static bool ends(const char *text, size_t size)
{
	return memchr(text, '\0', size);
}

/* As a byte: to read another value as a bool is undefined. */
static bool is_bool(const bool *value)
{
	return *(const unsigned char *)value <= 1;
}

/* Whoever listens there says it: nothing of it is a string's end, an index or a status before it was looked at. */
static bool is_sound(const struct session_reply *r)
{
	return r->magic == SESSION_MAGIC && r->rc <= 0 && r->rc >= -MAX_ERRNO &&
	       r->summary.kind <= BACKEND_UIO && r->summary.irq_type < INTERRUPT_AUTO &&
	       r->summary.mask_bits <= 64 && r->irq.type < INTERRUPT_AUTO && r->error.kind <= ERROR_DIFFERS &&
	       is_bool(&r->irq.intx_available) && is_bool(&r->buffer.page_backed) &&
	       is_bool(&r->buffer.coherent) && is_bool(&r->buffer.orphan) && is_bool(&r->buffer.own) &&
	       ends(r->buffer.name, sizeof(r->buffer.name)) &&
	       ends(r->summary.interface, sizeof(r->summary.interface)) &&
	       ends(r->summary.command, sizeof(r->summary.command)) &&
	       ends(r->error.code, sizeof(r->error.code)) &&
	       ends(r->error.message, sizeof(r->error.message)) && ends(r->error.hint, sizeof(r->error.hint));
}

/* Memory is zeroed, and locked page by page: at 16 MiB a second on the slowest machine, of a TiB at most. */
static uint64_t extra_patience(const struct session_request *request)
{
	const uint64_t most = UINT64_C(1) << 40;

	if (request->type != SESSION_ALLOC)
		return 0;
	return (request->size < most ? request->size : most) / (16 << 20) * 1000 * MS_NS;
}

/* Through signals, whose handlers only note them: a capture that is told to stop has more to ask for. */
static int wait_answer(const struct session_link *link, uint64_t patience)
{
	struct pollfd poller = { .fd = link->socket, .events = POLLIN };
	uint64_t start = clock_ns();
	uint64_t passed = 0;
	int n;

	do {
		n = poll(&poller, 1, (int)((patience - passed) / MS_NS));
		passed = clock_ns() - start;
	} while (n < 0 && errno == EINTR && passed < patience);
	return n > 0 ? 0 : n == 0 ? -ETIMEDOUT : error_last();
}

int session_link_ask(struct session_link *link, struct session_request *request, struct session_reply *reply,
		     int *fd, struct error *error)
{
	int rc;

	request->magic = SESSION_MAGIC;
	*reply = (struct session_reply){ .rc = 0 };
	rc = session_socket_send(link->socket, request, sizeof(*request), -1);
	if (rc == 0)
		rc = wait_answer(link, link->patience + extra_patience(request));
	if (rc == 0)
		rc = session_socket_receive(link->socket, reply, sizeof(*reply), fd);
	if (rc == 0 && !is_sound(reply)) {
		if (fd && *fd >= 0) {
			close(*fd);
			*fd = -1;
		}
		rc = -EPROTO;
	}
	if (rc < 0) {
		/* what still comes is no answer to the next request */
		shutdown(link->socket, SHUT_RDWR);
		error_set(error, ERROR_GONE, "session-ended", "the session has ended, or does not answer: %s",
			  strerror(-rc));
		return -ESHUTDOWN;
	}
	/* places in our memory are ours to know */
	reply->buffer.client = NULL;
	reply->buffer.map = NULL;
	if (reply->rc < 0 && reply->error.kind != ERROR_NONE)
		*error = reply->error;
	return reply->rc;
}

int session_link_connect(const char *path, uint64_t patience, struct session_link **link)
{
	struct session_request hello = { .type = SESSION_HELLO };
	struct session_link *l = calloc(1, sizeof(*l));
	struct session_reply reply;
	struct error ignored;
	int rc;

	if (!l)
		return -ENOMEM;
	l->fd = -1;
	l->patience = patience;
	l->socket = session_socket_connect(path);
	rc = l->socket < 0 ? l->socket : 0;
	/* root may be in another user's session: it asked for that itself, and believes nothing unseen */
	if (rc == 0 && geteuid() != 0 && !session_socket_is_trusted(l->socket))
		rc = -EPERM;
	if (rc == 0)
		rc = session_link_ask(l, &hello, &reply, &l->fd, &ignored);
	if (rc < 0) {
		session_link_close(l);
		return rc == -ENOENT ? -ECONNREFUSED : rc;
	}
	l->kind = (enum backend_id)reply.summary.kind;
	l->mask_bits = reply.summary.mask_bits;
	*link = l;
	return 0;
}

int session_link_open(const char *sessions, const char *name, struct session_link **link)
{
	size_t length = strlen(name);

	while (*sessions) {
		size_t n = strcspn(sessions, ",");
		char path[PATH_MAX];

		if (n < sizeof(path) && n > length && sessions[n - length - 1] == '/' &&
		    strncmp(sessions + n - length, name, length) == 0) {
			snprintf(path, sizeof(path), "%.*s", (int)n, sessions);
			return session_link_connect(path, SESSION_PATIENCE, link);
		}
		sessions += n;
		sessions += *sessions == ',';
	}
	return -ENOENT;
}

void session_link_close(struct session_link *link)
{
	if (!link)
		return;
	if (link->socket >= 0)
		close(link->socket);
	if (link->fd >= 0)
		close(link->fd);
	free(link);
}

enum backend_id session_link_kind(const struct session_link *link)
{
	return link->kind;
}

unsigned int session_link_mask_bits(const struct session_link *link)
{
	return link->mask_bits;
}

int session_link_fd(const struct session_link *link)
{
	return link->fd;
}

int session_link_socket(const struct session_link *link)
{
	return link->socket;
}

bool session_link_is_alive(const struct session_link *link)
{
	struct pollfd poller = { .fd = link->socket };

	return poll(&poller, 1, 0) <= 0 || !(poller.revents & (POLLHUP | POLLERR));
}
