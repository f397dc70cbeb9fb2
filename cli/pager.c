// SPDX-License-Identifier: GPL-2.0-or-later
/* Long text on a terminal, through a program that shows it page by page, as git(1) has it. */
#include "cli/pager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/child.h"

/* What ends this program ends the pager first, which has the terminal in a state of its own. */
static const int fatal[] = { SIGTERM, SIGHUP, SIGQUIT };

#define FATAL (sizeof(fatal) / sizeof(fatal[0]))

struct pager {
	pid_t child;
	int out; /* the terminal */
	int err; /* -1: standard error is something else */
	/* as it was */
	struct sigaction interrupt;
	struct sigaction pipe;
	struct sigaction before[FATAL];
};

/* For the handler, which is given no parameter: 0 where there is no pager. */
static volatile pid_t shown_by;

/* As git(1)'s: what was written is seen, and the pager ends by itself. */
static void wait_and_die(int signo)
{
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	while (shown_by && waitpid(shown_by, NULL, 0) < 0 && errno == EINTR)
		;
	signal(signo, SIG_DFL);
	raise(signo);
}

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
	const int fds[3] = { input, -1, -1 };

	return child_spawn(argv, fds, child);
}

static void take_signals(struct pager *p)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const struct sigaction die = { .sa_handler = wait_and_die };

	shown_by = p->child;
	/* one who reads may interrupt the pager, which knows what that means; the command goes on until it cannot write any more */
	sigaction(SIGINT, &ignore, &p->interrupt);
	/* one who has seen enough: the command ends as it would have */
	sigaction(SIGPIPE, &ignore, &p->pipe);
	for (size_t i = 0; i < FATAL; i++)
		sigaction(fatal[i], &die, &p->before[i]);
}

static void give_signals(const struct pager *p)
{
	for (size_t i = 0; i < FATAL; i++)
		sigaction(fatal[i], &p->before[i], NULL);
	sigaction(SIGPIPE, &p->pipe, NULL);
	sigaction(SIGINT, &p->interrupt, NULL);
	shown_by = 0;
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
		take_signals(p);
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

bool pager_end(struct pager *p)
{
	int status = 0;

	if (!p)
		return true;
	/* the pipe's last ends are closed by that */
	dup2(p->out, STDOUT_FILENO);
	close(p->out);
	if (p->err >= 0) {
		fflush(stderr);
		dup2(p->err, STDERR_FILENO);
		close(p->err);
	}
	child_wait(p->child, &status);
	give_signals(p);
	free(p);
	/* sh(1): it is not to be found, or cannot be run */
	return !WIFEXITED(status) || (WEXITSTATUS(status) != 126 && WEXITSTATUS(status) != 127);
}
