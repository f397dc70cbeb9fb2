// SPDX-License-Identifier: GPL-2.0-or-later
/* Ranges of bus addresses with descriptors of the guest's memory behind them. The client may lie, and shrink a file. */
#include "core/twin/guest_memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/array.h"
#include "core/base/dma_copy.h"
#include "core/base/error.h"
#include "core/base/sigbus.h"

/* vfio-user.rst, section "VFIO_USER_VERSION", max_dma_maps: its default */
#define RANGES_MAX 65535

static int map_file(const struct wire_dma_map *map, int fd, uint8_t **bytes)
{
	int protection = (map->flags & WIRE_DMA_READABLE ? PROT_READ : 0) |
			 (map->flags & WIRE_DMA_WRITEABLE ? PROT_WRITE : 0);
	struct stat st;
	void *at;

	if (fstat(fd, &st) < 0)
		return error_last();
	if (!S_ISREG(st.st_mode) || map->offset > (uint64_t)st.st_size ||
	    map->size > (uint64_t)st.st_size - map->offset || map->size > SIZE_MAX)
		return -EINVAL;
	at = mmap(NULL, (size_t)map->size, protection, MAP_SHARED | MAP_NORESERVE, fd, (off_t)map->offset);
	if (at == MAP_FAILED)
		return error_last();
	*bytes = at;
	return 0;
}

static bool overlaps(const struct guest_range *r, uint64_t address, uint64_t size)
{
	return address < r->address + r->size && r->address < address + size;
}

int guest_memory_map(struct guest_memory *memory, const struct wire_dma_map *map, int fd)
{
	struct guest_range range = { .address = map->address, .size = map->size, .flags = map->flags };
	struct guest_range *ranges;
	int rc;

	if (!map->size || map->address > UINT64_MAX - map->size)
		return -EINVAL;
	if (memory->count >= RANGES_MAX)
		return -ENOSPC;
	for (size_t i = 0; i < memory->count; i++) {
		if (overlaps(&memory->ranges[i], map->address, map->size))
			return -EEXIST;
	}
	ranges = array_grow(memory->ranges, memory->count, sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	memory->ranges = ranges;
	rc = fd >= 0 ? map_file(map, fd, &range.bytes) : 0;
	if (rc == 0)
		ranges[memory->count++] = range;
	return rc;
}

static void release(struct guest_range *range)
{
	if (range->bytes)
		munmap(range->bytes, (size_t)range->size);
}

/* Does any lie in that range in part only? */
static bool is_cut(const struct guest_memory *memory, uint64_t address, uint64_t size)
{
	for (size_t i = 0; i < memory->count; i++) {
		const struct guest_range *r = &memory->ranges[i];

		if (overlaps(r, address, size) &&
		    (r->address < address || r->address + r->size > address + size))
			return true;
	}
	return false;
}

int guest_memory_unmap(struct guest_memory *memory, uint64_t address, uint64_t size)
{
	size_t before = memory->count;
	size_t i = 0;

	if (!size || address > UINT64_MAX - size)
		return -EINVAL;
	if (is_cut(memory, address, size))
		return -EINVAL;
	while (i < memory->count) {
		if (!overlaps(&memory->ranges[i], address, size)) {
			i++;
			continue;
		}
		release(&memory->ranges[i]);
		/* capacities are powers of two: a smaller count never has more than there is */
		memory->ranges[i] = memory->ranges[--memory->count];
	}
	return memory->count < before ? 0 : -ENOENT;
}

void guest_memory_unmap_all(struct guest_memory *memory)
{
	for (size_t i = 0; i < memory->count; i++)
		release(&memory->ranges[i]);
	free(memory->ranges);
	memory->ranges = NULL;
	memory->count = 0;
}

static struct guest_range *find(struct guest_memory *memory, uint64_t address)
{
	for (size_t i = 0; i < memory->count; i++) {
		struct guest_range *r = &memory->ranges[i];

		if (address >= r->address && address - r->address < r->size)
			return r;
	}
	return NULL;
}

/* How much lies between ADDRESS and what is mapped behind it. */
static uint64_t unmapped(const struct guest_memory *memory, uint64_t address)
{
	uint64_t left = UINT64_MAX - address;

	for (size_t i = 0; i < memory->count; i++) {
		const struct guest_range *r = &memory->ranges[i];

		if (r->address > address && r->address - address < left)
			left = r->address - address;
	}
	return left;
}

/*
 * How much of SIZE bytes lies in the range of ADDRESS, or in none; *BYTES is NULL where they are to be asked for. -errno as
 * guest_memory_copy().
 */
static int piece(struct guest_memory *memory, uint64_t address, size_t size, bool write, uint8_t **bytes,
		 size_t *length)
{
	struct guest_range *r = find(memory, address);
	uint64_t left;

	if (r && !(r->flags & (write ? WIRE_DMA_WRITEABLE : WIRE_DMA_READABLE)))
		return -EACCES;
	if ((!r || !r->bytes) && !memory->ask)
		return r ? -ENODEV : -EFAULT;
	left = r ? r->size - (address - r->address) : unmapped(memory, address);
	*bytes = r && r->bytes ? r->bytes + (address - r->address) : NULL;
	*length = left < size ? (size_t)left : size;
	return 0;
}

static int copy_piece(uint8_t *there, uint8_t *here, size_t length, bool write)
{
	struct sigbus_guard guard;

	if (sigbus_caught(&guard))
		return -EFAULT;
	if (write)
		dma_copy_to(there, here, length);
	else
		dma_copy_from(here, there, length);
	sigbus_end(&guard);
	return 0;
}

int guest_memory_copy(struct guest_memory *memory, uint64_t address, void *bytes, size_t size, bool write)
{
	uint8_t *here = bytes;
	uint8_t *there = NULL;
	size_t length = 0;
	int rc = 0;

	if (address > UINT64_MAX - size)
		return -EFAULT;
	for (size_t done = 0; rc == 0 && done < size; done += length)
		rc = piece(memory, address + done, size - done, write, &there, &length);
	for (size_t done = 0; rc == 0 && done < size; done += length) {
		rc = piece(memory, address + done, size - done, write, &there, &length);
		if (rc == 0 && there)
			rc = copy_piece(there, here + done, length, write);
		else if (rc == 0)
			rc = memory->ask(memory->ask_data, address + done, here + done, length, write);
	}
	return rc;
}
