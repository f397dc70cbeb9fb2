// SPDX-License-Identifier: GPL-2.0-or-later
/* SCHED_FIFO, a processor, locked memory. */
#include "core/kernel/realtime.h"

#include <sched.h>
#include <sys/mman.h>

static int bad_cpu(uint64_t cpu, struct error *error)
{
	return error_set(error, ERROR_USAGE, "no-cpu",
			 "processor %llu: there is none, or this process may not run on it",
			 (unsigned long long)cpu);
}

int realtime_check(const struct realtime *realtime, struct error *error)
{
	int least = sched_get_priority_min(SCHED_FIFO);
	int most = sched_get_priority_max(SCHED_FIFO);
	cpu_set_t allowed;

	if (realtime->has_priority &&
	    (realtime->priority < (uint64_t)least || realtime->priority > (uint64_t)most))
		return error_set(error, ERROR_USAGE, "bad-option",
				 "a real-time priority is %d to %d, not %llu", least, most,
				 (unsigned long long)realtime->priority);
	if (realtime->has_cpu &&
	    (realtime->cpu >= CPU_SETSIZE ||
	     (sched_getaffinity(0, sizeof(allowed), &allowed) == 0 && !CPU_ISSET(realtime->cpu, &allowed))))
		return bad_cpu(realtime->cpu, error);
	return 0;
}

static int set_cpu(uint64_t cpu, struct error *error)
{
	cpu_set_t set;
	int rc;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set) == 0)
		return 0;
	rc = error_last();
	return rc == -EINVAL ? bad_cpu(cpu, error)
			     : error_errno(error, rc, "running on processor %llu", (unsigned long long)cpu);
}

static int set_priority(uint64_t priority, struct error *error)
{
	struct sched_param param = { .sched_priority = (int)priority };
	int rc;

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
	int rc = realtime_check(realtime, error);

	if (rc == 0 && realtime->has_cpu)
		rc = set_cpu(realtime->cpu, error);
	if (rc == 0 && realtime->lock)
		rc = lock_memory(error);
	if (rc == 0 && realtime->has_priority)
		rc = set_priority(realtime->priority, error);
	return rc;
}
