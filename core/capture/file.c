// SPDX-License-Identifier: GPL-2.0-or-later
/* The file: knows nothing of the device or the ring. */
#include "core/capture/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/base/fd_wait.h"

/* Linux transfers at most this much in one call (read(2), NOTES); a multiple of the alignment. */
#define TRANSFER_MAX 0x7ffff000u

static int set_direct(struct capture_sink *s, bool on)
{
	int flags = fcntl(s->file.fd, F_GETFL);

	if (flags < 0 || fcntl(s->file.fd, F_SETFL, on ? flags | O_DIRECT : flags & ~O_DIRECT) < 0)
		return -errno;
	s->is_direct = on;
	return 0;
}

/* On a pipe O_DIRECT means packets: it would be accepted and be wrong. */
static int start_direct(struct capture_sink *s, const struct stat *st, struct error *error)
{
	const char *why = NULL;

	if (S_ISFIFO(st->st_mode) || S_ISSOCK(st->st_mode) || S_ISCHR(st->st_mode))
		why = "a pipe, socket or terminal has no direct I/O";
	else if (s->file.is_given && lseek(s->file.fd, 0, SEEK_CUR) % CAPTURE_DIRECT_ALIGNMENT)
		why = "direct I/O cannot go on at its present position";
	else if (set_direct(s, true) < 0)
		why = "its file system has no direct I/O";
	if (why) {
		error_set(error, ERROR_FAILED, "no-direct-io", "%s: %s", s->name, why);
		error_hint(error, "leave --direct away");
		return -EINVAL;
	}
	s->was_direct = s->file.is_given;
	return 0;
}

static int check_kind(struct capture_sink *s, bool direct, struct error *error)
{
	struct stat st;

	if (fstat(s->file.fd, &st) < 0)
		return error_errno(error, -errno, "%s", s->name);
	if (S_ISDIR(st.st_mode))
		return error_errno(error, -EISDIR, "%s", s->name);
	return direct ? start_direct(s, &st, error) : 0;
}

