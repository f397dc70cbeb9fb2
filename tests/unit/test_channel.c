// SPDX-License-Identifier: GPL-2.0-or-later
/* A client that takes half of a message and no more, until the sender gives up: nothing may come behind that half. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/twin/message.h"
#include "tests/unit/tap.h"

struct pair {
	struct channel channel;
	int client;
};

static void pair_open(struct pair *p)
{
	int sockets[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, sockets) < 0 ||
	    channel_open(&p->channel, sockets[0]) < 0)
		abort();
	p->client = sockets[1];
}

/* All that came; is that the end? */
static bool ends(int client, size_t *size)
{
	char bytes[65536];
	ssize_t n;

	*size = 0;
	while ((n = read(client, bytes, sizeof(bytes))) > 0)
		*size += (size_t)n;
	return n == 0;
}

static void check(struct tap *tap, const char *what, struct pair *p, int rc, size_t whole)
{
	size_t size;
	bool is_end = ends(p->client, &size);

	ok(tap, rc == -ETIMEDOUT && size > 0 && size < whole, "%s: %d, %zu of %zu bytes came", what, rc, size,
	   whole);
	ok(tap, is_end, "%s: nothing comes behind them", what);
	ok(tap, channel_receive(&p->channel) == -ECONNRESET, "%s: the connection is over", what);
	channel_close(&p->channel);
	close(p->client);
}

int main(void)
{
	static uint8_t bytes[WIRE_DATA_MAX];
	const struct message_reply reply = { .size = sizeof(bytes), .bytes = bytes, .fd = -1 };
	struct tap tap = { 0 };
	struct pair a;
	struct pair b;
	int rc;

	pair_open(&a);
	rc = channel_reply(&a.channel, &reply);
	check(&tap, "a reply", &a, rc, sizeof(struct wire_header) + sizeof(bytes));
	pair_open(&b);
	rc = channel_request(&b.channel, 1, WIRE_DMA_WRITE, bytes, sizeof(bytes));
	check(&tap, "a request", &b, rc, sizeof(struct wire_header) + sizeof(bytes));
	return tap_done(&tap);
}
