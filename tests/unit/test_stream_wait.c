// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pipes that somebody else has made non-blocking, as ssh and node do with what they share: a capture and a twin's log wait for
 * room in one, and a play for data, as they do for others.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/capture/internal.h"
#include "core/twin/log.h"
#include "tests/unit/tap.h"

#define SIZE (1u << 20)

static uint8_t data[SIZE];

static void make_pipe(int ends[2], int nonblocking)
{
	if (pipe(ends) < 0 || fcntl(ends[nonblocking], F_SETFL, O_NONBLOCK) < 0)
		abort();
}

/* Another process takes what comes, with pauses, and ends with 0 where it is all that there was. */
static pid_t take_slowly(const int ends[2])
{
	static uint8_t taken[SIZE + 1];
	pid_t pid = fork();
	size_t done = 0;
	ssize_t n;

	if (pid)
		return pid;
	close(ends[1]);
	while ((n = read(ends[0], taken + done, done < 65536 ? 4096 : sizeof(taken) - done)) > 0) {
		done += (size_t)n;
		usleep(2000);
	}
	_exit(done == SIZE && memcmp(taken, data, SIZE) == 0 ? 0 : 1);
}

static bool came_whole(pid_t pid)
{
	int status;

	return waitpid(pid, &status, 0) == pid && status == 0;
}

static void check_write(struct tap *tap, bool in_parts)
{
	struct capture_sink *sink = NULL;
	struct error error = { 0 };
	size_t done = 0;
	char name[32];
	int ends[2];
	pid_t pid;
	int rc;

	make_pipe(ends, 1);
	pid = take_slowly(ends);
	close(ends[0]);
	snprintf(name, sizeof(name), "/dev/fd/%d", ends[1]);
	rc = capture_sink_open(name, false, &sink, &error);
	if (rc == 0 && !in_parts)
		rc = capture_sink_write(sink, data, SIZE, &done, &error);
	while (rc == 0 && in_parts && done < SIZE) {
		const struct iovec parts[] = { { data + done, (SIZE - done) / 2 },
					       { data + done + (SIZE - done) / 2,
						 SIZE - done - (SIZE - done) / 2 } };
		size_t n = 0;

		rc = capture_sink_write_parts(sink, parts, 2, &n, &error);
		done += n;
	}
	close(ends[1]);
	capture_sink_close(sink);
	ok(tap, came_whole(pid) && rc == 0 && done == SIZE, "a capture into one%s: %zu bytes, %s",
	   in_parts ? ", several blocks in a call" : "", done, error.message);
}

static void check_log(struct tap *tap)
{
	struct twin_log *log = NULL;
	struct error error = { 0 };
	char name[32];
	int ends[2];
	pid_t pid;
	int rc;

	memset(data, 'x', SIZE);
	for (size_t i = 255; i < SIZE; i += 256)
		data[i] = '\n';
	make_pipe(ends, 1);
	pid = take_slowly(ends);
	close(ends[0]);
	snprintf(name, sizeof(name), "/dev/fd/%d", ends[1]);
	rc = twin_log_open(name, &log, &error);
	for (size_t i = 0; i < SIZE && rc == 0; i += 256)
		twin_log_line(log, "%.255s", (const char *)data + i);
	close(ends[1]);
	if (rc == 0)
		rc = twin_log_check(log, &error);
	twin_log_close(log);
	ok(tap, came_whole(pid) && rc == 0, "a twin's log: %s", error.message);
}

static pid_t give_slowly(const int ends[2])
{
	pid_t pid = fork();

	if (pid)
		return pid;
	close(ends[0]);
	for (size_t done = 0; done < SIZE; done += SIZE / 16) {
		usleep(2000);
		if (write(ends[1], data + done, SIZE / 16) != SIZE / 16)
			_exit(1);
	}
	_exit(0);
}

static void check_read(struct tap *tap, bool some)
{
	static uint8_t taken[SIZE];
	struct capture_sink *source = NULL;
	struct error error = { 0 };
	size_t done = 0;
	int ends[2];
	pid_t pid;
	int rc;

	make_pipe(ends, 0);
	pid = give_slowly(ends);
	close(ends[1]);
	if (dup2(ends[0], STDIN_FILENO) < 0)
		abort();
	close(ends[0]);
	rc = capture_source_open("-", false, &source, &error);
	if (rc == 0 && !some)
		rc = capture_source_read(source, taken, SIZE, &done, &error);
	while (rc == 0 && some && done < SIZE) {
		size_t n = 0;

		rc = capture_source_read_some(source, taken + done, SIZE - done, &n, &error);
		done += n;
		if (n == 0)
			break;
	}
	capture_sink_close(source);
	ok(tap, came_whole(pid) && rc == 0 && done == SIZE && memcmp(taken, data, SIZE) == 0,
	   "a play from one%s: %zu bytes, %s", some ? ", as it comes" : "", done, error.message);
}

int main(void)
{
	struct tap tap = { 0 };

	for (size_t i = 0; i < SIZE; i++)
		data[i] = (uint8_t)(i * 2654435761u >> 24);
	alarm(60);
	check_write(&tap, false);
	check_write(&tap, true);
	check_read(&tap, false);
	check_read(&tap, true);
	check_log(&tap);
	return tap_done(&tap);
}
