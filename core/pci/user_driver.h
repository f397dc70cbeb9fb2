/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The drivers that leave a device to user space: which they are, and whether one of them has a device. */
#ifndef PCIETOOL_USER_DRIVER_H
#define PCIETOOL_USER_DRIVER_H

#include "core/pci/device.h"

#define DRIVER_NAME_SIZE 64

/* The driver and module that a word of --to and --via means: "helper", "vfio", "uio"; any other is a name itself. */
const char *user_driver_name(const char *word);
/* Is DRIVER one of them: pcietool, vfio-pci, uio_pci_generic, pci-stub? */
bool user_driver_is_one(const char *driver);
/*
 * Is DRIVER one of VFIO's: vfio-pci, or one of those for certain devices, all of which have the word in their name
 * (mlx5_vfio_pci, xe-vfio-pci; Linux drivers/vfio/pci)?
 */
bool user_driver_is_vfio(const char *driver);
/* Does DRIVER leave a device to a program or a guest: one of ours, of VFIO's, of UIO's (igb_uio), or Xen's pciback? */
bool user_driver_lends(const char *driver);
/* Has the one that WORD means the device? */
bool user_driver_has(const struct device *device, const char *word);

/* After a refusal: what helps where root is missing, or the kernel is locked down; a session, where VFIO has the device. */
void user_driver_hint_denied(const struct device *device, bool lockdown, struct error *error);

/* --- what driver a device had before ------------------------------------------------------------- */

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
