// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The holder's end of the wire, without a device: what is no request hangs its sender up and nobody else; what is one
 * is answered, whatever is in it; a connection's end gives all back that was its own.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/backend/session_wire.h"
#include "tests/unit/fake_session.h"
#include "tests/unit/tap.h"

static bool is_master(void)
{
	return vfio_is_bus_master(path.vfio);
}

/* The holder's -errno, or the reply's; *FD as in session_socket_receive(). */
static int ask(struct client *c, struct session_request *request, struct session_reply *reply, int *fd)
{
	int rc;

	request->magic = SESSION_MAGIC;
	if (session_socket_send(c->socket, request, sizeof(*request), -1) < 0)
		return -EPIPE;
	rc = session_answer(&session, &c->peer);
	if (rc == 0)
		rc = session_socket_receive(c->socket, reply, sizeof(*reply), fd);
	return rc < 0 ? rc : reply->rc;
}

static int alloc(struct client *c, const char *name, uint64_t size, struct buffer *buffer)
{
	struct session_request request = { .type = SESSION_ALLOC, .size = size };
	struct session_reply reply;
	int rc;

	snprintf(request.name, sizeof(request.name), "%s", name);
	rc = ask(c, &request, &reply, NULL);
	*buffer = reply.buffer;
	return rc;
}

static int simple(struct client *c, enum session_request_type type, uint32_t handle, uint32_t flag)
{
	struct session_request request = { .type = type, .handle = handle, .flag = flag };
	struct session_reply reply;

	return ask(c, &request, &reply, NULL);
}

static unsigned int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int count = 0;

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

/* --- no requests ---------------------------------------------------------------------------------- */

static int send_raw(const void *data, size_t size)
{
	struct client c;
	int rc;

	connect_client(&c);
	if (send(c.socket, data, size, 0) != (ssize_t)size)
		abort();
	rc = session_answer(&session, &c.peer);
	end_client(&c);
	return rc;
}

static void no_requests(struct tap *tap)
{
	static char big[100000];
	struct session_request r = { .magic = SESSION_MAGIC, .type = SESSION_HELLO };
	struct client c;

	ok(tap, send_raw(&r, sizeof(r)) == 0, "a request is one");
	ok(tap, send_raw(&r, sizeof(r) / 2) == -EPROTO, "half of one");
	ok(tap, send_raw(&r, sizeof(r) - 1) == -EPROTO, "one that lacks a byte");
	ok(tap, send_raw(&r, 0) < 0, "nothing");
	memcpy(big, &r, sizeof(r));
	ok(tap, send_raw(big, sizeof(r) + 1) == -EPROTO, "one with a byte more");
	ok(tap, send_raw(big, sizeof(big)) == -EPROTO, "one with much more");
	r.magic++;
	ok(tap, send_raw(&r, sizeof(r)) == -EPROTO, "another program's");
	r.magic = SESSION_MAGIC;
	r.type = SESSION_REQUESTS;
	ok(tap, send_raw(&r, sizeof(r)) == -EPROTO, "an unknown type");
	r.type = UINT32_MAX;
	ok(tap, send_raw(&r, sizeof(r)) == -EPROTO, "the largest type");
	r.type = SESSION_ALLOC;
	memset(r.name, 'a', sizeof(r.name));
	ok(tap, send_raw(&r, sizeof(r)) == -EPROTO, "a name without an end");
	connect_client(&c);
	close(c.socket);
	c.socket = -1;
	ok(tap, session_answer(&session, &c.peer) == -ECONNRESET, "a hang-up");
	end_client(&c);
}

static void deaf_client(struct tap *tap)
{
	struct session_request r = { .magic = SESSION_MAGIC, .type = SESSION_STATUS };
	struct client c;
	int rc = 0;
	int i;

	connect_client(&c);
	for (i = 0; i < 10000 && rc == 0; i++) {
		if (send(c.socket, &r, sizeof(r), 0) != sizeof(r))
			abort();
		rc = session_answer(&session, &c.peer);
	}
	ok(tap, rc == -EAGAIN, "one that does not read is hung up, after %d replies", i);
	end_client(&c);
}

static void descriptors(struct tap *tap)
{
	struct session_request r = { .magic = SESSION_MAGIC, .type = SESSION_STATUS };
	struct session_reply reply;
	unsigned int before;
	struct client c;
	bool good = true;

	connect_client(&c);
	before = open_files();
	for (int i = 0; i < 100; i++) {
		good &= session_socket_send(c.socket, &r, sizeof(r), STDIN_FILENO) == 0 &&
			session_answer(&session, &c.peer) == 0 &&
			session_socket_receive(c.socket, &reply, sizeof(reply), NULL) == 0 && reply.rc == 0;
	}
	ok(tap, good && open_files() == before, "descriptors that nobody asked for are dropped");
	/* what comes with a reply is the asker's, or is dropped too */
	r.type = SESSION_HELLO;
	good = session_socket_send(c.socket, &r, sizeof(r), -1) == 0 &&
	       session_answer(&session, &c.peer) == 0 &&
	       session_socket_receive(c.socket, &reply, sizeof(reply), NULL) == 0;
	ok(tap, good && open_files() == before, "one that the asker does not want too");
	end_client(&c);
}

