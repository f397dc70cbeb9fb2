// SPDX-License-Identifier: GPL-2.0-or-later
/* What a twin's client answers when it is asked for DMA, and what it says in between: bytes of a stream, whatever they are. */
#include <errno.h>
#include <sys/socket.h>

#include "core/twin/asker.h"
#include "tests/fuzz/fuzz.h"

/* Less than a socket takes without a reader. */
#define STREAM_MAX 16384
/* What a client takes in a message: more than is asked for. */
#define PAGE 4096

static int turn(void *data)
{
	struct asker *a = data;
	int rc = channel_receive(a->channel);

	if (rc <= 0)
		return rc < 0 ? rc : -ECONNRESET;
	rc = (a->channel->message.header.flags & WIRE_TYPE_MASK) == WIRE_TYPE_REPLY
		     ? asker_take(a, &a->channel->message)
		     : 0;
	channel_next(a->channel);
	return rc;
}

static bool release(void *data)
{
	struct asker *a = data;

	a->is_waited_for = false;
	return true;
}

static void failed(void *data, uint64_t address, size_t size, int rc)
{
	const struct asker *a = data;

	if (!a || address < size || rc >= 0)
		abort();
}

static void mute(void *data)
{
	(void)data;
}

/* A byte of flags, then the stream. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct channel channel = { .socket = -1 };
	struct asker a = { .channel = &channel,
			   .turn = turn,
			   .release = release,
			   .failed = failed,
			   .mute = mute,
			   .data = &a };
	uint8_t bytes[64] = { 0 };
	int sockets[2];
	int rc = 0;

	if (size < 1 || size > STREAM_MAX)
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, sockets) < 0 ||
	    channel_open(&channel, sockets[0]) < 0 ||
	    write(sockets[1], data + 1, size - 1) != (ssize_t)size - 1 || shutdown(sockets[1], SHUT_WR) < 0)
		abort();
	a.is_answering = data[0] & 1;
	a.is_waited_for = data[0] & 2;
	a.data_max = data[0] & 4 ? sizeof(bytes) / 4 : PAGE;
	for (unsigned int i = 0; i < 8 && rc == 0; i++)
		rc = asker_transfer(&a, UINT64_MAX - i, bytes, sizeof(bytes), data[0] >> i & 1);
	if (a.asked || a.deferred || rc > 0)
		abort();
	channel_close(&channel);
	close(sockets[1]);
	return 0;
}
