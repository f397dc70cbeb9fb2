/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runtime power management of a device, by the kernel's own switch: Linux Documentation/ABI/testing/sysfs-devices-power.
 * PMCSR is only read.
 */
#ifndef PCIETOOL_POWER_CONTROL_H
#define PCIETOOL_POWER_CONTROL_H

#include "core/pci/fact.h"

/* All from sysfs, which does not wake it up. */
struct power_state {
	struct fact_text state; /* "D0", "D3hot", "unknown" */
	struct fact_text runtime_status; /* "active", "suspended", "unsupported" */
	struct fact_text control; /* "auto": it may sleep; "on": not */
	struct fact_number d3cold_allowed;
};
void power_state_read(const struct device *device, struct power_state *state);

/* Is it awake, as far as the kernel and its own PMCSR say? */
bool power_is_on(struct device *device, const struct power_state *state);

/* Is it to be left alone: does it sleep, and did the caller not say that it may be woken? */
bool power_is_asleep(const struct device *device);

/* "on" or "auto". */
int power_control_set(const struct device *device, const char *control, struct error *error);

/* Until it is in D0 and answers, TIMEOUT ns at most; *WAITED ns. */
int power_wait_on(struct device *device, uint64_t timeout, bool (*stopped)(void *data), void *data,
		  uint64_t *waited, struct error *error);

#endif
