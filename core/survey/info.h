/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `info` shows of one device: the summary, its config space decoded, the kernel's view of it; and its ROM and VPD. */
#ifndef PCIETOOL_DEVICE_INFO_H
#define PCIETOOL_DEVICE_INFO_H

#include <stddef.h>
#include <stdint.h>

#include "core/pci/capability.h"
#include "core/survey/summary.h"

struct device_info {
	struct device_summary summary; /* BARs without room have that state */
	bool bars_complete; /* one that is not listed is not there; false: the kernel may have found no room for it */
	struct fact_number command;
	struct fact_number decoding; /* COMMAND as it holds for BARs: core/preflight/decoding.h */
	struct fact_number lost[DEVICE_BARS]; /* a BAR has not the address that the kernel gave it: 1 */
	struct fact_number status;
	struct fact_number header_type; /* with bit 7, multi-function */
	struct fact_number rom_address; /* the register; bit 0 enables it */
	struct capability_list capabilities;
	struct capability_list extended;
	struct interrupt_setup interrupt;
	struct fact_text driver_override;
	struct fact_number iommu_group;
	unsigned int iommu_group_devices;
	struct fact_number numa_node;
	struct fact_text power_state; /* the kernel's word: "D0" */
	struct fact_number pm_control; /* PMCSR; bits 1:0 the state */
	struct fact_text runtime_status;
	struct fact_number dma_mask_bits;
	struct fact_number coherent_dma_mask_bits;
	struct kernel_names kernel_names;
};

/*
 * Only a device that does not answer is a failure (exit 5); whatever else cannot be read has a reason in
 * its place.
 */
int device_info_read(struct device *device, struct names *names, struct device_info *info,
		     struct error *error);

/*
 * *DATA is the caller's to free. Unsupported (exit 6) when the device has none; the ROM's decoder is
 * enabled for the reading only, and memory decoding must be on.
 */
int device_rom_read(struct device *device, uint8_t **data, size_t *length, struct error *error);
int device_vpd_read(struct device *device, uint8_t **data, size_t *length, struct error *error);

#endif
