// SPDX-License-Identifier: GPL-2.0-or-later
/* fopencookie(3), of glibc. */
#include "core/base/fd_stream.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "core/base/fd_wait.h"

static ssize_t read_some(void *cookie, char *data, size_t size)
{
	int fd = (int)(intptr_t)cookie;
	ssize_t n;
	int rc;

	do {
		n = read(fd, data, size);
		rc = n < 0 ? fd_wait(fd, false, -errno) : 1;
	} while (rc == 0);
	if (rc < 0)
		errno = -rc;
	return n;
}

/* Less than SIZE is an error, which negative numbers are not: fopencookie(3). */
static ssize_t write_whole(void *cookie, const char *data, size_t size)
{
	int fd = (int)(intptr_t)cookie;
	size_t done = 0;

	while (done < size) {
		ssize_t n = write(fd, data + done, size - done);
		int rc = n < 0 ? fd_wait(fd, true, -errno) : 0;

		if (rc < 0) {
			errno = -rc;
			break;
		}
		done += n > 0 ? (size_t)n : 0;
	}
	return (ssize_t)done;
}

FILE *fd_stream(int fd, const char *mode)
{
	const cookie_io_functions_t calls = { .read = read_some, .write = write_whole };

	return fopencookie((void *)(intptr_t)fd, mode, calls);
}
