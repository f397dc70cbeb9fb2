// SPDX-License-Identifier: GPL-2.0-or-later
/* VFIO's first interface: a group, whose devices share what the container maps. */
#include <errno.h>
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/backend/vfio.h"
#include "core/backend/vfio_info.h"
#include "core/backend/vfio_internal.h"
#include "core/kernel/open_by.h"
#include "core/kernel/sysfs.h"
#include "core/preflight/preflight.h"

#define CONTAINER_NODE "/dev/vfio/vfio"

static int explain_container(struct vfio *v, int rc, struct error *error)
{
	char needed[64];
	char node[32];

	if (preflight_is_no_node(rc) && vfio_group_node(v->device, node, sizeof(node)) == 0) {
		snprintf(needed, sizeof(needed), "%s and this one", node);
		return preflight_no_node(v->device, CONTAINER_NODE, needed, error);
	}
	error_errno(error, rc, "%s: opening " CONTAINER_NODE, v->device->name);
	error_hint(error, "is the module vfio loaded, and may you open its node?");
	return rc;
}

static int open_container(struct vfio *v, struct error *error)
{
	int fd = sysfs_open(v->device->ctx, O_RDWR, CONTAINER_NODE);

	if (fd < 0)
		return explain_container(v, fd, error);
	v->iommu_fd = fd;
	if (ioctl(fd, VFIO_GET_API_VERSION) != VFIO_API_VERSION ||
	    ioctl(fd, VFIO_CHECK_EXTENSION, VFIO_TYPE1v2_IOMMU) <= 0)
		return error_set(error, ERROR_UNSUPPORTED, "vfio-version",
				 "%s: this kernel's VFIO has no type 1 IOMMU, version 2", v->device->name);
	return 0;
}

static int explain_group(struct vfio *v, const char *node, int rc, struct error *error)
{
	const struct device *device = v->device;
	char who[128];

	if (rc == -EBUSY) {
		if (open_by(device->ctx, node, who, sizeof(who)) < 0)
			snprintf(who, sizeof(who), "another process");
		rc = error_set(error, ERROR_DENIED, "in-use", "%s: %s has %s open", device->name, who, node);
		error_hint(error, "a device is one process' over VFIO: end that one first");
		return rc;
	}
	if (preflight_is_no_node(rc))
		return preflight_no_node(device, node, CONTAINER_NODE " and this one", error);
	error_errno(error, rc, "%s: opening %s", device->name, node);
	if (rc == -EACCES || rc == -EPERM)
		error_hint(error, "root gives it to you: 'pcietool -s %s driver bind --to vfio --owner USER'",
			   device->name);
	return rc;
}

static int open_group(struct vfio *v, struct error *error)
{
	struct vfio_group_status status = { .argsz = sizeof(status) };
	const struct device *device = v->device;
	const char *group;
	char node[32];
	int rc;

	if (vfio_group_node(device, node, sizeof(node)) < 0)
		return vfio_group_check(device, error);
	group = strrchr(node, '/') + 1;
	snprintf(v->interface, sizeof(v->interface), "group %s", group);
	v->group_fd = sysfs_open(device->ctx, O_RDWR, "%s", node);
	if (v->group_fd < 0)
		return explain_group(v, node, v->group_fd, error);
	if (ioctl(v->group_fd, VFIO_GROUP_GET_STATUS, &status) < 0)
		return error_errno(error, error_last(), "%s: VFIO: asking for its group", device->name);
	if (status.flags & VFIO_GROUP_FLAGS_VIABLE)
		return 0;
	rc = vfio_group_check(device, error);
	return rc < 0 ? rc
		      : error_set(error, ERROR_DENIED, "group-not-viable", "%s: IOMMU group %s is not viable",
				  device->name, group);
}

static int container_open(struct vfio *v, struct error *error)
{
	const char *name = v->device->name;
	int rc;

	rc = open_group(v, error);
	if (rc == 0)
		rc = open_container(v, error);
	if (rc < 0)
		return rc;
	if (ioctl(v->group_fd, VFIO_GROUP_SET_CONTAINER, &v->iommu_fd) < 0)
		return error_errno(error, error_last(), "%s: VFIO: joining group and container", name);
	if (ioctl(v->iommu_fd, VFIO_SET_IOMMU, VFIO_TYPE1v2_IOMMU) < 0) {
		rc = error_errno(error, error_last(), "%s: VFIO: setting the IOMMU up", name);
		/* the kernel's word for it is "Operation not permitted" */
		if (rc == -EPERM)
			error_hint(error, "without interrupt remapping VFIO refuses: 'dmesg | grep -i vfio'");
		return rc;
	}
	v->device_fd = ioctl(v->group_fd, VFIO_GROUP_GET_DEVICE_FD, name);
	if (v->device_fd < 0)
		return error_errno(error, error_last(), "%s: VFIO: opening the device", name);
	fcntl(v->device_fd, F_SETFD, FD_CLOEXEC);
	return 0;
}

static void container_close(struct vfio *v)
{
	/* the order in which the kernel can undo it */
	if (v->device_fd >= 0)
		close(v->device_fd);
	if (v->group_fd >= 0)
		close(v->group_fd);
	if (v->iommu_fd >= 0)
		close(v->iommu_fd);
}

static int copy_ranges(const struct vfio_iommu_type1_info *info, struct iova_range **ranges, size_t *count)
{
	uint32_t first = info->flags & VFIO_IOMMU_INFO_CAPS ? info->cap_offset : 0;
	const struct vfio_iommu_type1_info_cap_iova_range *cap =
		vfio_info_capability(info, sizeof(*info), first, VFIO_IOMMU_TYPE1_INFO_CAP_IOVA_RANGE);
	struct iova_range *list;

	list = calloc(cap && cap->nr_iovas ? cap->nr_iovas : 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	/* a kernel before 5.4 does not tell: all below the x86 window of interrupts is possible everywhere */
	list[0] = (struct iova_range){ 0, 0xfedfffff };
	for (uint32_t i = 0; cap && i < cap->nr_iovas; i++)
		list[i] = (struct iova_range){ cap->iova_ranges[i].start, cap->iova_ranges[i].end };
	*ranges = list;
	*count = cap ? cap->nr_iovas : 1;
	return 0;
}

static int container_ranges(struct vfio *v, struct iova_range **ranges, size_t *count)
{
	const struct vfio_iommu_type1_info asked = { .flags = 0 };
	void *info;
	int rc;

	rc = vfio_info_read(v->iommu_fd, VFIO_IOMMU_GET_INFO, &asked, sizeof(asked), &info);
	if (rc < 0)
		return rc;
	rc = copy_ranges(info, ranges, count);
	free(info);
	return rc;
}

static int container_map(struct vfio *v, void *memory, uint64_t length, uint64_t address)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)memory,
		.iova = address,
		.size = length,
	};

	return ioctl(v->iommu_fd, VFIO_IOMMU_MAP_DMA, &map) < 0 ? error_last() : 0;
}

static int container_unmap(struct vfio *v, uint64_t length, uint64_t address)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = address,
		.size = length,
	};

	return ioctl(v->iommu_fd, VFIO_IOMMU_UNMAP_DMA, &unmap) < 0 ? error_last() : 0;
}

const struct vfio_iommu_ops vfio_container_ops = {
	.open = container_open,
	.close = container_close,
	.ranges = container_ranges,
	.map = container_map,
	.unmap = container_unmap,
};
