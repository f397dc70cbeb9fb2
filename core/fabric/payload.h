/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How much a device sends in one packet, and asks for in one. PCIe 6.0 sections 7.5.3.3 and 7.5.3.4. */
#ifndef PCIETOOL_PAYLOAD_H
#define PCIETOOL_PAYLOAD_H

#include "core/pci/device.h"

extern const char PAYLOAD_NOT_EXPRESS[]; /* a reason, to be compared by its address */

struct payload {
	const char *reason; /* why nothing is known; NULL: the rest is valid */
	unsigned int possible; /* bytes: the most that it could send */
	unsigned int mps; /* Max_Payload_Size */
	unsigned int mrrs; /* Max_Read_Request_Size */
};

/* Reads config space, which wakes a device that sleeps and needs root. */
void payload_read(struct device *device, struct payload *payload);

#endif
