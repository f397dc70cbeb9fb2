// SPDX-License-Identifier: GPL-2.0-or-later
/* Regions of a VFIO device by its descriptor, whoever opened it; config space, bus mastering. */
#include "core/backend/vfio_config.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/backend/path.h"
#include "core/backend/vfio_info.h"
#include "core/backend/vfio_internal.h"
#include "core/base/error.h"
#include "core/base/number.h"

int vfio_region_info(int device_fd, unsigned int index, struct vfio_region *region)
{
	const struct vfio_region_info asked = { .index = index };
	struct vfio_region_info *info;
	uint32_t first;
	void *read;
	int rc;

	rc = vfio_info_read(device_fd, VFIO_DEVICE_GET_REGION_INFO, &asked, sizeof(asked), &read);
	if (rc < 0)
		return rc;
	info = read;
	first = info->flags & VFIO_REGION_INFO_FLAG_CAPS ? info->cap_offset : 0;
	*region = (struct vfio_region){
		.size = info->size,
		.file_offset = info->offset,
		/* what is listed piece by piece has holes, which pread and pwrite reach */
		.is_mappable =
			info->flags & VFIO_REGION_INFO_FLAG_MMAP &&
			!vfio_info_capability(info, sizeof(*info), first, VFIO_REGION_INFO_CAP_SPARSE_MMAP),
	};
	free(info);
	return 0;
}

/* --- config space ------------------------------------------------------------------------------------ */

/* The kernel shows root all of config space, others the header. */
static bool sysfs_shows_all(struct device *dev)
{
	uint32_t value;

	return config_ops_sysfs.read(dev, PCI_STD_HEADER_SIZEOF, 8, &value) == 0;
}

static int read_config(struct device *dev, unsigned int offset, unsigned int width, uint32_t *value)
{
	const struct device_path *path = dev->path;
	uint32_t v = 0;
	int rc;

	/* VFIO hides and keeps what a virtual machine must not see: whoever may look behind that does */
	if (sysfs_shows_all(dev))
		return config_ops_sysfs.read(dev, offset, width, value);
	if (offset + width / 8 > path->config.size)
		return -EIO;
	/* its view of the header outlives the device, whose own answer would be this */
	if (offset < PCI_STD_HEADER_SIZEOF && !device_is_present(dev)) {
		*value = (uint32_t)width_max(width);
		return 0;
	}
	rc = config_pread(path->vfio_fd, path->config.file_offset + offset, width, &v);
	if (rc == 0)
		*value = v;
	return config_traced(dev, false, offset, width, v, rc);
}

static int write_config(struct device *dev, unsigned int offset, unsigned int width, uint32_t value)
{
	int rc = config_pwrite(dev->path->vfio_fd, dev->path->config.file_offset + offset, width, value);

	return config_traced(dev, true, offset, width, value, rc);
}

static int config_size(struct device *dev)
{
	return (int)dev->path->config.size;
}

const struct config_ops config_ops_vfio = {
	.read = read_config,
	.write = write_config,
	.size = config_size,
	.is_virtual = true,
};

/* --- bus mastering ------------------------------------------------------------------------------------ */

static int read_command(struct vfio *v, uint8_t command[2])
{
	ssize_t n = pread(v->device_fd, command, 2, (off_t)(v->config.file_offset + PCI_COMMAND));
	int rc = n == 2 ? 0 : n < 0 ? error_last() : -EIO;

	return config_traced(v->device, false, PCI_COMMAND, 16, (uint32_t)(command[0] | command[1] << 8), rc);
}

int vfio_set_bus_master(struct vfio *v, bool on)
{
	uint8_t command[2] = { 0 };
	ssize_t n;
	int rc;

	rc = read_command(v, command);
	if (rc < 0)
		return rc;
	/* bus mastering is in the lower byte */
	command[0] = (uint8_t)(on ? command[0] | PCI_COMMAND_MASTER : command[0] & ~PCI_COMMAND_MASTER);
	n = pwrite(v->device_fd, command, 2, (off_t)(v->config.file_offset + PCI_COMMAND));
	rc = n == 2 ? 0 : n < 0 ? error_last() : -EIO;
	return config_traced(v->device, true, PCI_COMMAND, 16, (uint32_t)(command[0] | command[1] << 8), rc);
}

bool vfio_is_bus_master(struct vfio *v)
{
	uint8_t command[2] = { 0 };

	/* a device that does not answer is not known to be quiet, but its memory is out of its reach by the IOMMU */
	return read_command(v, command) == 0 && command[0] & PCI_COMMAND_MASTER;
}
