/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one interrupt of a UIO device; there is no DMA memory over UIO. */
#ifndef PCIETOOL_UIO_CLIENT_H
#define PCIETOOL_UIO_CLIENT_H

#include "core/dma/buffer.h"

/* DEVICE has a UIO driver (device_uio(), or the PCI device's). */
int uio_client_open(struct device *device, struct buffer_client **client, struct error *error);

#endif
