/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes in and out of a mapped DMA buffer, with the synchronization that the platform needs. The memory goes
 * away when the device is unbound: that is exit 5, not a crash.
 */
#ifndef PCIETOOL_BUFFER_DATA_H
#define PCIETOOL_BUFFER_DATA_H

#include "core/dma/buffer.h"

/* The caller has checked that OFFSET and LENGTH lie inside. */
int buffer_read(struct buffer *buffer, uint64_t offset, void *data, size_t length, struct error *error);
int buffer_write(struct buffer *buffer, uint64_t offset, const void *data, size_t length,
		 struct error *error);

/*
 * WIDTH bits, little-endian: one store where the offset is aligned, as a device that polls a descriptor must
 * see it whole; bytes otherwise.
 */
int buffer_store(struct buffer *buffer, uint64_t offset, unsigned int width, uint64_t value,
		 struct error *error);
/* Whether this build can: unsupported if not. */
int buffer_check_store(const struct buffer *buffer, uint64_t offset, unsigned int width, struct error *error);

#endif
