/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why what was waited for did not come: what can be seen in config space, in the kernel's error counters and
 * in its log. The device's own registers are never looked at.
 */
#ifndef PCIETOOL_WAIT_REASON_H
#define PCIETOOL_WAIT_REASON_H

#include <stdbool.h>
#include <stddef.h>

#include "core/pci/device.h"

#define WAIT_REASON_COUNTERS 3
#define WAIT_REASON_TEXT 1024

/* How it was when the wait began. */
struct wait_reason {
	char counters[WAIT_REASON_COUNTERS][WAIT_REASON_TEXT]; /* AER's, as sysfs has them */
	/* what is waited for is a register: whether it depends on DMA or interrupts is not known. False, unless it is set */
	bool is_register;
	/* nobody waits for an interrupt, so what keeps one back is no reason. False, unless it is set */
	bool is_polled;
	int log_fd; /* the kernel log, at its end then; -1: not readable */
};

void wait_reason_begin(struct device *device, struct wait_reason *before);

/* What was found, as sentences with the commands that help; false, with TEXT empty, when nothing was. */
bool wait_reason_explain(struct device *device, const struct wait_reason *before, char *text, size_t size);

void wait_reason_end(struct wait_reason *before);

#endif
