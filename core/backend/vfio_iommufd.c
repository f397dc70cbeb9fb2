// SPDX-License-Identifier: GPL-2.0-or-later
/* VFIO's newer interface: a node for each device, and iommufd for the memory. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/backend/iommufd_abi.h"
#include "core/backend/vfio.h"
#include "core/backend/vfio_internal.h"
#include "core/kernel/open_by.h"
#include "core/kernel/sysfs.h"
#include "core/preflight/preflight.h"

#define IOMMU_NODE "/dev/iommu"

/* Linux 6.1 has the folder without the node: then there is no number of one either. */
static bool has_node(int folder, const char *name)
{
	char attribute[40];

	return strncmp(name, "vfio", 4) == 0 && snprintf(attribute, sizeof(attribute), "%s/dev", name) < 40 &&
	       faccessat(folder, attribute, F_OK, 0) == 0;
}

int vfio_device_node(const struct device *device, char *name, size_t size)
{
	DIR *dir = sysfs_opendir(device->ctx, SYSFS_PCI_DEVICES "/%s/vfio-dev", device->name);
	struct dirent *entry;
	int rc = -ENOENT;

	while (dir && rc < 0 && (entry = readdir(dir))) {
		if (has_node(dirfd(dir), entry->d_name) && strlen(entry->d_name) < size) {
			memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
			rc = 0;
		}
	}
	if (dir)
		closedir(dir);
	return rc;
}

static bool has_access(const struct context *ctx, const char *format, const char *name, int mode)
{
	char path[PATH_MAX];

	/* a path with a name in it, or without */
	return sysfs_path(ctx, path, sizeof(path), format, name) == 0 && access(path, mode) == 0;
}

bool vfio_iommufd_is_chosen(const struct device *device)
{
	const struct context *ctx = device->ctx;
	char node[32];

	if (vfio_device_node(device, node, sizeof(node)) < 0)
		return false;
	return (has_access(ctx, "/dev/vfio/devices/%s", node, R_OK | W_OK) &&
		has_access(ctx, "%s", IOMMU_NODE, R_OK | W_OK)) ||
	       !has_access(ctx, "%s", "/dev/vfio/vfio", F_OK);
}

static int explain_busy(struct vfio *v, const char *node, struct error *error)
{
	char who[128];
	int rc;

	if (open_by(v->device->ctx, node, who, sizeof(who)) < 0)
		snprintf(who, sizeof(who), "another process");
	rc = error_set(error, ERROR_DENIED, "in-use", "%s: %s has %s open", v->device->name, who, node);
	error_hint(error, "a device is one process' over VFIO: end that one first");
	return rc;
}

/* It refuses with EPERM a group that is not viable, as well as a machine that does not keep messages apart. */
static int explain_bind(struct vfio *v, const char *node, int rc, struct error *error)
{
	if (rc == -EBUSY || rc == -EINVAL)
		return explain_busy(v, node, error);
	if (rc == -EPERM && vfio_group_check(v->device, error) < 0)
		return rc;
	error_errno(error, rc, "%s: VFIO: opening the device", v->device->name);
	if (rc == -EPERM)
		error_hint(error, "without interrupt remapping it is refused: 'dmesg | grep -i remap'");
	return rc;
}

/* It goes by the group's nodes too. */
static int no_node(struct vfio *v, const char *missing, const char *other, struct error *error)
{
	char needed[128];
	char group[32];
	int length = snprintf(needed, sizeof(needed), "%s and this one", other);

	if (vfio_group_node(v->device, group, sizeof(group)) == 0)
		snprintf(needed + length, sizeof(needed) - (size_t)length, ", or /dev/vfio/vfio and %s",
			 group);
	return preflight_no_node(v->device, missing, needed, error);
}

static int open_nodes(struct vfio *v, char *path, size_t size, struct error *error)
{
	const struct context *ctx = v->device->ctx;
	char node[32];
	int rc;

	rc = vfio_device_node(v->device, node, sizeof(node));
	if (rc < 0)
		return error_errno(error, rc, "%s: finding its VFIO node", v->device->name);
	snprintf(path, size, "/dev/vfio/devices/%s", node);
	v->device_fd = sysfs_open(ctx, O_RDWR, "%s", path);
	if (preflight_is_no_node(v->device_fd))
		return no_node(v, path, IOMMU_NODE, error);
	if (v->device_fd < 0) {
		rc = error_errno(error, v->device_fd, "%s: opening %s", v->device->name, path);
		if (rc == -EACCES || rc == -EPERM)
			error_hint(
				error,
				"root gives it to you: 'pcietool -s %s driver bind --to vfio --owner USER'",
				v->device->name);
		return rc;
	}
	v->iommu_fd = sysfs_open(ctx, O_RDWR, IOMMU_NODE);
	if (v->iommu_fd >= 0)
		return 0;
	if (preflight_is_no_node(v->iommu_fd))
		return no_node(v, IOMMU_NODE, path, error);
	rc = error_errno(error, v->iommu_fd, "%s: opening " IOMMU_NODE, v->device->name);
	if (rc == -EACCES || rc == -EPERM)
		error_hint(error, "root lets you: 'chmod 666 " IOMMU_NODE "', or a rule of udev; it gives no "
				  "device");
	return rc;
}

