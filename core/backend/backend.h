/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back ends of this folder, for backend.c which chooses. */
#ifndef PCIETOOL_BACKEND_H
#define PCIETOOL_BACKEND_H

#include "core/dma/buffer.h"
#include "core/region/provider.h"

extern const struct backend backend_uio;

/* DEVICE has joined the session (device_session()). */
int session_client_open(struct device *device, struct buffer_client **client, struct error *error);

/* DEVICE has a UIO driver (device_uio(), or the PCI device's). */
int uio_client_open(struct device *device, struct buffer_client **client, struct error *error);

/* DEVICE has VFIO open (device_vfio()). */
int vfio_client_open(struct device *device, struct buffer_client **client, struct error *error);

#endif