/* --- requests ------------------------------------------------------------------------------------- */

static void buffers(struct tap *tap)
{
	struct session_request r = { .type = SESSION_MAP };
	struct session_reply reply;
	struct buffer own;
	struct buffer named;
	struct buffer b;
	struct client c;
	struct client d;
	int fd = -1;

	connect_client(&c);
	connect_client(&d);
	ok(tap, alloc(&c, "rx", 5000, &named) == 0 && named.length == 8192 && named.requested == 5000,
	   "a named one");
	ok(tap, !named.map && !named.client, "no pointer of ours goes out");
	ok(tap, alloc(&c, "", 4096, &own) == 0 && own.own, "an unnamed one");
	ok(tap, alloc(&d, "rx", 4096, &b) == -EEXIST, "a name twice");
	ok(tap, alloc(&d, "", 0, &b) == -EINVAL, "no bytes");
	ok(tap, alloc(&d, "1x", 4096, &b) == -EINVAL, "a bad name");
	ok(tap, alloc(&d, "", UINT64_MAX, &b) < 0, "2^64-1 bytes");
	ok(tap, alloc(&d, "", INT64_MAX, &b) < 0, "2^63-1 bytes");
	ok(tap, alloc(&d, "", SPACE, &b) < 0, "more than there are addresses");
	ok(tap, simple(&d, SESSION_FREE, own.handle, 0) == -EBUSY, "another one's");
	ok(tap, simple(&d, SESSION_FREE, own.handle, 1) == -EBUSY, "another one's, by force");
	ok(tap, simple(&d, SESSION_FREE, 0, 0) == -ENOENT, "no handle");
	ok(tap, simple(&d, SESSION_FREE, UINT32_MAX, 1) == -ENOENT, "a handle that nobody was given");
	ok(tap, simple(&d, SESSION_NEXT, UINT32_MAX, 0) == -ENOENT, "nothing behind the last");
	r.handle = 77;
	ok(tap, ask(&d, &r, &reply, &fd) == -ENOENT && fd == -1, "no memory of a handle that is none");
	r.handle = named.handle;
	ok(tap, ask(&d, &r, &reply, &fd) == 0 && fd >= 0, "a named one is everybody's to map");
	close(fd);
	vfio_set_bus_master(path.vfio, true);
	ok(tap, simple(&d, SESSION_FREE, named.handle, 0) == -EBUSY && is_master(),
	   "none is freed under a master");
	end_client(&c);
	ok(tap, mapped == 1, "a client's end frees its own");
	ok(tap, simple(&d, SESSION_FREE, named.handle, 1) == 0 && !is_master() && mapped == 0, "by force");
	end_client(&d);
}

static void claims(struct tap *tap)
{
	struct session_request r = { .type = SESSION_STOP_WRITE, .width = 32, .mask = UINT32_MAX };
	struct session_reply reply;
	struct client c;
	struct client d;
	int rc = 0;
	int i;

	connect_client(&c);
	connect_client(&d);
	ok(tap, simple(&c, SESSION_CLAIM, 0, 1) == -EPERM, "a release without a claim");
	ok(tap, ask(&c, &r, &reply, NULL) == -EPERM, "a stop write without one");
	ok(tap, simple(&c, SESSION_CLAIM, 0, 0) == 0, "the claim");
	ok(tap, simple(&d, SESSION_CLAIM, 0, 0) == -EBUSY, "a second one");
	ok(tap, simple(&d, SESSION_CLAIM, 0, 1) == -EPERM, "another one's release");
	ok(tap, ask(&d, &r, &reply, NULL) == -EPERM, "another one's stop write");
	r.number = UINT32_MAX;
	ok(tap, ask(&c, &r, &reply, NULL) == -EINVAL, "a BAR that cannot be");
	r.number = 0;
	r.width = 24;
	ok(tap, ask(&c, &r, &reply, NULL) == -EINVAL, "24 bits");
	r.width = 32;
	r.offset = UINT64_MAX - 3;
	for (i = 0; i < 17 && rc == 0; i++)
		rc = ask(&c, &r, &reply, NULL);
	ok(tap, rc == -ENOSPC && i == 17, "16 stop writes and no more");
	vfio_set_bus_master(path.vfio, true);
	end_client(&c);
	ok(tap, !is_master(), "a client's end turns bus mastering off");
	ok(tap, simple(&d, SESSION_CLAIM, 0, 0) == 0, "and the claim is free");
	ok(tap, simple(&d, SESSION_FORGET, 0, 0) == 0, "what is forgotten");
	ok(tap, simple(&d, SESSION_CLAIM, 0, 0) == 0, "can be had again");
	end_client(&d);
}

