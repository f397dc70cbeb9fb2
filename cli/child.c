// SPDX-License-Identifier: GPL-2.0-or-later
/* A command that this program starts: its exit status, its signals. */
#include "cli/child.h"

#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"

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

/* What we catch or ignore, it does not. */
static int spawn(char **argv, bool quiet_stdout, pid_t *child)
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
	if (quiet_stdout)
		rc = posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
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
	int status = 0;
	pid_t child = 0;
	int rc;

	fflush(NULL);
	rc = spawn(argv, quiet_stdout, &child);
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
