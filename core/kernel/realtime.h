/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the kernel runs this process, and what it starts from then on: at once, where, with its memory there. */
#ifndef PCIETOOL_REALTIME_H
#define PCIETOOL_REALTIME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

/* All zero: as it is. */
struct realtime {
	bool has_priority;
	uint64_t priority; /* of SCHED_FIFO, sched(7) */
	bool has_cpu;
	uint64_t cpu; /* the only one that it runs on */
	bool lock; /* memory, now and later; not that of what it starts, mlockall(2) */
};

/* Are its numbers some that can be, on this machine? Changes nothing. */
int realtime_check(const struct realtime *realtime, struct error *error);

/* Numbers that cannot be are usage errors, wanting rights is denied, with the limit that would give them. */
int realtime_apply(const struct realtime *realtime, struct error *error);

#endif