static void no_interrupts(struct tap *tap)
{
	struct session_request r = { .type = SESSION_IRQ_ENABLE };
	struct session_reply reply;
	struct client c;
	bool good = true;
	int fd = -1;

	connect_client(&c);
	for (r.number = 0; r.number < 6; r.number++)
		good &= ask(&c, &r, &reply, NULL) < 0;
	r.number = UINT32_MAX;
	good &= ask(&c, &r, &reply, NULL) == -EINVAL;
	r.number = INTERRUPT_MSI;
	r.count = UINT32_MAX;
	good &= ask(&c, &r, &reply, NULL) < 0;
	ok(tap, good, "a device without interrupts: none is enabled");
	ok(tap, simple(&c, SESSION_IRQ_DISABLE, 0, 0) == -EINVAL, "none is disabled");
	r = (struct session_request){ .type = SESSION_IRQ_FD };
	ok(tap, ask(&c, &r, &reply, &fd) == -ENODATA && fd == -1, "none is counted");
	end_client(&c);
}

/* Only the helper or UIO: what VFIO would do is refused. */
static void without_vfio(struct tap *tap)
{
	struct vfio *vfio = path.vfio;
	struct client c;
	bool good = true;

	path.vfio = NULL;
	connect_client(&c);
	for (unsigned int type = SESSION_ALLOC; type < SESSION_REQUESTS; type++)
		good &= simple(&c, type, 1, 1) == -EOPNOTSUPP;
	ok(tap, good && !c.peer.client, "not over VFIO: nothing but hello and status");
	ok(tap, simple(&c, SESSION_STATUS, 0, 0) == 0, "which are answered");
	end_client(&c);
	path.vfio = vfio;
}

/* --- anything ----------------------------------------------------------------------------------------- */

static void fill(void *data, size_t size)
{
	unsigned char *bytes = data;

	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)rand();
}

static uint64_t some_number(void)
{
	static const uint64_t numbers[] = { 0,	1,  2,	  3,	4,     8,	   16,
					    32, 64, 4096, 8192, 65536, UINT32_MAX, UINT64_MAX };

	return numbers[(size_t)rand() % (sizeof(numbers) / sizeof(numbers[0]))];
}

static void some_request(struct session_request *r)
{
	fill(r, sizeof(*r));
	r->magic = SESSION_MAGIC;
	r->type = (uint32_t)rand() % (SESSION_REQUESTS + 1);
	r->handle = rand() % 2 ? (uint32_t)rand() % 100 : (uint32_t)some_number();
	r->number = (uint32_t)some_number();
	r->count = (uint32_t)some_number();
	r->flag = (uint32_t)some_number();
	r->width = (uint32_t)some_number();
	r->size = some_number();
	r->offset = some_number();
	/* no name, one that is good, one that is not */
	if (rand() % 8)
		snprintf(r->name, sizeof(r->name), "%s", rand() % 2 ? "" : rand() % 2 ? "rx" : "tx");
}

#define CLIENTS 8
#define ROUNDS 30000

static void at_random(struct tap *tap)
{
	struct client clients[CLIENTS];
	unsigned int before = open_files();
	unsigned int hung_up = 0;
	struct session_reply reply;
	struct session_request r;

	srand(11);
	for (int i = 0; i < CLIENTS; i++)
		connect_client(&clients[i]);
	for (int i = 0; i < ROUNDS; i++) {
		struct client *c = &clients[rand() % CLIENTS];
		int fd = -1;
		int rc;

		some_request(&r);
		rc = send(c->socket, &r, rand() % 100 ? sizeof(r) : sizeof(r) - 8, 0) < 0
			     ? -1
			     : session_answer(&session, &c->peer);
		if (rc == 0)
			rc = session_socket_receive(c->socket, &reply, sizeof(reply), &fd);
		if (fd >= 0)
			close(fd);
		if (rc == 0 && rand() % 200)
			continue;
		hung_up++;
		end_client(c);
		connect_client(c);
	}
	for (int i = 0; i < CLIENTS; i++)
		end_client(&clients[i]);
	vfio_buffers_free(path.vfio, 0);
	ok(tap, mapped == 0 && open_files() == before && path.vfio->claim == 0,
	   "%d requests at random, %u hang-ups: nothing is left", ROUNDS, hung_up);
}

int main(void)
{
	struct tap tap = { 0 };

	open_fake();
	no_requests(&tap);
	deaf_client(&tap);
	descriptors(&tap);
	buffers(&tap);
	claims(&tap);
	no_interrupts(&tap);
	without_vfio(&tap);
	at_random(&tap);
	vfio_close(path.vfio);
	return tap_done(&tap);
}
