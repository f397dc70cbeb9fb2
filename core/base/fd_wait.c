// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting for a descriptor that was made non-blocking by others. */
#include "core/base/fd_wait.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

int fd_wait(int fd, bool write, int rc)
{
	struct pollfd p = { .fd = fd, .events = write ? POLLOUT : POLLIN };

	if (rc != -EAGAIN)
		return rc;
	return poll(&p, 1, -1) < 0 ? -errno : 0;
}

int fd_write_all(int fd, const void *data, size_t length)
{
	const char *p = data;

	while (length > 0) {
		ssize_t n = write(fd, p, length);
		int rc = n < 0 ? fd_wait(fd, true, -errno) : 0;

		if (rc < 0 && rc != -EINTR)
			return rc;
		p += n > 0 ? n : 0;
		length -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

ssize_t fd_read(int fd, void *data, size_t size)
{
	for (;;) {
		ssize_t n = read(fd, data, size);
		int rc = n < 0 ? fd_wait(fd, false, -errno) : 0;

		if (n >= 0)
			return n;
		if (rc < 0 && rc != -EINTR)
			return rc;
	}
}

ssize_t fd_read_full(int fd, void *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = fd_read(fd, (char *)data + done, size - done);

		if (n < 0)
			return n;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}
