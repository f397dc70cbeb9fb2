/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which way leads to a device: --via, the session that we are in, or what its driver offers. */
#ifndef PCIETOOL_DEVICE_PATH_H
#define PCIETOOL_DEVICE_PATH_H

#include "core/pci/device.h"

/* --via's words, in the order of enum backend_id; ends with NULL. */
extern const char *const backend_names[];

/* Called by device_open() and device_close(): joins the session that has the device, if we are in one. */
void device_path_join(struct device *device);
void device_path_close(struct device *device);

/* For registers: sysfs, devmem, vfio or uio. */
enum backend_id device_path_registers(const struct device *device);
/* For buffers and interrupts: helper, vfio or uio. */
enum backend_id device_path_client(const struct device *device);

/*
 * VFIO is open from here on (device->vfio_fd): the session's, or this process' own, which the context must allow, as it
 * resets the device. Otherwise unsupported (exit 6), with a hint to `session`; a session that has ended is gone (5).
 */
int device_path_vfio(struct device *device, struct error *error);
/* A UIO driver has the device (device->uio). Unsupported (exit 6) otherwise, with the driver that it has. */
int device_path_uio(struct device *device, struct error *error);
/* For long waits: does the device still answer, and is our session still there? ERROR_GONE. */
int device_path_check(struct device *device, struct error *error);
/* VFIO was opened already: it is the device's from here on, also on failure. */
int device_path_own(struct device *device, struct vfio *vfio, struct error *error);

#endif
