// SPDX-License-Identifier: GPL-2.0-or-later
/* An eventfd that nobody reads: every process sees every event, and none is lost between a look and a wait. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/dma/event_count.h"
#include "core/backend/vfio.h"
#include "tests/unit/tap.h"

#define EVENTS 20000u
#define READERS 4
#define SECOND UINT64_C(1000000000)

static int new_event(void)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		abort();
	return fd;
}

static void tell(int fd, uint64_t count)
{
	if (write(fd, &count, sizeof(count)) != sizeof(count))
		abort();
}

static uint64_t count_of(struct event_count *count)
{
	uint64_t value = 0x5a5a;

	return event_count_read(count, &value) < 0 ? UINT64_MAX : value;
}

static void one_process(struct tap *tap)
{
	struct event_count count;
	struct event_count other;
	int fd = new_event();

	ok(tap, event_count_open(fd, false, &count) == 0 && event_count_open(fd, false, &other) == 0,
	   "two look at one");
	ok(tap, count_of(&count) == 0, "none yet");
	ok(tap, event_count_wait(&count, 0, -1) == -ETIME, "a wait of no time ends at once");
	tell(fd, 1);
	ok(tap, event_count_wait(&count, SECOND, -1) == 0, "one came");
	ok(tap, event_count_wait(&count, 1000000, -1) == -ETIME, "and is told once");
	ok(tap, event_count_wait(&other, 0, -1) == 0, "to everyone who waits");
	ok(tap, count_of(&count) == 1 && count_of(&other) == 1, "it is counted");
	tell(fd, UINT64_C(0x123456789a));
	ok(tap, count_of(&count) == UINT64_C(0x123456789b), "64 bits");
	event_count_close(&count);
	ok(tap, count_of(&other) == UINT64_C(0x123456789b), "another one's end changes nothing");
	event_count_close(&other);
	close(fd);
	ok(tap, event_count_open(fd, false, &count) == -ENOENT, "a descriptor that is closed");
	fd = dup(STDIN_FILENO);
	ok(tap,
	   event_count_open(fd, false, &count) == 0 && event_count_read(&count, &(uint64_t){ 0 }) == -EIO,
	   "one that does not count");
	event_count_close(&count);
	close(fd);
}

static void hang_ups(struct tap *tap)
{
	struct event_count count;
	int fd = new_event();
	int pair[2];
	char byte = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0 ||
	    event_count_open(fd, false, &count) < 0)
		abort();
	ok(tap, event_count_wait(&count, 0, pair[0]) == -ETIME, "the holder is there");
	if (write(pair[1], &byte, 1) != 1)
		abort();
	ok(tap, event_count_wait(&count, 0, pair[0]) == -ETIME, "what it says is no hang-up");
	close(pair[1]);
	ok(tap, event_count_wait(&count, SECOND, pair[0]) == -ECANCELED, "its end is one");
	ok(tap, event_count_wait(&count, SECOND, pair[0]) == -ECANCELED, "each time");
	event_count_close(&count);
	close(pair[0]);
	close(fd);
}

/* Reads the count, waits until it is exceeded, and again: as a script does it. 0: all were seen. */
static int follow(int fd, uint64_t last)
{
	struct event_count count;
	uint64_t value = 0;
	int rc;

	rc = event_count_open(fd, false, &count);
	while (rc == 0 && value < last) {
		uint64_t since = value;

		rc = vfio_wait(&count, -1, since, 20 * SECOND, -1, &value);
		if (rc == 0 && value <= since)
			rc = -ERANGE;
	}
	return rc == 0 && value == last ? 0 : 1;
}

static void many_processes(struct tap *tap)
{
	pid_t readers[READERS];
	int fd = new_event();

	for (int i = 0; i < READERS; i++) {
		readers[i] = fork();
		if (readers[i] == 0)
			_exit(follow(fd, EVENTS));
	}
	for (unsigned int i = 0; i < EVENTS; i++)
		tell(fd, 1);
	for (int i = 0; i < READERS; i++) {
		int status = -1;

		waitpid(readers[i], &status, 0);
		ok(tap, status == 0, "process %d saw all %u events", i + 1, EVENTS);
	}
	close(fd);
}

/* One that comes between a look and the wait, each time: the wait must not last. */
static void no_gap(struct tap *tap, bool alone)
{
	struct event_count count;
	uint64_t value = 0;
	int fd = new_event();
	int rc = event_count_open(fd, alone, &count);

	for (unsigned int i = 0; rc == 0 && i < 1000; i++) {
		uint64_t since = value;

		tell(fd, 1);
		rc = vfio_wait(&count, -1, since, UINT64_MAX, -1, &value);
		if (rc == 0 && value != since + 1)
			rc = -ERANGE;
	}
	ok(tap, rc == 0 && value == 1000, "each wait of 1000 ends with the event that came before it");
	ok(tap, vfio_wait(&count, -1, 1000, 0, -1, &value) == -ETIME && value == 1000,
	   "one more look, no wait");
	ok(tap, vfio_wait(&count, -1, 999, 0, -1, &value) == 0, "what was exceeded already is at once");
	ok(tap, vfio_wait(&count, -1, 1000, 2000000, -1, &value) == -ETIME && value == 1000,
	   "a wait in vain");
	event_count_close(&count);
	close(fd);
}

static void alone(struct tap *tap)
{
	struct event_count count;
	uint64_t value;
	int fd = new_event();

	if (event_count_open(fd, true, &count) < 0)
		abort();
	ok(tap, count_of(&count) == 0, "alone: none yet");
	tell(fd, 3);
	ok(tap, count_of(&count) == 3 && count_of(&count) == 3, "alone: counted once");
	/* an event that was counted by a look before the wait is no news */
	ok(tap, vfio_wait(&count, -1, 3, 2000000, -1, &value) == -ETIME && value == 3,
	   "alone: a wait in vain");
	tell(fd, 2);
	ok(tap, vfio_wait(&count, -1, 3, SECOND, -1, &value) == 0 && value == 5, "alone: news");
	event_count_close(&count);
	close(fd);
}

static void on_signal(int signo)
{
	(void)signo;
}

static void signals(struct tap *tap)
{
	const struct sigaction action = { .sa_handler = on_signal };
	struct event_count count;
	int fd = new_event();

	if (event_count_open(fd, false, &count) < 0 || sigaction(SIGALRM, &action, NULL) < 0)
		abort();
	alarm(1);
	ok(tap, event_count_wait(&count, UINT64_MAX, -1) == -EINTR, "a signal ends the wait");
	event_count_close(&count);
	close(fd);
}

int main(void)
{
	struct tap tap = { 0 };

	one_process(&tap);
	hang_ups(&tap);
	many_processes(&tap);
	no_gap(&tap, false);
	no_gap(&tap, true);
	alone(&tap);
	signals(&tap);
	return tap_done(&tap);
}
