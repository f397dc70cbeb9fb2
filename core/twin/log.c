// SPDX-License-Identifier: GPL-2.0-or-later
/* One write(2) a line: it is read while the device works, and after it was killed. */
#include "core/twin/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/fd_wait.h"
#include "core/file/output_path.h"
#include "core/file/same_file.h"

struct twin_log {
	int fd;
	const char *path;
	int error;
};

int twin_log_open(const char *path, struct twin_log **log, struct error *error)
{
	struct twin_log *l = malloc(sizeof(*l));
	int rc;

	if (!l)
		return error_errno(error, -ENOMEM, "%s", path);
	rc = output_path_duplicate(path);
	if (rc == -ENOENT) {
		rc = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
		rc = rc < 0 ? -errno : rc;
	}
	if (rc < 0) {
		free(l);
		return error_errno(error, rc, "%s", path);
	}
	*l = (struct twin_log){ .path = path, .fd = rc };
	*log = l;
	return 0;
}

void twin_log_close(struct twin_log *l)
{
	if (!l)
		return;
	close(l->fd);
	free(l);
}

void twin_log_line(struct twin_log *l, const char *format, ...)
{
	char line[640];
	size_t length;
	va_list ap;
	int n;

	if (!l)
		return;
	va_start(ap, format);
	n = vsnprintf(line, sizeof(line) - 1, format, ap);
	va_end(ap);
	length = n < 0 ? 0 : (size_t)n < sizeof(line) - 1 ? (size_t)n : sizeof(line) - 2;
	line[length++] = '\n';
	if (!l->error)
		l->error = fd_write_all(l->fd, line, length);
}

int twin_log_check(const struct twin_log *l, struct error *error)
{
	return l && l->error ? error_errno(error, l->error, "%s: writing the log", l->path) : 0;
}

bool twin_log_is_shared(const struct twin_log *log, const struct twin_log *other)
{
	struct stat a;
	struct stat b;

	return log && other && fstat(log->fd, &a) == 0 && fstat(other->fd, &b) == 0 && same_inode(&a, &b) &&
	       !S_ISCHR(a.st_mode) && !S_ISFIFO(a.st_mode) && !S_ISSOCK(a.st_mode);
}
