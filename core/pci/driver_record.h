/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What driver a device had before it was taken, kept in /run/pcietool/ADDRESS until it is given back. Root's to write; a
 * session of another user reads the mask there.
 */
#ifndef PCIETOOL_DRIVER_RECORD_H
#define PCIETOOL_DRIVER_RECORD_H

#include "core/pci/user_driver.h"

struct driver_record {
	char previous[DRIVER_NAME_SIZE]; /* empty: none */
	unsigned int mask_bits; /* of bus addresses, as 'driver bind' was told for VFIO; 0: it was not */
	char leader[PCI_ADDRESS_SIZE]; /* the device for whose IOMMU group it was taken; empty: for itself */
};

/* -ENOENT when there is none; a record that is neither root's nor the caller's is none. */
int driver_record_read(const struct device *device, struct driver_record *record);
/* Replaced in one step. Fills the record of errors. */
int driver_record_write(const struct device *device, const struct driver_record *record, struct error *error);
void driver_record_remove(const struct device *device);

/* Bits of the bus addresses that a device which was bound to VFIO can send: as 'driver bind' was told, or 32. */
unsigned int driver_record_mask_bits(const struct device *device);

#endif
