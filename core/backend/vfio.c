// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A device that this process has open over VFIO, and the claim on it: one capture at a time, what stops it.
 */
#include "core/backend/vfio.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/backend/vfio_config.h"
#include "core/backend/vfio_internal.h"
#include "core/pci/iommu_group.h"
#include "core/pci/user_driver.h"
#include "core/region/region.h"

/* --- the capture claim --------------------------------------------------------------------------- */

/*
 * The mask's other bits stay: they are read first. Failures are passed over: the next one may still help. Over VFIO, not as
 * --via says for the holder's own words, and without the preflight, which refuses what only users are to be told of: what
 * cannot reach the device is refused by VFIO.
 */
static void run_stop(struct vfio *v, const struct vfio_stop *stop)
{
	uint64_t all = stop->width == 64 ? UINT64_MAX : (UINT64_C(1) << stop->width) - 1;
	uint64_t value = stop->value & all;
	struct region *region;
	struct error ignored;
	uint64_t old;

	if (vfio_open_bar(v->device, v->device_fd, stop->bar, true, &region, &ignored) < 0)
		return;
	if (region_check_range(region, stop->offset, stop->width / 8, stop->width, &ignored) < 0)
		goto out_close;
	if ((stop->mask & all) != all) {
		if (region_read(region, stop->offset, stop->width, &old, &ignored) < 0)
			goto out_close;
		value = (old & ~stop->mask) | (value & stop->mask);
	}
	region_write(region, stop->offset, stop->width, value & all, &ignored);
out_close:
	region_close(region);
}

static void vfio_claim_end(struct vfio *v)
{
	if (v->claim == 0)
		return;
	if (device_is_present(v->device)) {
		for (unsigned int i = 0; i < v->stop_count; i++)
			run_stop(v, &v->stops[i]);
	}
	v->stop_count = 0;
	v->claim = 0;
	vfio_set_bus_master(v, false);
}

int vfio_claim(struct vfio *v, unsigned int owner, bool release)
{
	if (release && v->claim != owner)
		return -EPERM;
	if (release)
		vfio_claim_end(v);
	else if (v->claim)
		return -EBUSY;
	else
		v->claim = owner;
	return 0;
}

int vfio_stop_write(struct vfio *v, unsigned int owner, unsigned int bar, uint64_t offset, unsigned int width,
		    uint64_t value, uint64_t mask)
{
	if (v->claim != owner)
		return -EPERM;
	if (width == 0) {
		v->stop_count = 0;
		return 0;
	}
	if (bar >= DEVICE_BARS || (width != 8 && width != 16 && width != 32 && width != 64))
		return -EINVAL;
	if (v->stop_count == VFIO_STOP_WRITES)
		return -ENOSPC;
	v->stops[v->stop_count++] = (struct vfio_stop){
		.bar = bar,
		.offset = offset,
		.width = width,
		.value = value,
		.mask = mask,
	};
	return 0;
}

/* --- open and close -------------------------------------------------------------------------------- */

static int check_driver(struct device *device, struct error *error)
{
	char driver[DRIVER_NAME_SIZE] = "none";
	int rc;

	if (device_driver(device, driver, sizeof(driver)) == 0 &&
	    strcmp(driver, user_driver_name("vfio")) == 0)
		return vfio_group_check_mode(device, error);
	rc = vfio_group_check(device, error);
	if (rc < 0)
		return rc;
	rc = error_set(error, ERROR_UNSUPPORTED, "not-bound",
		       "%s: the device is not bound to vfio-pci (its driver: %s)", device->name, driver);
	error_hint(error, "give it to VFIO with 'pcietool -s %s driver bind --to vfio'", device->name);
	return rc;
}

int vfio_open(struct device *device, unsigned int mask_bits, struct vfio **vfio, struct error *error)
{
	struct vfio *v;
	int rc;

	rc = check_driver(device, error);
	if (rc < 0)
		return rc;
	v = calloc(1, sizeof(*v));
	if (!v)
		return error_errno(error, -ENOMEM, "%s", device->name);
	v->device = device;
	v->mask_bits = mask_bits;
	v->device_fd = v->group_fd = v->iommu_fd = v->request_fd = v->error_fd = -1;
	v->iommu = vfio_iommufd_is_chosen(device) ? &vfio_iommufd_ops : &vfio_container_ops;
	rc = v->iommu->open(v, error);
	if (rc == 0) {
		rc = vfio_region_info(v->device_fd, VFIO_PCI_CONFIG_REGION_INDEX, &v->config);
		if (rc < 0)
			error_errno(error, rc, "%s: VFIO: finding its config space", device->name);
	}
	/* before its config space is found, the command register's place would be that of a register in BAR 0 */
	if (rc < 0)
		goto err_close_iommu;
	rc = vfio_buffers_open(v, error);
	if (rc < 0) {
		vfio_close(v);
		return rc;
	}
	vfio_irq_watch(v);
	*vfio = v;
	return 0;

err_close_iommu:
	v->iommu->close(v);
	free(v);
	return rc;
}

static bool has_reset(const struct vfio *v)
{
	struct vfio_device_info info = { .argsz = sizeof(info) };

	return ioctl(v->device_fd, VFIO_DEVICE_GET_INFO, &info) == 0 && info.flags & VFIO_DEVICE_FLAGS_RESET;
}

/*
 * The group is in the kernel's domain again when VFIO is closed. Where that passes through, a bus address is a physical one:
 * an engine that VFIO cannot reset, and that goes on, writes to whatever lies there. (bus mastering off only pauses it)
 */
static void warn_of_passthrough(const struct vfio *v)
{
	struct fact_number group;
	struct fact_text type;

	if (!v->was_told || has_reset(v))
		return;
	iommu_group_of(v->device->ctx, v->device->name, &group, &type);
	if (group.reason || type.reason || strcmp(type.text, "identity") != 0)
		return;
	context_log(
		v->device->ctx, LOG_WARN,
		"%s: it has no reset, and outside of VFIO its bus addresses are physical ones (IOMMU group %llu is "
		"passed through): if its engine is not idle, leave bus mastering off, or it writes to anybody's memory",
		v->device->name, (unsigned long long)group.value);
}

void vfio_close(struct vfio *v)
{
	if (!v)
		return;
	if (v->device_fd >= 0) {
		vfio_claim_end(v);
		vfio_irq_disable(v);
		vfio_set_bus_master(v, false);
		vfio_buffers_free(v, 0);
		warn_of_passthrough(v);
		vfio_irq_close(v);
	}
	iova_space_close(v->space);
	v->iommu->close(v);
	free(v);
}

int vfio_device_fd(const struct vfio *v)
{
	return v->device_fd;
}

const struct vfio_region *vfio_config(const struct vfio *v)
{
	return &v->config;
}

const char *vfio_interface(const struct vfio *v)
{
	return v->interface;
}

unsigned int vfio_new_owner(struct vfio *v)
{
	return ++v->owners;
}

int vfio_reset(const struct device *device, int device_fd, struct error *error)
{
	if (ioctl(device_fd, VFIO_DEVICE_RESET) == 0)
		return 0;
	if (errno == ENOTTY || errno == EINVAL)
		return error_set(error, ERROR_UNSUPPORTED, "no-reset",
				 "%s: the device has no reset of its own", device->name);
	return error_errno(error, error_last(), "%s: VFIO: resetting it", device->name);
}

void vfio_forget(struct vfio *v, unsigned int owner)
{
	if (v->claim == owner)
		vfio_claim_end(v);
	vfio_buffers_free(v, owner);
}
