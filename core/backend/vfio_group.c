// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/backend/vfio_group.h"

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

#include "core/base/array.h"
#include "core/driver/driver.h"
#include "core/kernel/sysfs.h"
#include "core/backend/vfio.h"
#include "core/pci/user_driver.h"

/*
 * Which drivers leave the DMA of a group to VFIO: those with driver_managed_dma in Linux' sources, which are VFIO's own
 * and its variants (mlx5_vfio_pci), the one that does nothing, and that of bridges.
 */
static bool is_harmless(const char *driver)
{
	return strstr(driver, "vfio") || strcmp(driver, "pci-stub") == 0 || strcmp(driver, "pcieport") == 0;
}

static int not_viable(const struct device *device, const char *group, const char *member, const char *driver,
		      struct error *error)
{
	int rc = error_set(error, ERROR_DENIED, "group-not-viable",
			   "%s: IOMMU group %s is not viable: %s in it has the driver %s", device->name,
			   group, member, driver);

	error_hint(error, "VFIO takes all of a group: 'pcietool -s %s --force driver bind --to vfio --group'",
		   device->name);
	return rc;
}

typedef int (*member_fn)(const struct device *device, const char *group, const char *member,
			 const char *driver, void *data, struct error *error);

static int no_iommu(const struct device *device, struct error *error)
{
	int rc = error_set(error, ERROR_UNSUPPORTED, "no-iommu", "%s: there is no IOMMU, which VFIO needs",
			   device->name);

	error_hint(error,
		   "turn it on in the firmware and boot with intel_iommu=on or amd_iommu=on; without one: "
		   "'driver bind --to helper'");
	return rc;
}

/* USE for each other member with a driver that stands in the way, until one fails. */
static int each_obstacle(const struct device *device, member_fn use, void *data, struct error *error)
{
	char group[32];
	char path[PATH_MAX];
	struct dirent *entry;
	int rc = 0;
	DIR *dir;

	if (sysfs_link_name(device->ctx, group, sizeof(group), SYSFS_PCI_DEVICES "/%s/iommu_group",
			    device->name) < 0)
		return no_iommu(device, error);
	rc = sysfs_path(device->ctx, path, sizeof(path), "/sys/kernel/iommu_groups/%s/devices", group);
	dir = rc == 0 ? opendir(path) : NULL;
	while (dir && rc == 0 && (entry = readdir(dir))) {
		char driver[64];

		if (entry->d_name[0] == '.' || strcmp(entry->d_name, device->name) == 0)
			continue;
		if (sysfs_link_name(device->ctx, driver, sizeof(driver), SYSFS_PCI_DEVICES "/%s/driver",
				    entry->d_name) == 0 &&
		    !is_harmless(driver))
			rc = use(device, group, entry->d_name, driver, data, error);
	}
	if (dir)
		closedir(dir);
	return rc;
}

static int refuse(const struct device *device, const char *group, const char *member, const char *driver,
		  void *data, struct error *error)
{
	(void)data;
	return not_viable(device, group, member, driver, error);
}

int vfio_group_check(const struct device *device, struct error *error)
{
	return each_obstacle(device, refuse, NULL, error);
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

/* Opens the member NAME, which a group says is there. */
static int open_member(const struct device *device, const char *name, struct device **member,
		       struct error *error)
{
	struct pci_address address;

	if (pci_address_parse(name, &address) < 0)
		return error_set(error, ERROR_UNSUPPORTED, "no-pci-device",
				 "%s: %s in its IOMMU group is no PCI device", device->name, name);
	return device_open(device->ctx, &address, member, error);
}

/* BIND false: only whether it may. */
static int take_one(const struct device *device, const char *name, bool bind, struct error *error)
{
	struct device *member = NULL;
	struct driver_plan plan;
	int rc;

	rc = open_member(device, name, &member, error);
	if (rc < 0)
		return rc;
	rc = driver_plan(member, user_driver_name("vfio"), &plan, error);
	plan.leader = device->name;
	if (rc == 0 && bind)
		rc = driver_bind(member, &plan, NULL, error);
	device_close(member);
	return rc;
}

int vfio_group_take(struct device *device, struct error *error)
{
	char(*names)[VFIO_GROUP_NAME] = NULL;
	struct error ignored;
	size_t count = 0;
	int rc;

	rc = vfio_group_companions(device, &names, &count, error);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = take_one(device, names[i], false, error);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = take_one(device, names[i], true, error);
		if (rc < 0)
			vfio_group_give_back(device, &ignored);
	}
	free(names);
	return rc;
}

