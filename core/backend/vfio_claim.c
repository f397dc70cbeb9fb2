// SPDX-License-Identifier: GPL-2.0-or-later
/* One capture at a time, and what stops its device should its process be killed. */
#include <errno.h>

#include "core/region/region.h"
#include "core/backend/vfio_internal.h"

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

void vfio_claim_end(struct vfio *v)
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
