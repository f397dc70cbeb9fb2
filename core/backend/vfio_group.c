// SPDX-License-Identifier: GPL-2.0-or-later
/* Who else is in an IOMMU group, and what keeps VFIO from it. Binds nothing (core/driver/group.c does). */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/backend/vfio.h"
#include "core/base/array.h"
#include "core/kernel/sysfs.h"
#include "core/pci/iommu_group.h"
#include "core/pci/user_driver.h"
#include "core/preflight/in_use.h"

/*
 * Which drivers leave the DMA of a group to VFIO: those with driver_managed_dma in Linux' sources, which are VFIO's own
 * and its variants (mlx5_vfio_pci), the one that does nothing, and that of bridges.
 */
static bool is_harmless(const char *driver)
{
	return strstr(driver, "vfio") || strcmp(driver, "pci-stub") == 0 || strcmp(driver, "pcieport") == 0;
}

/* What the system uses of the member; false: nothing that is seen. */
static bool find_use(const struct device *device, const char *member, char *what, size_t size)
{
	struct pci_address address;
	struct device *other;
	struct error ignored;
	bool used;

	if (pci_address_parse(member, &address) < 0 ||
	    device_open(device->ctx, &address, &other, &ignored) < 0)
		return false;
	used = in_use_find(other, what, size) > 0;
	device_close(other);
	return used;
}

static int not_viable(const struct device *device, const char *group, const char *member, const char *driver,
		      struct error *error)
{
	char what[160];
	bool used = find_use(device, member, what, sizeof(what));
	int rc = error_set(error, ERROR_DENIED, "group-not-viable",
			   "%s: IOMMU group %s is not viable: %s in it has the driver %s%s%s", device->name,
			   group, member, driver, used ? ", and " : "", used ? what : "");

	/* whoever pastes it must not lose the interface that it came through */
	error_hint(error,
		   "%sVFIO takes all of a group: 'pcietool -s %s --force driver bind --to vfio --group'",
		   used ? "end that use first, it would be lost; " : "", device->name);
	return rc;
}

typedef int (*member_fn)(const struct device *device, const char *group, const char *member,
			 const char *driver, void *data, struct error *error);

static int no_iommu(const struct device *device, struct error *error)
{
	int rc = error_set(error, ERROR_UNSUPPORTED, "no-iommu",
			   "%s: there is no IOMMU for it, which VFIO needs", device->name);

	error_hint(error, "%s; without one: 'pcietool -s %s driver bind --to helper'",
		   iommu_advice(device->ctx), device->name);
	return rc;
}

/*
 * enable_unsafe_noiommu_mode: such a group has this name (Linux, drivers/vfio/group.c, vfio_noiommu_group_alloc()), no
 * addresses can be mapped in it, and nothing keeps the device's DMA from all memory when the file is closed.
 */
static int refuse_unsafe_mode(const struct device *device, const char *group, struct error *error)
{
	char name[32];
	int rc;

	if (sysfs_read(device->ctx, name, sizeof(name), "/sys/kernel/iommu_groups/%s/name", group) < 0 ||
	    strcmp(name, "vfio-noiommu") != 0)
		return 0;
	rc = error_set(error, ERROR_UNSUPPORTED, "no-iommu",
		       "%s: VFIO has it in its no-IOMMU mode, which maps no memory for DMA", device->name);
	error_hint(
		error,
		"the helper does, and stops the device at the end: 'pcietool -s %s --force driver bind --to helper'",
		device->name);
	return rc;
}

/* The group that an IOMMU keeps; refused where there is none, or VFIO's is not safe. */
static int safe_group(const struct device *device, char *group, size_t size, struct error *error)
{
	if (sysfs_link_name(device->ctx, group, size, SYSFS_PCI_DEVICES "/%s/iommu_group", device->name) < 0)
		return no_iommu(device, error);
	return refuse_unsafe_mode(device, group, error);
}

/* USE for each other member with a driver that stands in the way, until one fails. */
static int each_obstacle(const struct device *device, member_fn use, void *data, struct error *error)
{
	struct iommu_member *members = NULL;
	size_t count = 0;
	char group[32];
	int rc;

	rc = safe_group(device, group, sizeof(group), error);
	if (rc < 0)
		return rc;
	if (iommu_group_members(device->ctx, group, &members, &count) == -ENOMEM)
		return error_errno(error, -ENOMEM, "%s", device->name);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		const char *name = members[i].name;
		char driver[64];

		if (strcmp(name, device->name) == 0 ||
		    sysfs_link_name(device->ctx, driver, sizeof(driver), SYSFS_PCI_DEVICES "/%s/driver",
				    name) < 0)
			continue;
		if (!is_harmless(driver))
			rc = use(device, group, name, driver, data, error);
	}
	free(members);
	return rc;
}

static int refuse(const struct device *device, const char *group, const char *member, const char *driver,
		  void *data, struct error *error)
{
	(void)data;
	return not_viable(device, group, member, driver, error);
}

int vfio_group_node(const struct device *device, char *node, size_t size)
{
	char group[32];

	if (sysfs_link_name(device->ctx, group, sizeof(group), SYSFS_PCI_DEVICES "/%s/iommu_group",
			    device->name) < 0)
		return -ENOENT;
	snprintf(node, size, "/dev/vfio/%s", group);
	return 0;
}

int vfio_group_check_mode(const struct device *device, struct error *error)
{
	char group[32];

	return safe_group(device, group, sizeof(group), error);
}

int vfio_group_check(const struct device *device, struct error *error)
{
	return each_obstacle(device, refuse, NULL, error);
}

bool vfio_group_may_come(const struct device *device)
{
	char name[64];
	struct dirent *entry;
	bool may = false;
	DIR *dir;

	/* what has a driver was probed */
	if (sysfs_link_name(device->ctx, name, sizeof(name), SYSFS_PCI_DEVICES "/%s/iommu_group",
			    device->name) == 0 ||
	    sysfs_link_name(device->ctx, name, sizeof(name), SYSFS_PCI_DEVICES "/%s/driver", device->name) ==
		    0)
		return false;
	dir = sysfs_opendir(device->ctx, "/sys/class/iommu");
	/* Linux drivers/iommu/intel/dmar.c and amd/init.c name theirs dmarN and ivhdN */
	while (dir && !may && (entry = readdir(dir)))
		may = entry->d_name[0] != '.' && strncmp(entry->d_name, "dmar", 4) != 0 &&
		      strncmp(entry->d_name, "ivhd", 4) != 0;
	if (dir)
		closedir(dir);
	return may;
}

/* --- companions ----------------------------------------------------------------------------------- */

struct companions {
	char (*names)[VFIO_GROUP_NAME];
	size_t count;
};

static int collect(const struct device *device, const char *group, const char *member, const char *driver,
		   void *data, struct error *error)
{
	struct companions *c = data;
	void *grown = array_grow(c->names, c->count, sizeof(*c->names));

	(void)group;
	(void)driver;
	if (!grown)
		return error_errno(error, -ENOMEM, "%s", device->name);
	c->names = grown;
	snprintf(c->names[c->count++], VFIO_GROUP_NAME, "%s", member);
	return 0;
}

int vfio_group_companions(const struct device *device, char (**names)[VFIO_GROUP_NAME], size_t *count,
			  struct error *error)
{
	struct companions c = { .names = NULL };
	int rc = each_obstacle(device, collect, &c, error);

	if (rc < 0) {
		free(c.names);
		return rc;
	}
	*names = c.names;
	*count = c.count;
	return 0;
}
