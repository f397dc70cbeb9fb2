// SPDX-License-Identifier: GPL-2.0-or-later
/* The one reader of /dev/kmsg from its start. */
#include "core/kernel/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

/* A read of less than the next record fails; a record has 8 KiB at most: CONSOLE_EXT_LOG_MAX in Linux' kernel/printk */
#define BUFFER 16384
#define READ_LIMIT (64u << 20) /* a log that grows while it is read must end */

struct reader {
	kmsg_line line;
	void *data;
	char bytes[BUFFER];
	size_t used; /* of the last line, which is not complete */
	bool skips; /* the rest of a line that is too long */
};

/* A read gives a record; in a captured tree, any number of lines. */
static int take_lines(struct reader *r)
{
	char *line = r->bytes;
	char *end;
	int rc = 0;

	while (rc == 0 && (end = memchr(line, '\n', r->used - (size_t)(line - r->bytes))) != NULL) {
		*end = '\0';
		rc = r->skips ? 0 : r->line(r->data, line);
		r->skips = false;
		line = end + 1;
	}
	r->used -= (size_t)(line - r->bytes);
	memmove(r->bytes, line, r->used);
	if (r->used > BUFFER / 2) {
		r->skips = true;
		r->used = 0;
	}
	return rc;
}

static int read_lines(int fd, struct reader *r)
{
	size_t total = 0;
	int rc = 0;

	while (rc == 0 && total < READ_LIMIT) {
		/* a byte is left for the end of the last line */
		ssize_t n = read(fd, r->bytes + r->used, sizeof(r->bytes) - r->used - 1);

		/* EPIPE: records were overwritten meanwhile, it goes on with the next */
		if (n < 0 && (errno == EINTR || errno == EPIPE))
			continue;
		if (n <= 0)
			break;
		total += (size_t)n;
		r->used += (size_t)n;
		rc = take_lines(r);
	}
	if (rc == 0 && r->used && !r->skips) {
		r->bytes[r->used] = '\0';
		rc = r->line(r->data, r->bytes);
	}
	return rc;
}

int kmsg_read(const struct context *ctx, kmsg_line line, void *data)
{
	struct reader r = { .line = line, .data = data };
	/* O_NONBLOCK: EAGAIN at the end */
	int fd = sysfs_open(ctx, O_RDONLY | O_NONBLOCK, "/dev/kmsg");
	int rc;

	if (fd < 0)
		return fd;
	rc = read_lines(fd, &r);
	close(fd);
	return rc;
}
