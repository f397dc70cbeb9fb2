// SPDX-License-Identifier: GPL-2.0-or-later
/* A region of the device's VFIO file: mapped, or by pread and pwrite where it cannot be. */
#include <fcntl.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <sys/mman.h>

#include "core/backend/vfio_internal.h"
#include "core/base/sigbus.h"
#include "core/region/provider.h"
#include "core/backend/vfio_config.h"

int vfio_open_bar(struct device *dev, int device_fd, unsigned int bar, bool write, struct region **region,
		  struct error *error)
{
	struct vfio_region info;
	struct region template;
	int rc;

	rc = sigbus_init();
	if (rc < 0)
		return error_errno(error, rc, "%s", dev->name);
	rc = vfio_region_info(device_fd, VFIO_PCI_BAR0_REGION_INDEX + bar, &info);
	if (rc < 0)
		return error_errno(error, rc, "%s: VFIO: finding BAR %u", dev->name, bar);
	if (info.size == 0)
		return error_set(error, ERROR_UNSUPPORTED, "no-bar", "%s: VFIO shows no BAR %u", dev->name,
				 bar);
	template = (struct region){
		.ops = info.is_mappable ? &region_mapped_ops : &region_port_ops,
		.device = dev,
		.size = info.size,
		/* pread and pwrite are one access of up to 4 bytes in all kernels */
		.max_width = info.is_mappable ? 64 : 32,
		.granule = REGION_BAR_GRANULE,
		.file_base = info.file_offset,
		.prot = write ? PROT_READ | PROT_WRITE : PROT_READ,
	};
	snprintf(template.name, sizeof(template.name), "BAR %u", bar);
	if (bar > 0)
		snprintf(template.prefix, sizeof(template.prefix), "%u:", bar);
	template.fd = fcntl(device_fd, F_DUPFD_CLOEXEC, 0);
	if (template.fd < 0)
		return error_errno(error, error_last(), "%s: BAR %u", dev->name, bar);
	rc = info.is_mappable ? region_map_bar(&template, template.name, error) : 0;
	if (rc == 0)
		rc = region_new(&template, region, error);
	if (rc < 0)
		template.ops->close(&template);
	return rc;
}
