// SPDX-License-Identifier: GPL-2.0-or-later
/* Long text on a terminal, through a program that shows it page by page, as git(1) has it. */
#include "cli/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/child.h"

struct pager {
	pid_t child;
	int out; /* the terminal */
	int err; /* -1: standard error is something else */
	struct sigaction interrupt; /* as it was */
};

/* What is asked for in the environment, as it is given; NULL: nothing. */
static const char *wanted(void)
{
	const char *terminal = getenv("TERM");
	const char *command = getenv("PCIETOOL_PAGER");
	struct error ignored;

	if (!isatty(STDOUT_FILENO) || !terminal || strcmp(terminal, "dumb") == 0)
		return NULL;
	if (!command)
		command = getenv("PAGER");
	if (!command)
		command = "less";
	/* one word that is no program is none; more is for the shell, as in git */
	if (!*command || strcmp(command, "cat") == 0 ||
	    (!strpbrk(command, "|&;<>()$`\\\"' \t\n*?[#~=%") && child_check(command, &ignored) < 0))
		return NULL;
	return command;
}

static int spawn(const char *command, int input, pid_t *child)
{
	char *argv[] = { "sh", "-c", (char *)(uintptr_t)command, NULL };
	posix_spawn_file_actions_t actions;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc)
		return -rc;
	rc = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	if (rc == 0)
		rc = posix_spawn(child, "/bin/sh", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return -rc;
}

/* One who reads may interrupt the pager, which knows what that means; the command goes on until it cannot write any more. */
static void ignore_interrupt(struct sigaction *before)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	sigaction(SIGINT, &ignore, before);
}

static int start(struct pager *p, const char *command)
{
	int ends[2];
	int rc;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	p->out = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
	p->err = isatty(STDERR_FILENO) ? fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0) : -1;
	/* git(1), core.pager: quits if it is one screen, shows colours, leaves the screen as it is */
	setenv("LESS", "FRX", 0);
	rc = p->out < 0 ? -EMFILE : spawn(command, ends[0], &p->child);
	if (rc == 0) {
		ignore_interrupt(&p->interrupt);
		dup2(ends[1], STDOUT_FILENO);
		if (p->err >= 0)
			dup2(ends[1], STDERR_FILENO);
	} else {
		if (p->out >= 0)
			close(p->out);
		if (p->err >= 0)
			close(p->err);
	}
	close(ends[0]);
	close(ends[1]);
	return rc;
}

struct pager *pager_start(void)
{
	const char *command = wanted();
	struct pager *p = command ? malloc(sizeof(*p)) : NULL;

	if (!p)
		return NULL;
	fflush(NULL);
	if (start(p, command) == 0)
		return p;
	free(p);
	return NULL;
}

int pager_terminal(const struct pager *p)
{
	return p->out;
}

void pager_end(struct pager *p)
{
	if (!p)
		return;
	/* the pipe's last ends are closed by that */
	dup2(p->out, STDOUT_FILENO);
	close(p->out);
	if (p->err >= 0) {
		fflush(stderr);
		dup2(p->err, STDERR_FILENO);
		close(p->err);
	}
	while (waitpid(p->child, NULL, 0) < 0 && errno == EINTR)
		;
	sigaction(SIGINT, &p->interrupt, NULL);
	free(p);
}
