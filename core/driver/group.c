// SPDX-License-Identifier: GPL-2.0-or-later
/* The drivers of all devices of an IOMMU group, and the owner of its nodes. */
#include "core/driver/group.h"

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
#include "core/driver/driver.h"
#include "core/kernel/sysfs.h"
#include "core/pci/select.h"
#include "core/pci/user_driver.h"
#include "core/preflight/preflight.h"

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
		rc = driver_bind(member, &plan, NULL, NULL, error);
	device_close(member);
	return rc;
}

int driver_group_make(struct device *device, const struct driver_plan *plan, const char *module_file,
		      int (*check)(const struct device *device, struct error *error),
		      struct driver_before *before, struct error *error)
{
	struct driver_before b;
	int rc;

	rc = driver_bind(device, plan, module_file, &b, error);
	if (rc < 0) {
		/* the driver was asked, and refused: for want of a group? */
		if (strcmp(error->code, "bind-failed") == 0)
			vfio_group_check(device, error);
		return error_number(error->kind);
	}
	rc = check(device, error);
	if (rc < 0)
		driver_bind_undo(device, &b);
	else
		*before = b;
	return rc;
}

int driver_group_take(struct device *device, struct error *error)
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
			driver_group_give_back(device, false, &ignored);
	}
	free(names);
	return rc;
}

static int give_back_one(struct device *member, bool dry_run, struct error *error)
{
	struct driver_release_plan plan;
	int rc = driver_release_plan(member, &plan, error);

	return rc == 0 && !dry_run ? driver_release(member, &plan, error) : rc;
}

/* By the records: a member may have left the group, or a bind may have broken off half way. */
int driver_group_give_back(struct device *device, bool dry_run, struct error *error)
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
			failed = give_back_one(member, dry_run, &why);
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
	if (fd == -ENOENT)
		return preflight_no_node(device, node, "", error);
	if (fd < 0)
		return error_errno(error, fd, "%s: %s", device->name, node);
	if (fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0)
		rc = error_errno(error, error_last(), "%s: giving %s to its owner", device->name, node);
	close(fd);
	return rc;
}

int driver_group_give_nodes(struct device *device, uid_t uid, gid_t gid, struct error *error)
{
	struct error ignored;
	uid_t old_uid = 0;
	gid_t old_gid = 0;
	char name[32];
	char node[64];
	char own[64];
	bool had_node;
	int rc;

	if (vfio_group_node(device, node, sizeof(node)) < 0)
		return vfio_group_check(device, error);
	rc = driver_group_owner(device, &old_uid, &old_gid);
	had_node = rc == 0;
	rc = give(device, node, uid, gid, error);
	if (rc < 0 || vfio_device_node(device, name, sizeof(name)) < 0)
		return rc;
	snprintf(own, sizeof(own), "/dev/vfio/devices/%s", name);
	rc = give(device, own, uid, gid, error);
	if (rc < 0 && had_node)
		give(device, node, old_uid, old_gid, &ignored);
	return rc;
}

int driver_group_owner(const struct device *device, uid_t *uid, gid_t *gid)
{
	char path[PATH_MAX];
	char node[64];
	struct stat st;
	int rc = vfio_group_node(device, node, sizeof(node));

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
