// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vfio_group.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/preflight.h"
#include "core/sysfs.h"

/* Bridges keep their driver: VFIO lets them be in a group. */
static bool is_harmless(const char *driver)
{
	return preflight_driver_is_ours(driver) || strcmp(driver, "pcieport") == 0;
}

static int not_viable(const struct device *device, const char *group, const char *member, const char *driver,
		      struct error *error)
{
	int rc = error_set(error, ERROR_DENIED, "group-not-viable",
			   "%s: IOMMU group %s is not viable: %s in it has the driver %s", device->name,
			   group, member, driver);

	error_hint(error,
		   "VFIO takes all of a group: take that one too, 'pcietool -s %s --force driver bind --to "
		   "vfio'",
		   member);
	return rc;
}

int vfio_group_check(const struct device *device, struct error *error)
{
	char group[32];
	char path[PATH_MAX];
	struct dirent *entry;
	int rc = 0;
	DIR *dir;

	if (sysfs_link_name(device->ctx, group, sizeof(group), SYSFS_PCI_DEVICES "/%s/iommu_group",
			    device->name) < 0) {
		error_set(error, ERROR_UNSUPPORTED, "no-iommu", "%s: there is no IOMMU, which VFIO needs",
			  device->name);
		error_hint(error,
			   "turn it on in the firmware and boot with intel_iommu=on or amd_iommu=on; without "
			   "one: 'driver bind --to helper'");
		return -EOPNOTSUPP;
	}
	rc = sysfs_path(device->ctx, path, sizeof(path), "/sys/kernel/iommu_groups/%s/devices", group);
	dir = rc == 0 ? opendir(path) : NULL;
	while (dir && rc == 0 && (entry = readdir(dir))) {
		char driver[64];

		if (entry->d_name[0] == '.' || strcmp(entry->d_name, device->name) == 0)
			continue;
		if (sysfs_link_name(device->ctx, driver, sizeof(driver), SYSFS_PCI_DEVICES "/%s/driver",
				    entry->d_name) == 0 &&
		    !is_harmless(driver))
			rc = not_viable(device, group, entry->d_name, driver, error);
	}
	if (dir)
		closedir(dir);
	return rc;
}
