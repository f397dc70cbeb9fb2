// SPDX-License-Identifier: GPL-2.0-or-later
/* Waiting for a descriptor that was made non-blocking by others. */
#include "core/base/fd_wait.h"

#include <errno.h>
#include <poll.h>

int fd_wait(int fd, bool write, int rc)
{
	struct pollfd p = { .fd = fd, .events = write ? POLLOUT : POLLIN };

	if (rc != -EAGAIN)
		return rc;
	return poll(&p, 1, -1) < 0 ? -errno : 0;
}
