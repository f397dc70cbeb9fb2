// SPDX-License-Identifier: GPL-2.0-or-later
/* The index of a capture: into a pipe that somebody else has made non-blocking it goes whole, and a full disk is told. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cmd/capture_index.h"
#include "tests/unit/tap.h"

#define BLOCKS 3000u

/* Another process takes what comes, slowly at first, and ends with 0 where there is a line for each block. */
static pid_t take_slowly(const int ends[2])
{
	static char taken[1 << 20];
	pid_t pid = fork();
	unsigned int lines = 0;
	size_t done = 0;
	ssize_t n;

	if (pid)
		return pid;
	close(ends[1]);
	while ((n = read(ends[0], taken + done, done < 32768 ? 4096 : sizeof(taken) - 1 - done)) > 0) {
		done += (size_t)n;
		usleep(2000);
	}
	for (char *line = strtok(taken, "\n"); line; line = strtok(NULL, "\n")) {
		char wanted[64];

		snprintf(wanted, sizeof(wanted), "\"block\":%u,", lines);
		if (!strstr(line, wanted) || line[strlen(line) - 1] != '}')
			_exit(2);
		lines++;
	}
	_exit(lines == BLOCKS ? 0 : 1);
}

static int write_index(const char *path, unsigned int blocks, struct error *error)
{
	struct capture_index index = { 0 };
	int closed;
	int rc;

	rc = capture_index_open(&index, path, "dma capture", error);
	if (rc == 0)
		rc = capture_index_begin(&index, error);
	for (unsigned int i = 0; rc == 0 && i < blocks; i++) {
		const struct capture_block block = {
			.number = i, .offset = 4096 * i, .length = 4096, .time = i
		};

		rc = capture_index_write(&index, &block, error);
	}
	closed = capture_index_close(&index, error);
	return rc < 0 ? rc : closed;
}

static void check_pipe(struct tap *tap)
{
	struct error error = { 0 };
	char name[32];
	int status = -1;
	int ends[2];
	pid_t pid;
	int rc;

	if (pipe(ends) < 0 || fcntl(ends[1], F_SETPIPE_SZ, 4096) < 0 ||
	    fcntl(ends[1], F_SETFL, O_NONBLOCK) < 0)
		abort();
	snprintf(name, sizeof(name), "/dev/fd/%d", ends[1]);
	pid = take_slowly(ends);
	close(ends[0]);
	rc = write_index(name, BLOCKS, &error);
	close(ends[1]);
	waitpid(pid, &status, 0);
	ok(tap, rc == 0 && status == 0, "a pipe that does not block gets it whole: %s, reader's status %d",
	   error.message, status);
}

static void check_full(struct tap *tap, unsigned int blocks)
{
	struct error error = { 0 };
	int rc = write_index("/dev/full", blocks, &error);

	ok(tap, rc == -ENOSPC && error.kind == ERROR_FAILED && strstr(error.message, "--index: /dev/full: "),
	   "a full disk is told, of %u blocks: %s", blocks, error.message);
}

int main(void)
{
	struct tap tap = { 0 };

	signal(SIGPIPE, SIG_IGN);
	alarm(60);
	check_pipe(&tap);
	check_full(&tap, 1);
	check_full(&tap, 1000);
	return tap_done(&tap);
}
