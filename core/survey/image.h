/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a device carries with it: its expansion ROM and its Vital Product Data, as bytes. */
#ifndef PCIETOOL_DEVICE_IMAGE_H
#define PCIETOOL_DEVICE_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "core/pci/device.h"

/*
 * *DATA is the caller's to free. Unsupported (exit 6) when the device has none; the ROM's decoder is
 * enabled for the reading only, and memory decoding must be on.
 */
int device_rom_read(struct device *device, uint8_t **data, size_t *length, struct error *error);
int device_vpd_read(struct device *device, uint8_t **data, size_t *length, struct error *error);

#endif
