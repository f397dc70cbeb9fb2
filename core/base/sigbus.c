// SPDX-License-Identifier: GPL-2.0-or-later
/* The handler of SIGBUS, and the guard that it jumps back to. */
#include "core/base/sigbus.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A signal handler can be told nothing but through a variable of the thread: the one exception to "no
 * global state".
 */
static _Thread_local struct sigbus_guard *volatile current;
/* Whose handler was there before: that of the program which the library is in. */
static struct sigaction before;

static void on_sigbus(int signal, siginfo_t *info, void *context)
{
	struct sigbus_guard *guard = current;

	if (guard) {
		guard->code = info->si_code;
		guard->address = info->si_addr;
		current = guard->outer;
		siglongjmp(guard->jump, 1);
	}
	if ((before.sa_flags & SA_SIGINFO) && before.sa_sigaction) {
		before.sa_sigaction(signal, info, context);
		return;
	}
	if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
		before.sa_handler(signal);
		return;
	}
	/* sent by somebody, and ignored before; a fault cannot be */
	if (before.sa_handler == SIG_IGN && info->si_code <= 0)
		return;
	/* not ours: the access is repeated on return, and then it is fatal */
	struct sigaction action = { .sa_handler = SIG_DFL };

	sigaction(signal, &action, NULL);
	if (info->si_code <= 0)
		raise(signal);
}

int sigbus_init(void)
{
	/* SA_NODEFER: the jump leaves the handler without the mask being restored */
	struct sigaction action = { .sa_sigaction = on_sigbus,
				    .sa_flags = SA_NODEFER | SA_SIGINFO | SA_ONSTACK };
	static atomic_flag is_installed = ATOMIC_FLAG_INIT;

	/* once: whoever installed one on top since passes on to this, which must not pass back */
	if (atomic_flag_test_and_set(&is_installed))
		return 0;
	sigemptyset(&action.sa_mask);
	if (sigaction(SIGBUS, &action, &before) == 0)
		return 0;
	atomic_flag_clear(&is_installed);
	return -errno;
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
