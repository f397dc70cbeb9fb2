/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buffers and interrupts of a device that the holder of our session has open over VFIO. */
#ifndef PCIETOOL_SESSION_CLIENT_H
#define PCIETOOL_SESSION_CLIENT_H

#include "core/dma/buffer.h"

/* DEVICE has joined the session (device_session()). */
int session_client_open(struct device *device, struct buffer_client **client, struct error *error);

#endif
