// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/backend/path.h"

#include <linux/vfio.h>
#include <string.h>

#include "core/backend/session_link.h"
#include "core/backend/uio.h"
#include "core/backend/vfio.h"
#include "core/backend/vfio_config.h"
#include "core/pci/user_driver.h"
#include "core/pci/driver_record.h"

const char *const backend_names[] = { "auto", "sysfs", "devmem", "helper", "vfio", "uio", NULL };

/* Config space goes over VFIO too, from here on. */
static int use_vfio(struct device *device, int fd)
{
	struct vfio_region config;
	int rc = vfio_region_info(fd, VFIO_PCI_CONFIG_REGION_INDEX, &config);

	if (rc < 0)
		return rc;
	device->vfio_fd = fd;
	device->vfio_config = config.file_offset;
	device->vfio_config_size = (unsigned int)config.size;
	return 0;
}

void device_path_join(struct device *device)
{
	const struct context *ctx = device->ctx;
	int rc;

	if (!ctx->session || device->image)
		return;
	rc = session_link_open(ctx->session, device->name, &device->session);
	if (rc == 0 && session_link_kind(device->session) == BACKEND_VFIO)
		rc = use_vfio(device, session_link_fd(device->session));
	/* what needs the session says so; what does not goes on without */
	device->is_session_lost = rc < 0 && rc != -ENOENT;
}

void device_path_close(struct device *device)
{
	vfio_close(device->vfio);
	session_link_close(device->session);
	device->vfio = NULL;
	device->session = NULL;
	device->vfio_fd = -1;
}

/* uio_pci_generic shows none: its device's registers stay with sysfs. Whoever is no PCI device has nothing else. */
static bool has_maps(const struct device *device)
{
	struct uio_device uio;
	struct error ignored;
	unsigned int number = (unsigned int)device->uio;

	if (device->is_foreign)
		return true;
	if (device->uio < 0 && uio_find(device->ctx, device->name, &number) < 0)
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
	if (device->uio >= 0 && has_maps(device))
		return BACKEND_UIO;
	if (device->vfio_fd >= 0 || device->is_session_lost ||
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
	if (device->session)
		return session_link_kind(device->session);
	if (device->uio >= 0)
		return BACKEND_UIO;
	if (device->is_session_lost || device->vfio_fd >= 0 || user_driver_has(device, "vfio"))
		return BACKEND_VFIO;
	if (uio_find(device->ctx, device->name, &number) == 0)
		return BACKEND_UIO;
	return BACKEND_HELPER;
}

static int needs_session(struct device *device, struct error *error)
{
	int rc;

	if (device->is_session_lost) {
		rc = error_set(error, ERROR_GONE, "session-ended",
			       "%s: the session has ended, or does not answer", device->name);
		error_hint(error,
			   "PCIETOOL_SESSION names it; start a new one with 'pcietool -s %s session -- ...'",
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

	if (device->vfio_fd >= 0)
		return 0;
	if (!device->ctx->opens_vfio || device->is_session_lost)
		return needs_session(device, error);
	rc = vfio_open(device, driver_record_mask_bits(device), &vfio, error);
	if (rc < 0)
		return rc;
	context_log(device->ctx, LOG_INFO, "%s: opened over VFIO (%s), which has reset it", device->name,
		    vfio_interface(vfio));
	return device_path_own(device, vfio, error);
}

int device_path_uio(struct device *device, struct error *error)
{
	char driver[DRIVER_NAME_SIZE] = "none";
	unsigned int number;
	int rc;

	if (device->uio >= 0)
		return 0;
	if (uio_find(device->ctx, device->name, &number) == 0) {
		device->uio = (int)number;
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
	if (device->session && !session_link_is_alive(device->session))
		return error_set(error, ERROR_GONE, "session-ended", "%s: the session has ended",
				 device->name);
	return device_is_present(device) ? 0 : device_gone(device, error);
}

int device_path_own(struct device *device, struct vfio *vfio, struct error *error)
{
	int rc;

	device->vfio = vfio;
	rc = use_vfio(device, vfio_device_fd(vfio));
	return rc < 0 ? error_errno(error, rc, "%s: VFIO: finding its config space", device->name) : 0;
}