/* Which of them, by another number: all of a sink's are closed. */
static int open_standard(struct capture_sink *s, int number, struct error *error)
{
	int fd = fcntl(number, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	s->name = number == STDOUT_FILENO ? "standard output" : "standard input";
	if (fd < 0)
		return error_errno(error, -errno, "%s", s->name);
	s->file = (struct stream_file){ .fd = fd, .is_given = true };
	if (number == STDOUT_FILENO && isatty(fd)) {
		error_set(error, ERROR_FAILED, "terminal",
			  "standard output is a terminal, which raw data would upset");
		error_hint(error, "send it to a file or a pipe");
		return -EINVAL;
	}
	return 0;
}

static int open_named(struct capture_sink *s, bool write, struct error *error)
{
	int rc;

	if (write) {
		rc = stream_file_open(s->name, &s->file);
	} else {
		rc = open(s->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		s->file.fd = rc;
		rc = rc < 0 ? -errno : 0;
	}
	if (rc == 0)
		return 0;
	s->file.fd = -1;
	error_errno(error, rc, "%s", s->name);
	/* "gone" is about the device */
	if (error->kind == ERROR_GONE)
		error->kind = ERROR_FAILED;
	return rc;
}

static int open_file(const char *name, bool write, bool direct, struct capture_sink **sink,
		     struct error *error)
{
	struct capture_sink *s = calloc(1, sizeof(*s));
	int rc;

	if (!s)
		return error_errno(error, -ENOMEM, "%s", name);
	s->name = name;
	s->file.fd = -1;
	if (strcmp(name, "-") == 0)
		rc = open_standard(s, write ? STDOUT_FILENO : STDIN_FILENO, error);
	else
		rc = open_named(s, write, error);
	if (rc == 0)
		rc = check_kind(s, direct, error);
	if (rc < 0) {
		capture_sink_close(s);
		return rc;
	}
	*sink = s;
	return 0;
}

int capture_sink_open(const char *name, bool direct, struct capture_sink **sink, struct error *error)
{
	return open_file(name, true, direct, sink, error);
}

int capture_source_open(const char *name, bool direct, struct capture_sink **source, struct error *error)
{
	return open_file(name, false, direct, source, error);
}

int capture_sink_begin(struct capture_sink *s, struct error *error)
{
	int rc = stream_file_begin(&s->file);

	return rc < 0 ? error_errno(error, rc, "%s", s->name) : 0;
}

int capture_sink_failed(const struct capture_sink *s, int rc, struct error *error)
{
	if (rc == -EPIPE) {
		error_set(error, ERROR_FAILED, "closed-pipe", "%s: nobody reads the pipe any more", s->name);
		return rc;
	}
	error_errno(error, rc, "%s", s->name);
	error->kind = ERROR_FAILED;
	return rc;
}

/* How much of LENGTH goes into the next call. */
static size_t next_length(struct capture_sink *s, size_t length)
{
	size_t aligned = length - length % CAPTURE_DIRECT_ALIGNMENT;

	if (s->is_direct && aligned == 0)
		set_direct(s, false);
	else if (s->is_direct)
		length = aligned;
	return length < TRANSFER_MAX ? length : TRANSFER_MAX;
}

int capture_sink_write(struct capture_sink *s, const void *data, size_t length, size_t *done,
		       struct error *error)
{
	*done = 0;
	while (*done < length) {
		ssize_t n = write(s->file.fd, (const char *)data + *done, next_length(s, length - *done));

		if (n > 0) {
			*done += (size_t)n;
			/* a short one leaves what is no longer aligned */
			if (s->is_direct && n % CAPTURE_DIRECT_ALIGNMENT)
				set_direct(s, false);
		} else {
			int rc = n == 0 ? -ENOSPC : fd_wait(s->file.fd, true, -errno);

			if (rc < 0)
				return rc == -EINTR ? rc : capture_sink_failed(s, rc, error);
		}
	}
	return 0;
}

/* What is not aligned at the end is a call of its own. */
static ssize_t write_parts(struct capture_sink *s, const struct iovec *parts, unsigned int count)
{
	const struct iovec *last = &parts[count - 1];

	if (!s->is_direct || last->iov_len % CAPTURE_DIRECT_ALIGNMENT == 0)
		return writev(s->file.fd, parts, (int)count);
	if (count > 1)
		return writev(s->file.fd, parts, (int)count - 1);
	return write(s->file.fd, last->iov_base, next_length(s, last->iov_len));
}

int capture_sink_write_parts(struct capture_sink *s, const struct iovec *parts, unsigned int count,
			     size_t *done, struct error *error)
{
	ssize_t n = write_parts(s, parts, count);
	int rc = n < 0 ? fd_wait(s->file.fd, true, -errno) : n == 0 ? -ENOSPC : 0;

	*done = n > 0 ? (size_t)n : 0;
	if (n > 0 && s->is_direct && n % CAPTURE_DIRECT_ALIGNMENT)
		set_direct(s, false);
	return rc == 0 || rc == -EINTR ? rc : capture_sink_failed(s, rc, error);
}

int capture_source_read(struct capture_sink *s, void *data, size_t length, size_t *done, struct error *error)
{
	*done = 0;
	while (*done < length) {
		ssize_t n = read(s->file.fd, (char *)data + *done, next_length(s, length - *done));

		if (n == 0)
			return 0;
		if (n < 0) {
			int rc = fd_wait(s->file.fd, false, -errno);

			if (rc < 0)
				return rc == -EINTR ? rc : capture_sink_failed(s, rc, error);
			continue;
		}
		*done += (size_t)n;
		if (s->is_direct && n % CAPTURE_DIRECT_ALIGNMENT)
			set_direct(s, false);
	}
	return 0;
}

int capture_source_read_some(struct capture_sink *s, void *data, size_t length, size_t *done,
			     struct error *error)
{
	ssize_t n;
	int rc = 0;

	do {
		n = read(s->file.fd, data, next_length(s, length));
		rc = n < 0 ? fd_wait(s->file.fd, false, -errno) : 0;
	} while (n < 0 && rc == 0);
	*done = n > 0 ? (size_t)n : 0;
	return rc == 0 || rc == -EINTR ? rc : capture_sink_failed(s, rc, error);
}

int capture_sink_finish(struct capture_sink *s, struct error *error)
{
	int rc = 0;

	if (s->was_direct)
		set_direct(s, false);
	if (s->file.fd >= 0 && close(s->file.fd) < 0 && errno != EINTR)
		rc = capture_sink_failed(s, -errno, error);
	free(s->file.made);
	free(s);
	return rc;
}

void capture_sink_close(struct capture_sink *s)
{
	struct error ignored;

	if (!s)
		return;
	stream_file_end(&s->file);
	capture_sink_finish(s, &ignored);
}
