/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages with descriptors on a stream socket: whole ones are handed out, nothing waits for the rest of one. */
#ifndef PCIETOOL_TWIN_MESSAGE_H
#define PCIETOOL_TWIN_MESSAGE_H

#include <stddef.h>

#include "core/twin/wire.h"

struct message {
	struct wire_header header;
	const uint8_t *payload;
	size_t size; /* of the payload */
	int fds[WIRE_FDS_MAX]; /* -1: whoever took one has it */
	unsigned int fd_count;
};

struct message_reply {
	int error; /* errno; then only a header goes out */
	size_t size;
	uint8_t *bytes; /* WIRE_MESSAGE_MAX of them */
	int fd; /* passed along; stays its owner's. -1: none */
};

struct channel {
	int socket; /* -1: closed */
	uint8_t *buffer; /* WIRE_MESSAGE_MAX */
	size_t have;
	struct message message; /* that is coming in */
};

/* SOCKET becomes the channel's. 0 or -ENOMEM. */
int channel_open(struct channel *channel, int socket);
/* With all descriptors that nobody took. A closed one stays closed; it may be all zero but for its socket, -1. */
void channel_close(struct channel *channel);

/*
 * What the socket has. 1: channel->message is whole, until channel_next(); 0: not yet; -ECONNRESET: the client hung up;
 * -EPROTO: what it sends is no message; another -errno.
 */
int channel_receive(struct channel *channel);
void channel_next(struct channel *channel);

/*
 * The message that is being answered is put into OUTER, and another one may come in, until it is taken back. -ENOMEM: it
 * stays. In between the channel may be closed; it is then to be closed once more.
 */
int channel_set_aside(struct channel *channel, struct channel *outer);
void channel_take_back(struct channel *channel, const struct channel *outer);

/*
 * Both: 0; -ETIMEDOUT: the client takes nothing for some seconds; another -errno. After a failure the connection is shut down, as
 * half a message may have gone out: what comes in next is -ECONNRESET.
 */
/* A message of one's own. */
int channel_request(struct channel *channel, uint16_t id, uint16_t command, const void *payload, size_t size);
int channel_reply(struct channel *channel, const struct message_reply *reply);

#endif
