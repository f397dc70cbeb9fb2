// SPDX-License-Identifier: GPL-2.0-or-later
/* The threads of several twins, and who waits for their end. */
#include "core/twin/several.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct several;

struct server {
	struct several *all;
	struct twin *twin;
	pthread_t thread;
	int rc;
	struct error error;
};

struct several {
	int over; /* eventfds: all of them shall end */
	int failed; /* one of them did */
	size_t started;
	struct server *servers;
};

/* A signal is the caller's, who tells them. */
static bool never(void *data)
{
	(void)data;
	return false;
}

static void *serve(void *data)
{
	struct server *s = data;

	s->rc = twin_serve(s->twin, s->all->over, never, NULL, &s->error);
	twin_unlisten(s->twin);
	if (s->rc < 0)
		eventfd_write(s->all->failed, 1);
	return NULL;
}

/* Signals that end the program come to the caller's thread; those of a fault to the one that made it. */
static int start(struct several *all, struct twin *const *twins, size_t count)
{
	sigset_t block;
	sigset_t before;
	int rc = 0;

	sigfillset(&block);
	sigdelset(&block, SIGBUS);
	sigdelset(&block, SIGSEGV);
	sigdelset(&block, SIGFPE);
	sigdelset(&block, SIGILL);
	pthread_sigmask(SIG_SETMASK, &block, &before);
	while (rc == 0 && all->started < count) {
		struct server *s = &all->servers[all->started];

		*s = (struct server){ .all = all, .twin = twins[all->started] };
		rc = -pthread_create(&s->thread, NULL, serve, s);
		if (rc == 0)
			all->started++;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

static void wait_for(const struct several *all, int end, bool (*stopped)(void *data), void *data)
{
	struct pollfd p[] = { { .fd = end, .events = POLLIN }, { .fd = all->failed, .events = POLLIN } };

	/* not for ever: a signal may come just before */
	while (!stopped(data) && poll(p, 2, 1000) <= 0)
		;
}

static int join(struct several *all, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; i < all->started; i++) {
		struct server *s = &all->servers[i];

		pthread_join(s->thread, NULL);
		if (s->rc < 0 && rc == 0) {
			rc = s->rc;
			*error = s->error;
		}
	}
	return rc;
}

int twins_serve(struct twin *const *twins, size_t count, int end, bool (*stopped)(void *data), void *data,
		struct error *error)
{
	struct several all = { .over = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
			       .failed = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
			       .servers = calloc(count, sizeof(struct server)) };
	int rc = all.over < 0 || all.failed < 0 ? error_last() : !all.servers ? -ENOMEM : 0;
	int failed;

	if (rc == 0)
		rc = start(&all, twins, count);
	if (rc == 0)
		wait_for(&all, end, stopped, data);
	else
		error_errno(error, rc, "serving %zu twins", count);
	if (all.over >= 0)
		eventfd_write(all.over, 1);
	failed = join(&all, error);
	if (all.over >= 0)
		close(all.over);
	if (all.failed >= 0)
		close(all.failed);
	free(all.servers);
	return rc < 0 ? rc : failed;
}
