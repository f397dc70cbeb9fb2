/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a virtio device has its structures: its vendor-specific capabilities say. */
#ifndef PCIETOOL_VIRTIO_H
#define PCIETOOL_VIRTIO_H

#include <stdint.h>

#include "core/pci/device.h"

struct virtio_place {
	unsigned int bar;
	uint32_t offset;
	uint32_t length; /* bytes */
};

/*
 * Of the structure of that cfg_type (1: common configuration, 3: ISR status, ...): Virtual I/O Device 1.2, 4.1.4. Reads
 * config space only. ERROR_UNSUPPORTED where there is none.
 */
int virtio_place_read(struct device *device, unsigned int type, struct virtio_place *place,
		      struct error *error);

#endif
