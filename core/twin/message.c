// SPDX-License-Identifier: GPL-2.0-or-later
/* Messages come in pieces, descriptors with the first one. Knows the header, and nothing of what is behind it. */
#include "core/twin/message.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/base/error.h"

/* QEMU waits 5 s for an answer itself (hw/vfio-user/device.c, property x-msg-timeout) */
#define SEND_MS 5000

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(WIRE_FDS_MAX * sizeof(int))];
};

int channel_open(struct channel *channel, int socket)
{
	*channel = (struct channel){ .socket = -1, .buffer = malloc(WIRE_MESSAGE_MAX) };
	if (!channel->buffer)
		return -ENOMEM;
	channel->socket = socket;
	return 0;
}

void channel_next(struct channel *channel)
{
	for (unsigned int i = 0; i < channel->message.fd_count; i++) {
		if (channel->message.fds[i] >= 0)
			close(channel->message.fds[i]);
	}
	channel->message = (struct message){ 0 };
	channel->have = 0;
}

void channel_close(struct channel *channel)
{
	channel_next(channel);
	if (channel->socket >= 0)
		close(channel->socket);
	channel->socket = -1;
	free(channel->buffer);
	channel->buffer = NULL;
}

int channel_set_aside(struct channel *channel, struct channel *outer)
{
	uint8_t *buffer = malloc(WIRE_MESSAGE_MAX);

	if (!buffer)
		return -ENOMEM;
	*outer = *channel;
	*channel = (struct channel){ .socket = outer->socket, .buffer = buffer };
	return 0;
}

void channel_take_back(struct channel *channel, const struct channel *outer)
{
	int socket = channel->socket;

	channel_next(channel);
	free(channel->buffer);
	*channel = *outer;
	channel->socket = socket;
}

static int take_fds(struct message *m, struct msghdr *received)
{
	int rc = received->msg_flags & MSG_CTRUNC ? -EPROTO : 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(received); c; c = CMSG_NXTHDR(received, c)) {
		size_t count;

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (m->fd_count < WIRE_FDS_MAX) {
				m->fds[m->fd_count++] = fd;
			} else {
				close(fd);
				rc = -EPROTO;
			}
		}
	}
	return rc;
}

/* The bytes that the message has in all, as far as that is known. */
static int wanted(const struct channel *c, size_t *size)
{
	struct wire_header header;

	*size = sizeof(header);
	if (c->have < sizeof(header))
		return 0;
	memcpy(&header, c->buffer, sizeof(header));
	*size = header.size;
	return header.size < sizeof(header) || header.size > WIRE_MESSAGE_MAX ? -EPROTO : 0;
}

static int receive_piece(struct channel *c, size_t size)
{
	struct iovec vector = { .iov_base = c->buffer + c->have, .iov_len = size };
	union control control;
	struct msghdr received = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n = recvmsg(c->socket, &received, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (n < 0)
		return errno == EINTR || errno == EAGAIN ? -EAGAIN : error_last();
	if (n == 0)
		return -ECONNRESET;
	c->have += (size_t)n;
	return take_fds(&c->message, &received);
}

int channel_receive(struct channel *c)
{
	size_t size;
	int rc;

	while ((rc = wanted(c, &size)) == 0 && c->have < size) {
		rc = receive_piece(c, size - c->have);
		if (rc == -EAGAIN)
			return 0;
		if (rc < 0)
			break;
	}
	if (rc < 0)
		return rc;
	memcpy(&c->message.header, c->buffer, sizeof(c->message.header));
	c->message.payload = c->buffer + sizeof(c->message.header);
	c->message.size = size - sizeof(c->message.header);
	return 1;
}

/* Room for more in its queue. */
static int wait_for_room(int socket)
{
	struct pollfd p = { .fd = socket, .events = POLLOUT };
	int n = poll(&p, 1, SEND_MS);

	if (n < 0)
		return errno == EINTR ? 0 : error_last();
	return n == 0 ? -ETIMEDOUT : 0;
}

static void advance(struct msghdr *m, size_t n)
{
	while (m->msg_iovlen && n >= m->msg_iov->iov_len) {
		n -= m->msg_iov->iov_len;
		m->msg_iov++;
		m->msg_iovlen--;
	}
	if (m->msg_iovlen) {
		m->msg_iov->iov_base = (uint8_t *)m->msg_iov->iov_base + n;
		m->msg_iov->iov_len -= n;
	}
}

static int send_all(int socket, struct msghdr *m)
{
	while (m->msg_iovlen) {
		ssize_t n = sendmsg(socket, m, MSG_NOSIGNAL | MSG_DONTWAIT);
		int rc = 0;

		if (n < 0 && errno == EAGAIN)
			rc = wait_for_room(socket);
		else if (n < 0 && errno != EINTR)
			rc = error_last();
		/* some of a message may be there: what would come next would be taken for the rest of it */
		if (rc < 0) {
			shutdown(socket, SHUT_RDWR);
			return rc;
		}
		if (n <= 0)
			continue;
		/* descriptors went with the first piece */
		m->msg_control = NULL;
		m->msg_controllen = 0;
		advance(m, (size_t)n);
	}
	return 0;
}

int channel_request(struct channel *c, uint16_t id, uint16_t command, const void *payload, size_t size)
{
	struct wire_header header = {
		.id = id,
		.command = command,
		.size = (uint32_t)(sizeof(header) + size),
	};
	struct iovec vectors[] = { { &header, sizeof(header) }, { (void *)payload, size } };
	struct msghdr m = { .msg_iov = vectors, .msg_iovlen = 2 };

	return send_all(c->socket, &m);
}

int channel_reply(struct channel *c, const struct message_reply *reply)
{
	size_t size = reply->error ? 0 : reply->size;
	struct wire_header header = {
		.id = c->message.header.id,
		.command = c->message.header.command,
		.size = (uint32_t)(sizeof(header) + size),
		.flags = WIRE_TYPE_REPLY | (reply->error ? WIRE_ERROR : 0),
		.error = (uint32_t)reply->error,
	};
	struct iovec vectors[] = { { &header, sizeof(header) }, { reply->bytes, size } };
	struct msghdr m = { .msg_iov = vectors, .msg_iovlen = 2 };
	union control control = { 0 };

	if (!reply->error && reply->fd >= 0) {
		m.msg_control = &control;
		m.msg_controllen = CMSG_SPACE(sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &reply->fd, sizeof(reply->fd));
	}
	return send_all(c->socket, &m);
}
