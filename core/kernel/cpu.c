// SPDX-License-Identifier: GPL-2.0-or-later
/* The processor that we run on, how its frequency and its idle states are chosen. */
#include "core/kernel/cpu.h"

#include <errno.h>
#include <sched.h>

#include "core/kernel/sysfs.h"

/* RC is what reading it gave. */
static const char *reason_of(int rc)
{
	return rc < 0 ? fact_reason(rc) : NULL;
}

void cpu_state_read(const struct context *ctx, struct cpu_state *state)
{
	struct fact_text *governor = &state->governor;
	struct fact_text *idle = &state->idle;
	int cpu = sched_getcpu();
	int rc = cpu < 0 ? -errno
			 : sysfs_read(ctx, governor->text, sizeof(governor->text),
				      "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", cpu);

	governor->reason = reason_of(rc);
	state->cpu = (struct fact_number){ .reason = reason_of(cpu < 0 ? rc : 0), .value = (uint64_t)cpu };
	idle->reason = reason_of(sysfs_read(ctx, idle->text, sizeof(idle->text),
					    "/sys/devices/system/cpu/cpuidle/current_driver"));
}
