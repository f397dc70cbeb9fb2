// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A command's end of the wire: what a holder says is a number, an index or the end of a string only after it was looked
 * at, as the socket's path is the environment's.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/backend/session_link.h"
#include "core/backend/session_wire.h"
#include "tests/unit/tap.h"

static char path[64];

/* Answers one request after the other with REPLY, and a descriptor beside it. */
static pid_t serve(const struct session_reply *reply)
{
	struct session_request request;
	int listener = session_socket_listen(path);
	pid_t pid;
	int peer;

	if (listener < 0)
		abort();
	pid = fork();
	if (pid != 0) {
		close(listener);
		return pid;
	}
	fcntl(listener, F_SETFL, 0);
	peer = accept(listener, NULL, NULL);
	while (session_socket_receive(peer, &request, sizeof(request), NULL) == 0)
		session_socket_send(peer, reply, sizeof(*reply), STDIN_FILENO);
	_exit(0);
}

static int connect_to(const struct session_reply *reply)
{
	struct session_link *link = NULL;
	pid_t pid = serve(reply);
	int rc;

	rc = session_link_connect(path, SESSION_PATIENCE, &link);
	if (rc == 0 && session_link_kind(link) != BACKEND_VFIO)
		rc = -EIO;
	session_link_close(link);
	unlink(path);
	if (waitpid(pid, NULL, 0) != pid)
		abort();
	return rc;
}

/* What the holder says of our memory. */
static bool is_told_pointers(const struct session_reply *reply)
{
	struct session_request request = { .type = SESSION_NEXT };
	struct session_link *link = NULL;
	struct session_reply answer;
	struct error error;
	pid_t pid = serve(reply);
	bool told = true;

	if (session_link_connect(path, SESSION_PATIENCE, &link) == 0 &&
	    session_link_ask(link, &request, &answer, NULL, &error) == 0)
		told = answer.buffer.map || answer.buffer.client;
	session_link_close(link);
	unlink(path);
	if (waitpid(pid, NULL, 0) != pid)
		abort();
	return told;
}

static struct session_reply good(void)
{
	return (struct session_reply){ .magic = SESSION_MAGIC, .summary.kind = BACKEND_VFIO };
}

#define BAD(tap, member, what)                                                                               \
	do {                                                                                                 \
		struct session_reply bad = good();                                                           \
		memset(&bad.member, 0x7f, sizeof(bad.member));                                               \
		ok(tap, connect_to(&bad) == -ESHUTDOWN, what);                                               \
	} while (0)

static unsigned int open_files(void)
{
	unsigned int count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* A packet with more descriptors beside it than anybody asked for. */
static int receive_two(void)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(2 * sizeof(int))];
	} control = { 0 };
	int fds[] = { STDIN_FILENO, STDIN_FILENO };
	struct session_request request = { 0 };
	struct iovec vector = { .iov_base = &request, .iov_len = sizeof(request) };
	struct msghdr message = {
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes),
	};
	int fd = -1;
	int pair[2];
	int rc;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) < 0)
		abort();
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(&control.header), fds, sizeof(fds));
	if (sendmsg(pair[0], &message, 0) < 0)
		abort();
	rc = session_socket_receive(pair[1], &request, sizeof(request), &fd);
	close(pair[0]);
	close(pair[1]);
	return rc == 0 ? fd : rc;
}

int main(void)
{
	struct session_reply reply = good();
	unsigned int before = open_files();
	struct tap tap = { 0 };

	snprintf(path, sizeof(path), "/tmp/pcietool-test-%d", (int)getpid());
	ok(&tap, connect_to(&reply) == 0, "a good one");
	BAD(&tap, magic, "another program's");
	BAD(&tap, rc, "a status that is none");
	memset(&reply.buffer.map, 0x7f, sizeof(reply.buffer.map));
	memset(&reply.buffer.client, 0x7f, sizeof(reply.buffer.client));
	ok(&tap, !is_told_pointers(&reply), "places in our memory are not believed");
	reply = good();
	reply.rc = INT_MIN;
	ok(&tap, connect_to(&reply) == -ESHUTDOWN, "one that has no errno");
	BAD(&tap, summary.kind, "a way that there is not");
	BAD(&tap, summary.irq_type, "interrupts that there are not");
	BAD(&tap, irq.type, "the same, enabled");
	BAD(&tap, irq.intx_available, "a yes or no that is neither");
	BAD(&tap, buffer.page_backed, "another one");
	BAD(&tap, buffer.coherent, "another one");
	BAD(&tap, buffer.orphan, "another one");
	BAD(&tap, buffer.own, "another one");
	BAD(&tap, summary.interface, "an interface without an end");
	BAD(&tap, summary.command, "a command without one");
	BAD(&tap, buffer.name, "a buffer's name without one");
	BAD(&tap, error.kind, "an exit status that there is not");
	BAD(&tap, error.code, "a code without an end");
	BAD(&tap, error.message, "a message without one");
	BAD(&tap, error.hint, "a hint without one");
	ok(&tap, receive_two() == -EPROTO, "two descriptors");
	ok(&tap, open_files() == before, "no descriptor is left");
	return tap_done(&tap);
}
