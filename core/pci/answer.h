/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does a device answer again after a reset, a sleep, a new image. */
#ifndef PCIETOOL_ANSWER_H
#define PCIETOOL_ANSWER_H

#include "core/pci/device.h"

/* PCIe 6.0 section 6.6.1 gives a device 1 s after a reset; some want more. */
#define ANSWER_TIMEOUT_NS 5000000000u

/* Until its config space answers; ERROR_GONE when it has not done so after TIMEOUT ns. At least one look. */
int answer_wait(struct device *device, uint64_t timeout, struct error *error);

void answer_pause(void); /* between two looks */

#endif
