// SPDX-License-Identifier: GPL-2.0-or-later
/* Claims on a device that one of our drivers has, each asked where it is known: the helper, the sessions' locks, VFIO's nodes. */
#include "core/driver/claim.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#include "core/backend/helper.h"
#include "core/backend/path.h"
#include "core/backend/session_lock.h"
#include "core/backend/uio.h"
#include "core/backend/vfio.h"
#include "core/kernel/open_by.h"
#include "core/kernel/sysfs.h"
#include "core/pci/user_driver.h"

static const char hint[] = "wait for it to end, or --force";

/* A capture would end, and the blocks that are not saved yet would be lost. */
static int check_capture(struct device *device, struct error *error)
{
	struct helper_state state = { .claimed = false };
	struct helper *helper;
	struct error why;
	int rc;

	rc = helper_open(device, &helper, &why);
	if (error_is_lack(rc)) {
		*error = why;
		return rc;
	}
	if (rc < 0)
		return 0;
	helper_query(helper, &state);
	helper_close(helper);
	if (!state.claimed)
		return 0;
	rc = error_set(error, ERROR_DENIED, "in-use", "%s: a capture runs on the device", device->name);
	error_hint(error, hint);
	return rc;
}

static int check_session(const struct device *device, struct error *error)
{
	char path[PATH_MAX];
	char who[256];
	int rc;

	rc = sysfs_path(device->ctx, path, sizeof(path), SESSION_ROOT_FOLDER "/%s" SESSION_LOCK,
			device->name);
	if (rc == 0)
		rc = session_lock_holder(path, who, sizeof(who));
	if (error_is_lack(rc))
		return error_errno(error, rc, "%s: looking for a session of it", device->name);
	if (rc < 0)
		return 0;
	rc = error_set(error, ERROR_DENIED, "in-use", "%s: a session has the device: %s", device->name, who);
	error_hint(error, hint);
	return rc;
}

static int check_node(const struct device *device, const char *node, const char *except, struct error *error)
{
	char who[128];
	int rc;

	if (open_by_another(device->ctx, node, except, who, sizeof(who)) < 0)
		return 0;
	rc = error_set(error, ERROR_DENIED, "in-use", "%s: %s has %s open", device->name, who, node);
	error_hint(error, hint);
	return rc;
}

/* Over VFIO a device is one process': a session, a capture, a virtual machine. */
static int check_vfio(const struct device *device, struct error *error)
{
	char name[32];
	char node[64];
	int rc = 0;

	if (vfio_group_node(device, node, sizeof(node)) == 0)
		rc = check_node(device, node, NULL, error);
	if (rc < 0 || vfio_device_node(device, name, sizeof(name)) < 0)
		return rc;
	snprintf(node, sizeof(node), "/dev/vfio/devices/%s", name);
	return check_node(device, node, NULL, error);
}

/* A UIO device may be several programs': what they wait for does not come any more. A wait of ours tells that, and ends. */
static int check_uio(const struct device *device, struct error *error)
{
	unsigned int number;
	char node[32];

	if (uio_find(device->ctx, device->name, &number) < 0)
		return 0;
	snprintf(node, sizeof(node), "/dev/uio%u", number);
	return check_node(device, node, "pcietool", error);
}

int driver_claim_check(struct device *device, struct error *error)
{
	char driver[DRIVER_NAME_SIZE];
	int rc = 0;

	if (device_driver(device, driver, sizeof(driver)) < 0)
		return 0;
	if (user_driver_has(device, "helper"))
		rc = check_capture(device, error);
	if (rc < 0 || device_session(device) || device_vfio_fd(device) >= 0)
		return rc;
	if (user_driver_is_one(driver))
		rc = check_session(device, error);
	if (rc == 0 && user_driver_is_vfio(driver))
		rc = check_vfio(device, error);
	return rc == 0 ? check_uio(device, error) : rc;
}
