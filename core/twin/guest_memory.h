/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory that the device may reach, as the client maps and unmaps it. */
#ifndef PCIETOOL_TWIN_GUEST_MEMORY_H
#define PCIETOOL_TWIN_GUEST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/twin/wire.h"

struct guest_range {
	uint64_t address;
	uint64_t size;
	uint32_t flags; /* WIRE_DMA_... */
	uint8_t *bytes; /* NULL: the client shares it not */
};

struct guest_memory {
	struct guest_range *ranges;
	size_t count;
	/* Does what the client shares no memory for, as asker_transfer(). NULL: nobody does */
	int (*ask)(void *data, uint64_t address, void *bytes, size_t size, bool write);
	void *ask_data;
};

/*
 * FD (-1: none) stays the caller's. -EEXIST: some of it is mapped already; -EINVAL: an address, a size or a descriptor
 * that cannot be; another -errno.
 */
int guest_memory_map(struct guest_memory *memory, const struct wire_dma_map *map, int fd);
/*
 * All that was mapped in that range: QEMU empties an IOMMU's address space at once, where vfio-user.rst has a range that was
 * mapped. -ENOENT: there was nothing; -EINVAL: only a part of one lies in it.
 */
int guest_memory_unmap(struct guest_memory *memory, uint64_t address, uint64_t size);
void guest_memory_unmap_all(struct guest_memory *memory);

/*
 * SIZE bytes to or from ADDRESS on. -EFAULT: some of it is not mapped, and nothing else is there; -EACCES: not for this
 * direction; -ENODEV: the client does not share it, and there is nobody to ask; -errno of an asker that fails. What lies before
 * the first piece that was asked for in vain is copied, and nothing otherwise. What is mapped may change meanwhile.
 */
int guest_memory_copy(struct guest_memory *memory, uint64_t address, void *bytes, size_t size, bool write);

#endif
