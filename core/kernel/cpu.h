/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the processor may do to a time that is measured: Linux Documentation/admin-guide/pm/cpufreq.rst and cpuidle.rst. */
#ifndef PCIETOOL_CPU_H
#define PCIETOOL_CPU_H

#include "core/base/context.h"
#include "core/base/fact.h"

struct cpu_state {
	struct fact_number cpu; /* that we run on */
	struct fact_text governor; /* of its frequency */
	struct fact_text idle; /* the driver of its idle states */
};

void cpu_state_read(const struct context *ctx, struct cpu_state *state);

#endif
