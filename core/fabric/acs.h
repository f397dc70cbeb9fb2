/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Access Control Services: where a port sends what one device wants of another. PCIe 5.0 sections 6.12, 7.7.8. */
#ifndef PCIETOOL_ACS_H
#define PCIETOOL_ACS_H

#include "core/pci/device.h"

struct acs {
	const char *reason; /* none, or unknown; NULL: the rest is valid */
	unsigned int offset; /* of the capability */
	unsigned int capability; /* what it can, by the masks of acs_bits */
	unsigned int control; /* what is on */
};

struct acs_bit {
	unsigned int mask; /* 0 ends the table */
	const char *key; /* "request_redirect" */
	const char *name; /* "request redirect" */
};
extern const struct acs_bit acs_bits[];

/* The function has no such capability; as a reason, to compare with. */
extern const char ACS_NONE[];

void acs_read(struct device *device, struct acs *acs);

/*
 * The bit of the egress control vector: whether what comes in here may not go out at NUMBER (a port's, or in a device of
 * several functions a function's). ACS is the device's; -1: it does not tell.
 */
int acs_egress(struct device *device, const struct acs *acs, unsigned int number);

#endif
