// SPDX-License-Identifier: GPL-2.0-or-later
/* The handler of SIGBUS, and the guard that it jumps back to. */
#include "core/base/sigbus.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A signal handler can be told nothing but through a variable of the thread: the one exception to "no
 * global state".
 */
static _Thread_local struct sigbus_guard *volatile current;

static void on_sigbus(int signal, siginfo_t *info, void *context)
{
	struct sigbus_guard *guard = current;

	(void)context;
	if (guard) {
		guard->code = info->si_code;
		guard->address = info->si_addr;
		current = guard->outer;
		siglongjmp(guard->jump, 1);
	}
	/* not ours: the access is repeated on return, and then it is fatal */
	struct sigaction action = { .sa_handler = SIG_DFL };

	sigaction(signal, &action, NULL);
}

int sigbus_init(void)
{
	/* SA_NODEFER: the jump leaves the handler without the mask being restored */
	struct sigaction action = { .sa_sigaction = on_sigbus, .sa_flags = SA_NODEFER | SA_SIGINFO };

	sigemptyset(&action.sa_mask);
	return sigaction(SIGBUS, &action, NULL) < 0 ? -errno : 0;
}

int sigbus_errno(const struct sigbus_guard *guard)
{
	return guard->code == BUS_OBJERR ? -EREMOTEIO : -EFAULT;
}

size_t sigbus_distance(const struct sigbus_guard *guard, const volatile void *start, size_t length)
{
	uintptr_t distance = (uintptr_t)guard->address - (uintptr_t)start;

	return distance < length ? distance : 0;
}

void sigbus_begin(struct sigbus_guard *guard)
{
	guard->outer = current;
	current = guard;
}

void sigbus_end(struct sigbus_guard *guard)
{
	current = guard->outer;
}
