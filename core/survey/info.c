// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/survey/info.h"

#include <dirent.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/kernel/sysfs.h"

/*
 * A virtual function has no vendor id of its own: the register reads all ones by PCIe 5.0 section
 * 9.3.4.1.1. Its class register does not.
 */
static bool answers(struct device *device)
{
	struct fact_number class_code;

	if (device_is_present(device) || device_config_size(device) < 0)
		return true;
	fact_read_config(device, PCI_CLASS_REVISION, 32, &class_code);
	return !class_code.reason && class_code.value != 0xffffffff;
}

static void read_config(struct device *device, struct device_info *info)
{
	unsigned int offset;
	bool bridge;

	fact_read_config(device, PCI_COMMAND, 16, &info->command);
	fact_read_config(device, PCI_STATUS, 16, &info->status);
	fact_read_config(device, PCI_HEADER_TYPE, 8, &info->header_type);
	bridge = (info->header_type.value & 0x7f) == PCI_HEADER_TYPE_BRIDGE;
	fact_read_config(device, bridge ? PCI_ROM_ADDRESS1 : PCI_ROM_ADDRESS, 32, &info->rom_address);
	capability_list_read(device, false, &info->capabilities);
	capability_list_read(device, true, &info->extended);
	interrupt_setup_read(device, &info->capabilities, &info->interrupt);
	/* config space has more to say than sysfs, where it may be read */
	offset = capability_list_find(&info->capabilities, PCI_CAP_ID_EXP);
	if (offset)
		link_state_read_config(device, offset, &info->summary.link);
	offset = capability_list_find(&info->capabilities, PCI_CAP_ID_PM);
	if (offset)
		fact_read_config(device, offset + PCI_PM_CTRL, 16, &info->pm_control);
	else
		info->pm_control.reason =
			info->capabilities.reason ? info->capabilities.reason : "no such capability";
}

static DIR *open_folder(const struct device *device, const char *name)
{
	char path[PATH_MAX];

	if (sysfs_path(device->ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s/%s", device->name, name) < 0)
		return NULL;
	return opendir(path);
}

static void read_iommu_group(const struct device *device, struct device_info *info)
{
	char name[32];
	struct dirent *entry;
	DIR *folder;
	int rc;

	rc = sysfs_link_name(device->ctx, name, sizeof(name), SYSFS_PCI_DEVICES "/%s/iommu_group",
			     device->name);
	info->iommu_group.reason = rc < 0 ? "none" : NULL;
	if (rc < 0)
		return;
	info->iommu_group.value = strtoull(name, NULL, 10);
	folder = open_folder(device, "iommu_group/devices");
	while (folder && (entry = readdir(folder)) != NULL)
		info->iommu_group_devices += entry->d_name[0] != '.';
	if (folder)
		closedir(folder);
}

static void read_kernel_view(const struct device *device, struct device_info *info)
{
	fact_read_text(device, "driver_override", &info->driver_override);
	/* how the kernel prints a null pointer */
	if (!info->driver_override.reason && strcmp(info->driver_override.text, "(null)") == 0)
		info->driver_override.reason = "none";
	read_iommu_group(device, info);
	fact_read_number(device, "numa_node", &info->numa_node);
	/* "-1", which is no number here */
	if (info->numa_node.reason)
		info->numa_node.reason = "none";
	fact_read_text(device, "power_state", &info->power_state);
	fact_read_text(device, "power/runtime_status", &info->runtime_status);
	fact_read_number(device, "dma_mask_bits", &info->dma_mask_bits);
	fact_read_number(device, "consistent_dma_mask_bits", &info->coherent_dma_mask_bits);
	kernel_names_read(device, &info->kernel_names);
}

int device_info_read(struct device *device, struct names *names, struct device_info *info,
		     struct error *error)
{
	if (!answers(device))
		return device_gone(device, error);
	memset(info, 0, sizeof(*info));
	device_summary_read(device, names, true, &info->summary);
	read_config(device, info);
	read_kernel_view(device, info);
	return 0;
}
