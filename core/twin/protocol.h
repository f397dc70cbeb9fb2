/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each message asks of the device. The client is not trusted: every length and index is checked. */
#ifndef PCIETOOL_TWIN_PROTOCOL_H
#define PCIETOOL_TWIN_PROTOCOL_H

#include "core/twin/device.h"
#include "core/twin/message.h"

struct protocol {
	struct twin_device *device;
	bool is_open; /* a version was agreed on */
	uint64_t data_max; /* bytes of data that the client takes in a message, from then on */
};

/*
 * Does what MESSAGE asks for and fills REPLY, whose bytes have room for WIRE_MESSAGE_MAX. Descriptors that it keeps become -1
 * in the message. 0, with an errno in the reply where it was refused; -EPROTO: there is nothing to be said to such a client.
 */
int protocol_answer(struct protocol *protocol, struct message *message, struct message_reply *reply);
/* It is an answer itself. */
bool protocol_is_reply(const struct message *message);
/* It writes to a BAR, whole: struct wire_region and the data. */
bool protocol_is_bar_write(const struct message *message);
/* The client wants an answer to it. */
bool protocol_wants_reply(const struct message *message);

#endif
