// SPDX-License-Identifier: GPL-2.0-or-later
/* The holder of a session: requests of two clients, whatever is in them; in the end nothing is left. */
#include "core/backend/session_wire.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/fake_session.h"

#define CLIENTS 2

/* The reply is looked at by nobody, its descriptor is dropped. */
static void take_reply(const struct client *c)
{
	struct session_reply reply;

	if (session_socket_receive(c->socket, &reply, sizeof(reply), NULL) < 0 || reply.rc > 0)
		abort();
}

static void one_request(struct client *c, const uint8_t *data, size_t size)
{
	struct session_request request = { .type = SESSION_HELLO };
	int rc;

	memcpy(&request, data, size < sizeof(request) ? size : sizeof(request));
	/* one in eight keeps what it has: anything else were thrown away at the first look */
	if (request.reserved % 8)
		request.magic = SESSION_MAGIC;
	if (send(c->socket, &request, sizeof(request), 0) < 0)
		abort();
	rc = session_answer(&session, &c->peer);
	if (rc == 0) {
		take_reply(c);
		return;
	}
	end_client(c);
	connect_client(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client clients[CLIENTS];

	if (!path.vfio)
		open_fake();
	for (int i = 0; i < CLIENTS; i++)
		connect_client(&clients[i]);
	while (size > 1) {
		size_t n =
			size - 1 < sizeof(struct session_request) ? size - 1 : sizeof(struct session_request);

		one_request(&clients[data[0] % CLIENTS], data + 1, n);
		data += 1 + n;
		size -= 1 + n;
	}
	for (int i = 0; i < CLIENTS; i++)
		end_client(&clients[i]);
	vfio_buffers_free(path.vfio, 0);
	if (mapped || path.vfio->claim)
		abort();
	return 0;
}
