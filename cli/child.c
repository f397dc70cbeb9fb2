// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/child.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/signals.h"

/* What a shell says of a command that is not there, or cannot be run. */
#define STATUS_NOT_FOUND 127
#define STATUS_NOT_RUNNABLE 126

static void exec_child(char **command)
{
	static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };

	for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
		signal(caught[i], SIG_DFL);
	execvp(command[0], command);
	fprintf(stderr, "pcietool: %s: %s\n", command[0], strerror(errno));
	_exit(errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUNNABLE);
}

/* A signal from a terminal went to it too; one that was sent to us alone has to be passed on. */
static int wait_for(pid_t child)
{
	bool passed_on = false;
	int status;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return error_last();
		if (signals_received() && !passed_on) {
			kill(child, signals_received());
			passed_on = true;
		}
	}
	return status;
}

int child_run(struct invocation *inv, char **command)
{
	pid_t child;
	int status;

	fflush(stdout);
	child = fork();
	if (child < 0)
		return error_errno(&inv->error, error_last(), "%s", command[0]);
	if (child == 0)
		exec_child(command);
	status = wait_for(child);
	if (status < 0)
		return error_errno(&inv->error, status, "%s", command[0]);
	inv->child_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (inv->child_status == 0)
		return 0;
	if (WIFSIGNALED(status))
		return error_set(&inv->error, ERROR_FAILED, "command-failed", "%s died of signal %d",
				 command[0], WTERMSIG(status));
	return error_set(&inv->error, ERROR_FAILED, "command-failed", "%s failed with exit status %d",
			 command[0], inv->child_status);
}
