// SPDX-License-Identifier: GPL-2.0-or-later
/* A signal as a flag: who works for long looks at it. */
#include "cli/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "core/base/clock.h"

static const int caught[] = { SIGINT, SIGTERM, SIGHUP, SIGALRM };
#define CAUGHT (sizeof(caught) / sizeof(caught[0]))

/* also looked at by other threads than the one that a signal comes to */
static _Atomic sig_atomic_t received;
static _Atomic sig_atomic_t has_more;
static _Atomic unsigned long first_ms; /* of the clock, when the first one came */
/* timeout(1) sends a signal to its child and to the group: who insists does so later than that. */
#define BURST_MS 200
static struct sigaction before[CAUGHT];

/*
 * The alarm comes again and again until the command has ended: a signal between the look at RECEIVED and the
 * system call behind it would otherwise not interrupt that.
 */
static void on_signal(int signo)
{
	if (signo != SIGALRM) {
		unsigned long now = (unsigned long)(clock_ns() / 1000000);

		if (!received)
			first_ms = now;
		has_more |= now - first_ms >= BURST_MS;
		received = signo;
	}
	alarm(1);
}

/* Without SA_RESTART, so that waits and writes end. What the caller's shell ignores stays ignored. */
void signals_catch(void)
{
	received = 0;
	has_more = 0;
	for (size_t i = 0; i < CAUGHT; i++) {
		struct sigaction action = { .sa_handler = on_signal };

		sigemptyset(&action.sa_mask);
		if (sigaction(caught[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN)
			sigaction(caught[i], &action, NULL);
	}
	signal(SIGPIPE, SIG_IGN);
}

int signals_received(void)
{
	return received;
}

bool signals_stopped(void *data)
{
	(void)data;
	return received != 0;
}

bool signals_insisted(void *data)
{
	(void)data;
	return has_more != 0;
}

uint64_t signals_deadline(const struct option_values *options, uint64_t start)
{
	return options->has_timeout ? clock_after(start, options->timeout) : UINT64_MAX;
}

bool signals_sleep(uint64_t interval, uint64_t end)
{
	uint64_t now = clock_ns();
	uint64_t left = end > now ? end - now : 0;
	uint64_t ns = left < interval ? left : interval;
	const struct timespec pause = { .tv_sec = (time_t)(ns / 1000000000),
					.tv_nsec = (long)(ns % 1000000000) };

	nanosleep(&pause, NULL);
	return clock_ns() < end;
}

int signals_end(struct invocation *inv, bool ends_well, int rc)
{
	int signo = received;

	alarm(0);
	for (size_t i = 0; i < CAUGHT; i++)
		sigaction(caught[i], &before[i], NULL);
	if (!signo || ends_well)
		return rc;
	if (signo == SIGINT && inv->interactive)
		return error_set(&inv->error, ERROR_FAILED, "interrupted", "interrupted");
	/* what is on its way to standard output is out by then */
	writer_document_end(inv->out);
	fflush(NULL);
	signal(signo, SIG_DFL);
	raise(signo);
	return rc;
}
