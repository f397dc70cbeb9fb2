// SPDX-License-Identifier: GPL-2.0-or-later
/* What leads to a device beside sysfs: session, VFIO, UIO; which of them --via and its driver mean. */
#include "core/backend/path.h"

#include <errno.h>
#include <linux/vfio.h>
#include <stdlib.h>
#include <string.h>

#include "core/backend/session_link.h"
#include "core/backend/uio.h"
#include "core/backend/vfio.h"
#include "core/backend/vfio_config.h"
#include "core/pci/user_driver.h"
#include "core/pci/config_space.h"

const char *const backend_names[] = { "auto", "sysfs", "devmem", "helper", "vfio", "uio", NULL };

int backend_find(const char *name, enum backend_id *id)
{
	for (unsigned int i = 0; backend_names[i]; i++) {
		if (strcmp(name, backend_names[i]) == 0) {
			*id = (enum backend_id)i;
			return 0;
		}
	}
	return -ENOENT;
}

/* Config space goes over VFIO too, from here on. */
static void use_vfio(struct device *device, int fd, const struct vfio_region *config)
{
	device->path->vfio_fd = fd;
	device->path->config = *config;
	device->config = &config_ops_vfio;
}

static int join_session(struct device *device)
{
	struct device_path *path = device->path;
	struct vfio_region config;
	int fd;
	int rc;

	rc = session_link_open(device->ctx->session, device->name, &path->session);
	if (rc < 0 || session_link_kind(path->session) != BACKEND_VFIO)
		return rc;
	fd = session_link_fd(path->session);
	rc = vfio_region_info(fd, VFIO_PCI_CONFIG_REGION_INDEX, &config);
	if (rc == 0)
		use_vfio(device, fd, &config);
	return rc;
}

int device_path_join(struct device *device)
{
	struct device_path *path = calloc(1, sizeof(*path));
	int rc;

	if (!path)
		return -ENOMEM;
	path->vfio_fd = -1;
	path->uio = -1;
	device->path = path;
	if (!device->ctx->session || device->image)
		return 0;
	rc = join_session(device);
	/* what needs the session says so; what does not goes on without */
	path->is_session_lost = rc < 0 && rc != -ENOENT;
	return 0;
}

void device_path_close(struct device *device)
{
	struct device_path *path = device->path;

	vfio_close(path->vfio);
	session_link_close(path->session);
	path->vfio = NULL;
	path->session = NULL;
	path->vfio_fd = -1;
	if (device->config == &config_ops_vfio)
		device->config = &config_ops_sysfs;
}

static bool is_session_lost(const struct device *device)
{
	return device->path && device->path->is_session_lost;
}

/* uio_pci_generic shows none: its device's registers stay with sysfs. Whoever is no PCI device has nothing else. */
static bool has_maps(const struct device *device)
{
	struct uio_device uio;
	struct error ignored;
	unsigned int number = (unsigned int)device_uio(device);

	if (!device->config)
		return true;
	if (device_uio(device) < 0 && uio_find(device->ctx, device->name, &number) < 0)
		return true; /* and it is told that there is no UIO driver */
	return uio_read(device->ctx, number, &uio, &ignored) == 0 && uio.map_count > 0;
}

enum backend_id device_path_registers(const struct device *device)
{
	enum backend_id via = device->ctx->via;

	/* the helper never claims a BAR: registers stay with sysfs (DESIGN, the kernel helper) */
	if (via == BACKEND_HELPER)
		return BACKEND_SYSFS;
	if (via == BACKEND_UIO)
		return has_maps(device) ? BACKEND_UIO : BACKEND_SYSFS;
	if (via != BACKEND_AUTO)
		return via;
	if (device_uio(device) >= 0 && has_maps(device))
		return BACKEND_UIO;
	if (device_vfio_fd(device) >= 0 || is_session_lost(device) ||
	    (device->ctx->opens_vfio && user_driver_has(device, "vfio")))
		return BACKEND_VFIO;
	return BACKEND_SYSFS;
}

enum backend_id device_path_client(const struct device *device)
{
	enum backend_id via = device->ctx->via;
	unsigned int number;

	if (via == BACKEND_HELPER || via == BACKEND_VFIO || via == BACKEND_UIO)
		return via;
	if (device_session(device))
		return session_link_kind(device_session(device));
	if (device_uio(device) >= 0)
		return BACKEND_UIO;
	if (is_session_lost(device) || device_vfio_fd(device) >= 0 || user_driver_has(device, "vfio"))
		return BACKEND_VFIO;
	if (uio_find(device->ctx, device->name, &number) == 0)
		return BACKEND_UIO;
	return BACKEND_HELPER;
}

static int needs_session(struct device *device, struct error *error)
{
	int rc;

	if (is_session_lost(device)) {
		rc = error_set(error, ERROR_GONE, "session-ended",
			       "%s: the session has ended, or does not answer", device->name);
		error_hint(
			error,
			"PCIETOOL_SESSION names it; start a new one with 'pcietool -s %s session -- COMMAND'",
			device->name);
		return rc;
	}
	rc = error_set(error, ERROR_UNSUPPORTED, "needs-session",
		       "%s: over VFIO this needs a session: opening VFIO resets the device", device->name);
	error_hint(error, "run it, or a shell, in one: 'pcietool -s %s session -- COMMAND'%s", device->name,
		   device->ctx->via == BACKEND_VFIO ? "" : "; registers alone: --via sysfs");
	return rc;
}

int device_path_vfio(struct device *device, struct error *error)
{
	struct vfio *vfio;
	int rc;

	if (device_vfio_fd(device) >= 0)
		return 0;
	if (!device->path || !device->ctx->opens_vfio || is_session_lost(device))
		return needs_session(device, error);
	rc = vfio_open(device, driver_record_mask_bits(device), &vfio, error);
	if (rc < 0)
		return rc;
	context_log(device->ctx, LOG_INFO, "%s: opened over VFIO (%s), which has reset it", device->name,
		    vfio_interface(vfio));
	device_path_own(device, vfio);
	return 0;
}

int device_path_uio(struct device *device, struct error *error)
{
	char driver[DRIVER_NAME_SIZE] = "none";
	unsigned int number;
	int rc;

	if (device_uio(device) >= 0)
		return 0;
	if (device->path && uio_find(device->ctx, device->name, &number) == 0) {
		device->path->uio = (int)number;
		return 0;
	}
	device_driver(device, driver, sizeof(driver));
	rc = error_set(error, ERROR_UNSUPPORTED, "not-bound",
		       "%s: no UIO driver has the device (its driver: %s)", device->name, driver);
	error_hint(error, "give it to UIO with 'pcietool -s %s driver bind --to uio'", device->name);
	return rc;
}

int device_path_check(struct device *device, struct error *error)
{
	if (device_session(device) && !session_link_is_alive(device_session(device)))
		return error_set(error, ERROR_GONE, "session-ended", "%s: the session has ended",
				 device->name);
	return device_is_present(device) ? 0 : device_gone(device, error);
}

void device_path_own(struct device *device, struct vfio *vfio)
{
	device->path->vfio = vfio;
	use_vfio(device, vfio_device_fd(vfio), vfio_config(vfio));
}
