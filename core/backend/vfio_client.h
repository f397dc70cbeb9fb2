/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buffers and interrupts over a VFIO device that this very process has open. */
#ifndef PCIETOOL_VFIO_CLIENT_H
#define PCIETOOL_VFIO_CLIENT_H

#include "core/dma/buffer.h"

/* DEVICE has VFIO open (device_vfio()). */
int vfio_client_open(struct device *device, struct buffer_client **client, struct error *error);

#endif
