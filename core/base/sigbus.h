/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Catches the SIGBUS of an access to a mapping whose device went away, or whose BAR a driver claimed:
 *
 *     struct fault_guard guard;
 *
 *     if (fault_caught(&guard))
 *             return -EFAULT;
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
};

/* Installs the SIGBUS handler; to be called once before guards are used. 0 or -errno. */
int fault_init(void);

void fault_begin(struct fault_guard *guard);
void fault_end(struct fault_guard *guard);

/* Zero at first; nonzero when the access faulted, with the guard ended. */
#define fault_caught(guard) (sigsetjmp((guard)->jump, 0) ? 1 : (fault_begin(guard), 0))

#endif
