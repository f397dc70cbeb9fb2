/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Before an access: why it cannot work, if it cannot. After a refusal by the kernel: why. Only config
 * space and sysfs are looked at, never the device's own registers.
 */
#ifndef PCIETOOL_PREFLIGHT_H
#define PCIETOOL_PREFLIGHT_H

#include <stdbool.h>

#include "core/pci/device.h"

/*
 * May BAR's registers be accessed: it is there and assigned, decoding is on, the device is in D0, no
 * foreign driver is bound (unless the context has force).
 */
int preflight_bar(struct device *device, const struct bar *bar, struct error *error);

/* The part of that which a write of a BAR that is open needs, as nothing comes back that tells; of BAR only io and index. */
int preflight_decoding(struct device *device, const struct bar *bar, struct error *error);

/* Refuses (exit 1) with the command to run when bus mastering is off. */
int preflight_bus_master(struct device *device, struct error *error);

/* Opening (WHAT "opening") or mapping a BAR's NODE failed with RC: who refused it, and what helps. */
int preflight_explain(struct device *device, const char *node, const char *what, int rc, struct error *error);

/* Was a node opened in vain as there is none, or one whose numbers are no device's (Linux fs/char_dev.c, chrdev_open())? */
bool preflight_is_no_node(int rc);
/* Then, as in a container: exit 6, and NEEDED, the other nodes that go with it, in the hint. */
int preflight_no_node(const struct device *device, const char *node, const char *needed, struct error *error);

#endif
