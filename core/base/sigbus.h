/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Catches the SIGBUS of an access to a mapping whose device went away, or whose BAR a driver claimed:
 *
 *     struct fault_guard guard;
 *
 *     if (fault_caught(&guard))
 *             return fault_errno(&guard);
 *     value = mmio_read(...);
 *     fault_end(&guard);
 *
 * Between the two only the accesses themselves may stand: the way out is a jump. A SIGBUS anywhere else
 * kills the program as ever.
 */
#ifndef PCIETOOL_FAULT_H
#define PCIETOOL_FAULT_H

#include <setjmp.h>

struct fault_guard {
	sigjmp_buf jump;
	struct fault_guard *outer;
	volatile int code; /* the signal's si_code */
};

/* Installs the SIGBUS handler; to be called once before guards are used. 0 or -errno. */
int fault_init(void);

/*
 * What a fault that was caught was: -EREMOTEIO where the access went out and was rejected (BUS_OBJERR, an external
 * abort: Linux arch/arm64/mm/fault.c, fault_info[]), else -EFAULT, as nothing is mapped there any more.
 */
int fault_errno(const struct fault_guard *guard);

void fault_begin(struct fault_guard *guard);
void fault_end(struct fault_guard *guard);

/* Zero at first; nonzero when the access faulted, with the guard ended. */
#define fault_caught(guard) (sigsetjmp((guard)->jump, 0) ? 1 : (fault_begin(guard), 0))

#endif
