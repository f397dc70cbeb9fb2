/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who of user space has a device and would lose it: a capture, a session, whoever has it open over VFIO or UIO. */
#ifndef PCIETOOL_DRIVER_CLAIM_H
#define PCIETOOL_DRIVER_CLAIM_H

#include "core/pci/device.h"

/*
 * 0 when none is seen, else -errno with the record (exit 4, "0000:01:00.0: a capture runs on the device"), also when it could
 * not be looked at for want of descriptors or memory. The session that this process is in is none.
 * Processes of others are seen by root only.
 */
int driver_claim_check(struct device *device, struct error *error);

#endif
