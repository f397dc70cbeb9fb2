/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which way leads to a device: --via, the session that we are in, or what its driver offers. */
#ifndef PCIETOOL_DEVICE_PATH_H
#define PCIETOOL_DEVICE_PATH_H

#include "core/backend/vfio_config.h"
#include "core/pci/device.h"

/* --via's words, in the order of enum backend_id; ends with NULL. */
extern const char *const backend_names[];
/* Which of them NAME is; -ENOENT: none. */
int backend_find(const char *name, enum backend_id *id);

struct session_link;
struct vfio;

/* What leads to a device beside sysfs; whoever opens devices with backend_hooks in the context has it with each. */
struct device_path {
	struct vfio *vfio; /* this process has it open; NULL: it has not */
	struct session_link *session; /* to the holder of the session that we are in; NULL: none */
	bool is_session_lost; /* there should be one, but it does not answer */
	int vfio_fd; /* this process' or the session's; -1: none; theirs to close */
	struct vfio_region config; /* where config space lies in it */
	int uio; /* the number of its UIO device, once that is wanted; -1 */

	/* in a pool, see pool.h */
	bool is_kept;
	struct device *next;
	struct region *regions;
};

/* A context with these joins each device to the session that has it, if we are in one, and knows its pool. In pool.c. */
extern const struct device_hooks backend_hooks;

static inline struct vfio *device_vfio(const struct device *device)
{
	return device->path ? device->path->vfio : NULL;
}

static inline int device_vfio_fd(const struct device *device)
{
	return device->path ? device->path->vfio_fd : -1;
}

static inline struct session_link *device_session(const struct device *device)
{
	return device->path ? device->path->session : NULL;
}

static inline int device_uio(const struct device *device)
{
	return device->path ? device->path->uio : -1;
}

/* --- for the hooks ----------------------------------------------------------------------------------- */

/* Gives DEVICE a path: joins the session that has the device, if we are in one. -ENOMEM. */
int device_path_join(struct device *device);
/* VFIO and session are closed; sysfs leads to the device. */
void device_path_close(struct device *device);

/* ------------------------------------------------------------------------------------------------------ */

/* For registers: sysfs, devmem, vfio or uio. */
enum backend_id device_path_registers(const struct device *device);
/* For buffers and interrupts: helper, vfio or uio. */
enum backend_id device_path_client(const struct device *device);

/*
 * VFIO is open from here on (device_vfio_fd()): the session's, or this process' own, which the context must allow, as it
 * resets the device. Otherwise unsupported (exit 6), with a hint to `session`; a session that has ended is gone (5).
 */
int device_path_vfio(struct device *device, struct error *error);
/* A UIO driver has the device (device_uio()). Unsupported (exit 6) otherwise, with the driver that it has. */
int device_path_uio(struct device *device, struct error *error);
/* For long waits: does the device still answer, and is our session still there? ERROR_GONE. */
int device_path_check(struct device *device, struct error *error);
/* VFIO was opened already: it is the device's from here on. */
void device_path_own(struct device *device, struct vfio *vfio);

#endif
