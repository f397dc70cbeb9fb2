// SPDX-License-Identifier: GPL-2.0-or-later
/* SCHED_FIFO, a processor, locked memory. */
#include "core/kernel/realtime.h"

#include <sched.h>
#include <sys/mman.h>

static int set_cpu(uint64_t cpu, struct error *error)
{
	cpu_set_t set;
	int rc;

	CPU_ZERO(&set);
	if (cpu < CPU_SETSIZE)
		CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) == 0)
		return 0;
	rc = error_last();
	if (rc != -EINVAL)
		return error_errno(error, rc, "running on processor %llu", (unsigned long long)cpu);
	return error_set(error, ERROR_USAGE, "no-cpu",
			 "processor %llu: there is none, or this process may not run on it",
			 (unsigned long long)cpu);
}

static int set_priority(uint64_t priority, struct error *error)
{
	int least = sched_get_priority_min(SCHED_FIFO);
	int most = sched_get_priority_max(SCHED_FIFO);
	struct sched_param param = { .sched_priority = (int)priority };
	int rc;

	if (priority < (uint64_t)least || priority > (uint64_t)most)
		return error_set(error, ERROR_USAGE, "bad-option",
				 "a real-time priority is %d to %d, not %llu", least, most,
				 (unsigned long long)priority);
	if (sched_setscheduler(0, SCHED_FIFO, &param) == 0)
		return 0;
	rc = error_errno(error, error_last(), "real-time priority %d", param.sched_priority);
	if (rc == -EPERM)
		error_hint(error, "it needs CAP_SYS_NICE, or RLIMIT_RTPRIO ('ulimit -r') of at least %d",
			   param.sched_priority);
	return rc;
}

static int lock_memory(struct error *error)
{
	int rc;

	if (mlockall(MCL_CURRENT | MCL_FUTURE) == 0)
		return 0;
	rc = error_errno(error, error_last(), "locking memory");
	/* ENOMEM: more than the limit */
	if (rc == -EPERM || rc == -ENOMEM || rc == -EAGAIN) {
		error->kind = ERROR_DENIED;
		error_hint(error, "it needs CAP_IPC_LOCK, or a larger RLIMIT_MEMLOCK ('ulimit -l')");
	}
	return rc;
}

int realtime_apply(const struct realtime *realtime, struct error *error)
{
	int rc = 0;

	if (realtime->has_cpu)
		rc = set_cpu(realtime->cpu, error);
	if (rc == 0 && realtime->lock)
		rc = lock_memory(error);
	if (rc == 0 && realtime->has_priority)
		rc = set_priority(realtime->priority, error);
	return rc;
}
