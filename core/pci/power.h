/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runtime power management of a device, by the kernel's own switch: Linux Documentation/ABI/testing/sysfs-devices-power.
 * PMCSR is only read.
 */
#ifndef PCIETOOL_POWER_CONTROL_H
#define PCIETOOL_POWER_CONTROL_H

#include "core/pci/device.h"
#include "core/pci/fact.h"

/* All from sysfs, which does not wake it up. */
struct power_state {
	struct fact_text state; /* "D0", "D3hot", "unknown" */
	struct fact_text runtime_status; /* "active", "suspended", "unsupported" */
	struct fact_text control; /* "auto": it may sleep; "on": not */
	struct fact_number d3cold_allowed;
};
void power_state_read(const struct device *device, struct power_state *state);

/* The reason of what is not looked at then. */
extern const char POWER_SUSPENDED[];

/* Is it to be left alone: does it sleep, and did the caller not say that it may be woken? */
bool power_is_asleep(const struct device *device);

/*
 * Is it in D3hot or D3cold, as the kernel or its own PMCSR says? Its config space need not hold what was written to it then,
 * and the kernel writes it anew when it wakes it: PCIe 6.0 section 5.3.1.4.
 */
bool power_is_in_d3(struct device *device);

/* Has the kernel that switch? ERROR_UNSUPPORTED: it has not. */
int power_control_check(const struct device *device, struct error *error);
/* "on" or "auto". */
int power_control_set(const struct device *device, const char *control, struct error *error);

/* Until it is in D0 and answers, TIMEOUT ns at most; *WAITED ns. */
int power_wait_on(struct device *device, uint64_t timeout, bool (*stopped)(void *data), void *data,
		  uint64_t *waited, struct error *error);

/* --- does it answer again, after a reset, a sleep, a new image? ---------------------------------- */

/* PCIe 6.0 section 6.6.1 gives a device 1 s after a reset; some want more. */
#define DEVICE_WAIT_TIMEOUT_NS 5000000000u

/* Until its config space answers; ERROR_GONE when it has not done so after TIMEOUT ns. At least one look. */
int device_wait(struct device *device, uint64_t timeout, struct error *error);

void device_wait_pause(void); /* between two looks */

#endif