/* By the records: a member may have left the group, or a bind may have broken off half way. */
int vfio_group_give_back(struct device *device, struct error *error)
{
	struct pci_address *list = NULL;
	struct selector all;
	size_t count = 0;
	int first = 0;
	int rc;

	selector_init(&all);
	rc = selector_list(device->ctx, &all, &list, &count, error);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct device *member = NULL;
		struct driver_status status;
		struct error why;
		int failed;

		if (device_open(device->ctx, &list[i], &member, &why) < 0)
			continue;
		failed = 0;
		if (driver_status(member, &status, &why) == 0 && strcmp(status.leader, device->name) == 0)
			failed = driver_release(member, &why);
		if (failed < 0 && first == 0) {
			*error = why;
			first = failed;
		}
		device_close(member);
	}
	free(list);
	return rc < 0 ? rc : first;
}

/* --- the nodes ------------------------------------------------------------------------------------- */

#define NODE_TRIES 50
#define NODE_PAUSE 20000000 /* ns */

/* Where udev makes them they come a little later. */
static int give(const struct device *device, const char *node, uid_t uid, gid_t gid, struct error *error)
{
	const struct timespec pause = { .tv_nsec = NODE_PAUSE };
	int fd = -ENOENT;
	int rc = 0;

	for (int tries = NODE_TRIES; tries > 0 && fd == -ENOENT; tries--) {
		fd = sysfs_open(device->ctx, O_PATH | O_NOFOLLOW, "%s", node);
		if (fd == -ENOENT)
			nanosleep(&pause, NULL);
	}
	if (fd < 0)
		return error_errno(error, fd, "%s: %s", device->name, node);
	if (fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0)
		rc = error_errno(error, error_last(), "%s: giving %s to its owner", device->name, node);
	close(fd);
	return rc;
}

static int group_node(const struct device *device, char *node, size_t size)
{
	char group[32];
	int rc = sysfs_link_name(device->ctx, group, sizeof(group), SYSFS_PCI_DEVICES "/%s/iommu_group",
				 device->name);

	if (rc == 0)
		snprintf(node, size, "/dev/vfio/%s", group);
	return rc;
}

int vfio_group_give_nodes(struct device *device, uid_t uid, gid_t gid, struct error *error)
{
	char name[32];
	char node[64];
	int rc;

	if (group_node(device, node, sizeof(node)) < 0)
		return no_iommu(device, error);
	rc = give(device, node, uid, gid, error);
	if (rc < 0 || vfio_device_node(device, name, sizeof(name)) < 0)
		return rc;
	snprintf(node, sizeof(node), "/dev/vfio/devices/%s", name);
	return give(device, node, uid, gid, error);
}

int vfio_group_owner(const struct device *device, uid_t *uid, gid_t *gid)
{
	char path[PATH_MAX];
	char node[64];
	struct stat st;
	int rc = group_node(device, node, sizeof(node));

	if (rc == 0)
		rc = sysfs_path(device->ctx, path, sizeof(path), "%s", node);
	if (rc < 0)
		return rc;
	if (stat(path, &st) < 0)
		return error_last();
	*uid = st.st_uid;
	*gid = st.st_gid;
	return 0;
}
