// SPDX-License-Identifier: GPL-2.0-or-later
/* A command that this program starts: its exit status, its signals. */
#include "cli/child.h"

#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/fd_wait.h"

/* After a Ctrl-C, which a child gets too: how long it has for its own end, and then for SIGTERM. */
#define END_NS 1000000000u
#define TERM_NS 5000000000u

#define PAUSE_NS 20000000

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

static bool is_in_path(const char *program)
{
	const char *folders = getenv("PATH");

	if (!folders)
		folders = "/usr/bin:/bin";
	while (*folders) {
		size_t n = strcspn(folders, ":");
		char path[PATH_MAX];
		int length = snprintf(path, sizeof(path), "%.*s/%s", (int)n, n ? folders : ".", program);

		if (length > 0 && (size_t)length < sizeof(path) && is_program(path))
			return true;
		folders += n;
		folders += *folders == ':';
	}
	return false;
}

int child_check(const char *program, struct error *error)
{
	if (*program && (strchr(program, '/') ? is_program(program) : is_in_path(program)))
		return 0;
	return error_set(error, ERROR_USAGE, "no-command", "'%.200s' is no program that can be run", program);
}

int child_spawn(char **argv, const int fds[3], pid_t *child)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t ignored;
	int rc;

	rc = posix_spawn_file_actions_init(&actions);
	if (rc)
		return -rc;
	rc = posix_spawnattr_init(&attributes);
	if (rc)
		goto out_actions;
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	sigaddset(&ignored, SIGXFSZ);
	posix_spawnattr_setsigdefault(&attributes, &ignored);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	for (int i = 0; i < 3 && rc == 0; i++) {
		if (fds[i] >= 0)
			rc = posix_spawn_file_actions_adddup2(&actions, fds[i], i);
	}
	if (rc == 0)
		rc = posix_spawnp(child, argv[0], &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
out_actions:
	posix_spawn_file_actions_destroy(&actions);
	return -rc;
}

/* SIGNO is the last one that it was sent; the next, when it is time for that. */
static int escalate(pid_t child, uint64_t since_stop, int signo)
{
	int next = since_stop >= END_NS + TERM_NS ? SIGKILL : since_stop >= END_NS ? SIGTERM : 0;

	if (next && next != signo)
		kill(child, next);
	return next;
}

static int wait_for(pid_t child, bool (*stopped)(void *data), void *data, int *status)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	uint64_t stop = 0;
	int signo = 0;

	for (;;) {
		pid_t ended = waitpid(child, status, WNOHANG);

		if (ended == child)
			return 0;
		if (ended < 0 && errno != EINTR)
			return error_last();
		if (stopped(data)) {
			stop = stop ? stop : clock_ns();
			signo = escalate(child, clock_ns() - stop, signo);
		}
		nanosleep(&pause, NULL);
	}
}

int child_run(char **argv, bool quiet_stdout, bool (*stopped)(void *data), void *data, char *text,
	      size_t size, struct error *error)
{
	const int fds[3] = { -1, quiet_stdout ? STDERR_FILENO : -1, -1 };
	int status = 0;
	pid_t child = 0;
	int rc;

	fflush(NULL);
	rc = child_spawn(argv, fds, &child);
	if (rc < 0)
		return error_errno(error, rc, "running %s", argv[0]);
	rc = wait_for(child, stopped, data, &status);
	if (rc < 0)
		return error_errno(error, rc, "waiting for %s", argv[0]);
	if (WIFSIGNALED(status))
		snprintf(text, size, "%s was killed by signal %d", argv[0], WTERMSIG(status));
	else
		snprintf(text, size, "%s ended with status %d", argv[0], WEXITSTATUS(status));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return error_set(error, ERROR_FAILED, "command-failed", "%s", text);
}

/* --- one whose streams are memory ------------------------------------------------------------------------------- */

/* Files without a name, so that neither side waits for the other to read. */
static int open_streams(int fds[3])
{
	for (int i = 0; i < 3; i++) {
		fds[i] = memfd_create("pcietool", MFD_CLOEXEC);
		if (fds[i] < 0)
			return -errno;
	}
	return 0;
}

static int write_all(int fd, const struct text_buffer *text)
{
	int rc = fd_write_all(fd, text->bytes, text->length);

	return rc < 0 ? rc : lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

static int read_all(int fd, struct text_buffer *text)
{
	char piece[4096];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, piece, sizeof(piece), at)) != 0) {
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			text_buffer_add(text, piece, (size_t)n);
		at += n > 0 ? n : 0;
	}
	return text->failed ? -ENOMEM : 0;
}

/* The first line that says something. */
static void first_line(int fd, char *text, size_t size)
{
	ssize_t n = pread(fd, text, size - 1, 0);
	char *start = text;

	text[n > 0 ? n : 0] = '\0';
	while (*start == '\n' || *start == ' ')
		start++;
	start[strcspn(start, "\n")] = '\0';
	memmove(text, start, strlen(start) + 1);
}

int child_wait(pid_t child, int *status)
{
	pid_t ended;

	do {
		ended = waitpid(child, status, 0);
	} while (ended < 0 && errno == EINTR);
	return ended < 0 ? -errno : 0;
}

int child_filter(char **argv, const struct text_buffer *text, struct text_buffer *output, struct error *error)
{
	int fds[3] = { -1, -1, -1 };
	char said[200];
	int status = 0;
	pid_t child = 0;
	int rc;

	rc = text->failed ? -ENOMEM : open_streams(fds);
	if (rc == 0)
		rc = write_all(fds[0], text);
	if (rc == 0)
		rc = child_spawn(argv, fds, &child);
	if (rc == 0)
		rc = child_wait(child, &status);
	if (rc == 0 && status != 0) {
		first_line(fds[2], said, sizeof(said));
		rc = error_set(error, ERROR_FAILED, "command-failed", "%s failed%s%s", argv[0],
			       *said ? ": " : "", said);
	} else if (rc == 0) {
		rc = read_all(fds[1], output);
		if (rc < 0)
			rc = error_errno(error, rc, "%s", argv[0]);
	} else {
		rc = error_errno(error, rc, "running %s", argv[0]);
	}
	for (int i = 0; i < 3; i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	return rc;
}
