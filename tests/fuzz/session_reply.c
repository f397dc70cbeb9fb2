// SPDX-License-Identifier: GPL-2.0-or-later
/* A command's end of a session: the holder's replies, whatever is in them. */
#include <sys/eventfd.h>
#include <sys/socket.h>

#include "core/backend/backend.h"
#include "core/backend/path.h"
#include "core/backend/session_link.h"
#include "core/dma/interrupt.h"
#include "tests/fuzz/fuzz.h"

/* The holder has answered before it was asked: nobody has to listen. */
static int holder;
static int answered;

static int connect_fake(const char *path)
{
	(void)path;
	return answered;
}

#define session_socket_connect connect_fake
#include "core/backend/session_link.c"

#define REPLIES 4

static void send_replies(const uint8_t *data, size_t size)
{
	int event = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);

	for (int i = 0; i < REPLIES; i++) {
		struct session_reply reply = { .magic = SESSION_MAGIC };
		size_t n = size < sizeof(reply) ? size : sizeof(reply);

		memcpy(&reply, data, n);
		/* one in eight keeps what it has */
		if (reply.generation % 8)
			reply.magic = SESSION_MAGIC;
		if (session_socket_send(holder, &reply, sizeof(reply), event) < 0)
			abort();
		data += n;
		size -= n;
	}
	close(event);
}

static void use_client(struct buffer_client *client, unsigned int what)
{
	enum interrupt_type type;
	struct interrupt_state state;
	struct buffer *buffer;
	struct error error;
	unsigned int number;
	uint64_t value;
	size_t count;

	if (what == 0 && buffer_list(client, &buffer, &count, &error) == 0) {
		if (count && buffer[0].map)
			abort();
		buffer_list_free(buffer);
	}
	if (what == 1 && buffer_open(client, "rx", &buffer, &error) == 0)
		buffer_close(buffer);
	if (what == 2 && buffer_alloc(client, "rx", 1, &buffer, &error) == 0) {
		/* where it is mapped only we know */
		if (buffer->map)
			abort();
		buffer_close(buffer);
	}
	if (what == 3 && interrupt_state(client, &state, &error) == 0)
		interrupt_type_name(state.type);
	if (what == 4)
		interrupt_enable(client, INTERRUPT_AUTO, 1, &type, &number, &error);
	if (what == 5 && interrupt_count(client, 1, &value, &number, &error) == 0)
		interrupt_wait(client, 1, value, 0, &value, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct context ctx = { .sysroot = "/nonexistent" };
	struct device_path path = { .vfio_fd = -1, .uio = -1 };
	struct device device = {
		.ctx = &ctx, .name = "0000:01:00.0", .folder = -1, .config_fd = -1, .path = &path
	};
	struct buffer_client *client;
	struct error error;
	int pair[2];

	if (size == 0)
		return -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		abort();
	answered = pair[0];
	holder = pair[1];
	send_replies(data + 1, size - 1);
	if (session_link_connect("", 0, &path.session) == 0) {
		if (session_client_open(&device, &client, &error) == 0) {
			use_client(client, data[0] % 6);
			buffer_client_close(client);
		}
		session_link_close(path.session);
	}
	close(holder);
	return 0;
}
