/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SR-IOV: a physical function and the virtual ones that its driver makes of it, as sysfs has them
 * (Linux Documentation/PCI/pci-iov-howto.rst). PCIe 5.0 chapter 9.
 */
#ifndef PCIETOOL_SRIOV_H
#define PCIETOOL_SRIOV_H

#include "core/pci/fact.h"

struct sriov_vf {
	struct pci_address address;
	char name[PCI_ADDRESS_SIZE];
	struct fact_text driver; /* reason "none" */
};

struct sriov {
	bool is_pf; /* has the capability: the rest is valid */
	struct fact_number numvfs;
	struct fact_number
		totalvfs; /* what its driver allows: pci_sriov_set_totalvfs() in Linux' drivers/pci/iov.c */
	struct fact_number device_totalvfs; /* what the device has, from the capability */
	struct fact_number offset; /* of the first VF's routing id from the PF's */
	struct fact_number stride; /* between those of two VFs */
	struct fact_number vf_device; /* their device id */
	struct fact_number autoprobe; /* 1: the kernel offers VFs to drivers */
	struct fact_number vf_total_msix; /* for all VFs; few drivers tell */
	struct fact_text pf; /* of a VF: its PF; reason "none" otherwise */
	size_t count;
	struct sriov_vf *vfs; /* in order of their number */
};

/*
 * TotalVFs of the capability: for so many VFs are the VF BARs' ranges, whatever the driver allows
 * (PCIe 5.0 section 9.3.3.6, sriov_init() in Linux' drivers/pci/iov.c).
 */
void sriov_device_total(struct device *device, struct fact_number *total);

/* What SRIOV holds is the caller's (sriov_free). */
int sriov_read(struct device *device, struct sriov *sriov, struct error *error);
void sriov_free(struct sriov *sriov); /* accepts a zeroed one */

/* Does the driver allow fewer than the device has? */
bool sriov_is_lowered(const struct sriov *sriov);

struct sriov_plan {
	unsigned int current;
	unsigned int wanted;
	bool through_zero; /* the kernel changes a number only by way of none */
};

/*
 * What it takes to have NUMBER virtual functions, and whether it may: more than the device has are a usage error that
 * names the total; others than none while there are some, and the end of VFs that somebody uses, need force; a device without
 * a driver makes none; in a session of one of the VFs they cannot be ended.
 */
int sriov_plan(struct device *device, unsigned int number, struct sriov_plan *plan, struct error *error);
/* Does it, and reads it back. */
int sriov_apply(const struct device *device, const struct sriov_plan *plan, struct error *error);

#endif
