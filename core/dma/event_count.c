// SPDX-License-Identifier: GPL-2.0-or-later
/* An eventfd's count that several processes see. */
#include "core/dma/event_count.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "core/base/error.h"

int event_count_open(int fd, bool alone, struct event_count *count)
{
	char path[40];

	*count = (struct event_count){ .fd = fd, .info = -1, .epoll = -1 };
	if (alone)
		return 0;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	count->info = open(path, O_RDONLY | O_CLOEXEC);
	return count->info < 0 ? error_last() : 0;
}

void event_count_close(struct event_count *count)
{
	if (count->info >= 0)
		close(count->info);
	if (count->epoll >= 0)
		close(count->epoll);
	count->info = count->epoll = -1;
}

int event_count_share(struct event_count *count)
{
	struct event_count shared;
	uint64_t total;
	int rc;

	if (count->info >= 0)
		return 0;
	rc = event_count_open(count->fd, false, &shared);
	if (rc < 0)
		return rc;
	/* what was read of it goes back: from here on the kernel has all of the count */
	total = count->total;
	if (total > 0 && write(count->fd, &total, sizeof(total)) != sizeof(total)) {
		rc = error_last();
		event_count_close(&shared);
		return rc;
	}
	count->info = shared.info;
	return 0;
}

static int take(struct event_count *count, uint64_t *value)
{
	uint64_t events;

	if (read(count->fd, &events, sizeof(events)) == sizeof(events))
		count->total += events;
	else if (errno != EAGAIN)
		return error_last();
	*value = count->total;
	return 0;
}

int event_count_read(struct event_count *count, uint64_t *value)
{
	static const char key[] = "eventfd-count:";
	const char *at;
	char text[256];
	ssize_t n;

	if (count->info < 0)
		return take(count, value);
	n = pread(count->info, text, sizeof(text) - 1, 0);
	if (n < 0)
		return error_last();
	text[n] = '\0';
	at = strstr(text, key);
	if (!at)
		return -EIO;
	*value = strtoull(at + sizeof(key) - 1, NULL, 16);
	return 0;
}

static int watch(int epoll, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0 ? error_last() : 0;
}

static int start(int fd, int hangup, int *started)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	int rc;

	if (epoll < 0)
		return error_last();
	rc = watch(epoll, fd, EPOLLIN | EPOLLET);
	/* without an event asked for, a hang-up is told all the same */
	if (rc == 0 && hangup >= 0)
		rc = watch(epoll, hangup, 0);
	if (rc < 0) {
		close(epoll);
		return rc;
	}
	*started = epoll;
	return 0;
}

int event_watch_clear(int watch)
{
	struct epoll_event events[2]; /* the event, the hang-up */

	return epoll_wait(watch, events, 2, 0) < 0 ? error_last() : 0;
}

int event_watch_open(int fd, int hangup, int *watch)
{
	int rc = start(fd, hangup, watch);

	/* what is there already is told once */
	return rc == 0 ? event_watch_clear(*watch) : rc;
}

/* In ms for epoll, rounded up: a wait that is too short would be repeated at once. 24 days are the most. */
static int milliseconds(uint64_t ns)
{
	uint64_t ms = ns / 1000000 + (ns % 1000000 != 0);

	return ns == UINT64_MAX ? -1 : ms > INT_MAX ? INT_MAX : (int)ms;
}

/* Who reads it sees by that whether there is anything: no edge is needed. */
static int wait_alone(const struct event_count *count, uint64_t timeout)
{
	const struct timespec time = { .tv_sec = (time_t)(timeout / 1000000000),
				       .tv_nsec = (long)(timeout % 1000000000) };
	struct pollfd poller = { .fd = count->fd, .events = POLLIN };
	int n = ppoll(&poller, 1, timeout == UINT64_MAX ? NULL : &time, NULL);

	return n < 0 ? error_last() : n == 0 ? -ETIME : 0;
}

int event_count_wait(struct event_count *count, uint64_t timeout, int hangup)
{
	struct epoll_event event;
	int rc = 0;
	int n;

	if (count->info < 0)
		return wait_alone(count, timeout);
	if (count->epoll < 0)
		rc = start(count->fd, hangup, &count->epoll);
	if (rc < 0)
		return rc;
	n = epoll_wait(count->epoll, &event, 1, milliseconds(timeout));
	if (n < 0)
		return error_last();
	if (n == 0)
		return -ETIME;
	return event.data.fd == count->fd ? 0 : -ECANCELED;
}
