// SPDX-License-Identifier: GPL-2.0-or-later
/* Signals that are noted, and which of them insist. */
#include <signal.h>
#include <time.h>

#include "cli/signals.h"
#include "tests/unit/tap.h"

/* of signals_end(), which is not tested here */
void writer_document_end(struct writer *w)
{
	(void)w;
}

int main(void)
{
	const struct timespec later = { .tv_nsec = 300000000 };
	struct tap tap = { 0 };

	signals_catch();
	ok(&tap, !signals_stopped(NULL) && !signals_insisted(NULL), "none came");
	raise(SIGTERM);
	ok(&tap, signals_received() == SIGTERM && !signals_insisted(NULL),
	   "the first is no more than a wish");
	raise(SIGTERM);
	ok(&tap, !signals_insisted(NULL), "... nor is the same that came twice, as of timeout(1)");
	nanosleep(&later, NULL);
	raise(SIGINT);
	ok(&tap, signals_received() == SIGINT && signals_insisted(NULL), "one that comes later insists");
	signals_catch();
	ok(&tap, !signals_received() && !signals_insisted(NULL), "the next command begins anew");
	return tap_done(&tap);
}