static int iommufd_open(struct vfio *v, struct error *error)
{
	struct abi_bind_iommufd bind = { .argsz = sizeof(bind) };
	struct abi_attach_iommufd_pt attach = { .argsz = sizeof(attach) };
	struct abi_ioas_alloc alloc = { .size = sizeof(alloc) };
	const char *name = v->device->name;
	char path[64];
	int rc;

	snprintf(v->interface, sizeof(v->interface), "iommufd");
	rc = open_nodes(v, path, sizeof(path), error);
	if (rc < 0)
		return rc;
	bind.iommufd = v->iommu_fd;
	if (ioctl(v->device_fd, ABI_DEVICE_BIND_IOMMUFD, &bind) < 0)
		return explain_bind(v, path, error_last(), error);
	if (ioctl(v->iommu_fd, ABI_IOAS_ALLOC, &alloc) < 0)
		return error_errno(error, error_last(), "%s: iommufd: an address space", name);
	v->ioas = alloc.out_ioas_id;
	attach.pt_id = v->ioas;
	if (ioctl(v->device_fd, ABI_DEVICE_ATTACH_IOMMUFD_PT, &attach) < 0)
		return error_errno(error, error_last(), "%s: iommufd: giving it its address space", name);
	return 0;
}

static void iommufd_close(struct vfio *v)
{
	if (v->device_fd >= 0)
		close(v->device_fd);
	if (v->iommu_fd >= 0)
		close(v->iommu_fd);
}

static int iommufd_ranges(struct vfio *v, struct iova_range **ranges, size_t *count)
{
	struct abi_iova_range *found = NULL;
	struct abi_ioas_iova_ranges args = { .size = sizeof(args), .ioas_id = v->ioas };
	struct iova_range *list;
	int rc = 0;

	/* asked with no room at first, it says how many there are */
	if (ioctl(v->iommu_fd, ABI_IOAS_IOVA_RANGES, &args) < 0 && errno != EMSGSIZE)
		return error_last();
	found = calloc(args.num_iovas + 1, sizeof(*found));
	list = calloc(args.num_iovas + 1, sizeof(*list));
	args.allowed_iovas = (uintptr_t)found;
	if (!found || !list)
		rc = -ENOMEM;
	else if (ioctl(v->iommu_fd, ABI_IOAS_IOVA_RANGES, &args) < 0)
		rc = error_last();
	for (uint32_t i = 0; rc == 0 && i < args.num_iovas; i++)
		list[i] = (struct iova_range){ found[i].start, found[i].last };
	free(found);
	if (rc < 0) {
		free(list);
		return rc;
	}
	*ranges = list;
	*count = args.num_iovas;
	return 0;
}

static int iommufd_map(struct vfio *v, void *memory, uint64_t length, uint64_t address)
{
	struct abi_ioas_map map = {
		.size = sizeof(map),
		.flags = ABI_IOAS_MAP_FIXED_IOVA | ABI_IOAS_MAP_READABLE | ABI_IOAS_MAP_WRITEABLE,
		.ioas_id = v->ioas,
		.user_va = (uintptr_t)memory,
		.length = length,
		.iova = address,
	};

	return ioctl(v->iommu_fd, ABI_IOAS_MAP, &map) < 0 ? error_last() : 0;
}

static int iommufd_unmap(struct vfio *v, uint64_t length, uint64_t address)
{
	struct abi_ioas_unmap unmap = {
		.size = sizeof(unmap),
		.ioas_id = v->ioas,
		.iova = address,
		.length = length,
	};

	return ioctl(v->iommu_fd, ABI_IOAS_UNMAP, &unmap) < 0 ? error_last() : 0;
}

const struct vfio_iommu_ops vfio_iommufd_ops = {
	.open = iommufd_open,
	.close = iommufd_close,
	.ranges = iommufd_ranges,
	.map = iommufd_map,
	.unmap = iommufd_unmap,
};
