// SPDX-License-Identifier: GPL-2.0-or-later
/* Packets with a descriptor beside them. Knows nothing of what is in them. */
#include "core/backend/session_wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/error.h"

#define BACKLOG 64
/* For a place in the queue. */
#define CONNECT_SECONDS 60

static int make_address(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	memcpy(address->sun_path, path, strlen(path) + 1);
	return 0;
}

int session_socket_listen(const char *path)
{
	struct sockaddr_un address;
	mode_t mask;
	int rc;
	int fd;

	rc = make_address(path, &address);
	if (rc < 0)
		return rc;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return error_last();
	mask = umask(0177);
	rc = bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ? error_last() : 0;
	umask(mask);
	if (rc == 0 && listen(fd, BACKLOG) < 0)
		rc = error_last();
	if (rc < 0) {
		close(fd);
		return rc;
	}
	return fd;
}

int session_socket_connect(const char *path)
{
	const struct timeval patience = { .tv_sec = CONNECT_SECONDS };
	struct sockaddr_un address;
	int rc;
	int fd;

	rc = make_address(path, &address);
	if (rc < 0)
		return rc;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return error_last();
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		rc = error_last();
		close(fd);
		return rc;
	}
	return fd;
}

bool session_socket_is_trusted(int socket)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       (peer.uid == geteuid() || peer.uid == 0);
}

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int session_socket_send(int socket, const void *data, size_t size, int fd)
{
	struct iovec vector = { .iov_base = (void *)data, .iov_len = size };
	struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };
	union control control = { 0 };

	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control.bytes);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? error_last() : 0;
}

int session_socket_receive(int socket, void *data, size_t size, int *fd)
{
	struct iovec vector = { .iov_base = data, .iov_len = size };
	struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1 };
	union control control = { 0 };
	int passed = -1;
	ssize_t n;

	if (fd) {
		message.msg_control = &control;
		/* CMSG_SPACE rounds up to room for a second one */
		message.msg_controllen = CMSG_LEN(sizeof(int));
	}
	do {
		n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return error_last();
	if (fd && CMSG_FIRSTHDR(&message) && control.header.cmsg_type == SCM_RIGHTS)
		memcpy(&passed, CMSG_DATA(&control.header), sizeof(passed));
	if ((size_t)n != size || message.msg_flags & MSG_TRUNC || (fd && message.msg_flags & MSG_CTRUNC)) {
		if (passed >= 0)
			close(passed);
		return n == 0 ? -ECONNRESET : -EPROTO;
	}
	if (fd)
		*fd = passed;
	return 0;
}
