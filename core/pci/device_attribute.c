// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/pci/device_attribute.h"

#include <limits.h>
#include <unistd.h>

#include "core/kernel/sysfs.h"

bool attribute_exists(const struct device *device, const char *name)
{
	char path[PATH_MAX];

	return sysfs_path(device->ctx, path, sizeof(path), SYSFS_PCI_DEVICES "/%s/%s", device->name, name) ==
		       0 &&
	       access(path, F_OK) == 0;
}

int attribute_explain(const struct device *device, const char *what, int rc, struct error *error)
{
	error_errno(error, rc, "%s: writing '%s' in sysfs", device->name, what);
	if ((rc == -EACCES || rc == -EPERM) && geteuid() != 0)
		error_hint(error, "run as root");
	return rc;
}

int attribute_write(const struct device *device, const char *name, const char *text, struct error *error)
{
	int rc = sysfs_write(device->ctx, text, SYSFS_PCI_DEVICES "/%s/%s", device->name, name);

	return rc < 0 ? attribute_explain(device, name, rc, error) : 0;
}
