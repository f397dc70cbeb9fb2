/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Catches the SIGBUS of an access to a mapping whose device went away, or whose BAR a driver claimed:
 *
 *     struct sigbus_guard guard;
 *
 *     if (sigbus_caught(&guard))
 *             return sigbus_errno(&guard);
 *     value = mmio_read(...);
 *     sigbus_end(&guard);
 *
 * Between the two only the accesses themselves may stand: the way out is a jump. A SIGBUS anywhere else
 * kills the program as ever.
 */
#ifndef PCIETOOL_SIGBUS_H
#define PCIETOOL_SIGBUS_H

#include <setjmp.h>
#include <stddef.h>

struct sigbus_guard {
	sigjmp_buf jump;
	struct sigbus_guard *outer;
	volatile int code; /* the signal's si_code */
	void *volatile address; /* its si_addr */
};

/*
 * Installs the SIGBUS handler, before guards are used; it passes on what is not theirs to the handler that was there. Again
 * it does nothing. 0 or -errno.
 */
int sigbus_init(void);

/*
 * What a fault that was caught was: -EREMOTEIO where the access went out and was rejected (BUS_OBJERR, an external
 * abort: Linux arch/arm64/mm/fault.c, fault_info[]), else -EFAULT, as nothing is mapped there any more.
 */
int sigbus_errno(const struct sigbus_guard *guard);

/*
 * How many bytes behind START the access that faulted was; 0 where that is not known (an external abort need not have an
 * address) or it was not within LENGTH bytes.
 */
size_t sigbus_distance(const struct sigbus_guard *guard, const volatile void *start, size_t length);

void sigbus_begin(struct sigbus_guard *guard);
void sigbus_end(struct sigbus_guard *guard);

/* Zero at first; nonzero when the access faulted, with the guard ended. */
#define sigbus_caught(guard) (sigsetjmp((guard)->jump, 0) ? 1 : (sigbus_begin(guard), 0))

#endif
