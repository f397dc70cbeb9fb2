// SPDX-License-Identifier: GPL-2.0-or-later
/* Loads and stores through a mapping, of which one window at a time is there. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/mmio.h"
#include "core/base/sigbus.h"
#include "core/preflight/preflight.h"
#include "core/region/provider.h"

static void unmap(struct region *region)
{
	if (region->map && region->fd >= 0)
		munmap(region->map, region->map_size);
	region->map = NULL;
}

/* Maps the window in which OFFSET lies. Its start in the file is a multiple of the granule or of a page. */
static int map_window(struct region *region, uint64_t offset)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	uint64_t slack = region->file_base % page;
	uint64_t start = offset & ~((uint64_t)region->granule - 1);
	uint64_t length = region->granule;
	void *map;

	/* the map is the caller's: there is no more of it */
	if (region->fd < 0)
		return -EFAULT;
	/* only a BAR smaller than a page starts within one, and it has one window */
	if (length > region->size - start)
		length = region->size - start;
	unmap(region);
	map = mmap(NULL, length + slack, region->prot, MAP_SHARED, region->fd,
		   (off_t)(region->file_base + start - slack));
	if (map == MAP_FAILED || !map)
		return error_last();
	region->map = map;
	region->map_size = length + slack;
	region->map_offset = start - slack;
	return 0;
}

/* Where OFFSET is mapped; *LEFT bytes from there on are. Wraps below zero are meant: unaligned BARs. */
static int locate(struct region *region, uint64_t offset, uint8_t **address, uint64_t *left)
{
	uint64_t into = offset - region->map_offset;

	if (!region->map || into >= region->map_size) {
		int rc = map_window(region, offset);

		if (rc < 0)
			return rc;
		into = offset - region->map_offset;
	}
	*address = region->map + into;
	*left = region->map_size - into;
	return 0;
}

static int mapped_read(struct region *region, uint64_t offset, unsigned int width, uint64_t *value,
		       struct error *error)
{
	struct sigbus_guard guard;
	uint8_t *address;
	uint64_t left;
	int rc;

	rc = locate(region, offset, &address, &left);
	if (rc < 0)
		return region_failed(region, "reading", offset, rc, error);
	if (sigbus_caught(&guard))
		return region_failed(region, "reading", offset, sigbus_errno(&guard), error);
	*value = mmio_read(address, width);
	sigbus_end(&guard);
	return 0;
}

static int mapped_write(struct region *region, uint64_t offset, unsigned int width, uint64_t value,
			struct error *error)
{
	struct sigbus_guard guard;
	uint8_t *address;
	uint64_t left;
	int rc;

	rc = locate(region, offset, &address, &left);
	if (rc < 0)
		return region_failed(region, "writing", offset, rc, error);
	if (sigbus_caught(&guard))
		return region_failed(region, "writing", offset, sigbus_errno(&guard), error);
	mmio_write(address, width, value);
	sigbus_end(&guard);
	return 0;
}

/*
 * In a function of its own: where a jump may come back, a compiler keeps what lives across it in memory, and loads the pointers
 * anew for every access.
 */
__attribute__((noinline)) static void read_block(const uint8_t *address, unsigned int width, void *data,
						 size_t length)
{
	mmio_read_block(address, width, data, length);
}

__attribute__((noinline)) static void write_block(uint8_t *address, unsigned int width, const void *data,
						  size_t length)
{
	mmio_write_block(address, width, data, length);
}

/*
 * Apart from the loop: what lives across the jump must not change after it. *DONE: where it faulted, as bytes from the
 * start.
 */
static int guarded_read_block(const uint8_t *address, unsigned int width, void *data, size_t length,
			      size_t *done)
{
	struct sigbus_guard guard;

	if (sigbus_caught(&guard)) {
		*done = sigbus_distance(&guard, address, length);
		return sigbus_errno(&guard);
	}
	read_block(address, width, data, length);
	sigbus_end(&guard);
	return 0;
}

static int guarded_write_block(uint8_t *address, unsigned int width, const void *data, size_t length,
			       size_t *done)
{
	struct sigbus_guard guard;

	if (sigbus_caught(&guard)) {
		*done = sigbus_distance(&guard, address, length);
		return sigbus_errno(&guard);
	}
	write_block(address, width, data, length);
	sigbus_end(&guard);
	return 0;
}

/* The part of a block that lies in one window: its address, and *PART of the LEFT bytes. */
static int locate_part(struct region *region, uint64_t offset, size_t left, uint8_t **address, size_t *part)
{
	uint64_t mapped = 0;
	int rc = locate(region, offset, address, &mapped);

	*part = mapped < left ? (size_t)mapped : left;
	return rc;
}

static int mapped_read_block(struct region *region, uint64_t offset, unsigned int width, void *data,
			     size_t length, struct error *error)
{
	for (size_t done = 0, part; done < length; done += part) {
		uint8_t *address = NULL;
		size_t at = 0;
		int rc = locate_part(region, offset + done, length - done, &address, &part);

		if (rc == 0)
			rc = guarded_read_block(address, width, (uint8_t *)data + done, part, &at);
		if (rc < 0)
			return region_failed(region, "reading", offset + done + at, rc, error);
	}
	return 0;
}

static int mapped_write_block(struct region *region, uint64_t offset, unsigned int width, const void *data,
			      size_t length, struct error *error)
{
	for (size_t done = 0, part; done < length; done += part) {
		uint8_t *address = NULL;
		size_t at = 0;
		int rc = locate_part(region, offset + done, length - done, &address, &part);

		if (rc == 0)
			rc = guarded_write_block(address, width, (const uint8_t *)data + done, part, &at);
		if (rc < 0)
			return region_failed(region, "writing", offset + done + at, rc, error);
	}
	return 0;
}

static void mapped_close(struct region *region)
{
	unmap(region);
	if (region->fd >= 0)
		close(region->fd);
}

const struct region_ops region_mapped_ops = {
	.read = mapped_read,
	.write = mapped_write,
	.read_block = mapped_read_block,
	.write_block = mapped_write_block,
	.close = mapped_close,
};

int region_map(struct region *region)
{
	return map_window(region, 0);
}

int region_map_bar(struct region *region, const char *node, struct error *error)
{
	unsigned int tries = 0;
	int rc;

	do {
		rc = region_map(region);
	} while (region_claim_raced(rc, &tries));
	return rc < 0 ? preflight_explain(region->device, node, "mapping", rc, error) : 0;
}

int region_from_map(const struct context *ctx, const char *name, void *map, size_t size,
		    struct region **region, struct error *error)
{
	struct region template = {
		.ops = &region_mapped_ops,
		.size = size,
		.max_width = 64,
		.map = map,
		.map_size = size,
		.fd = -1,
		.trace = ctx->trace,
	};
	int rc;

	rc = sigbus_init();
	if (rc < 0)
		return error_errno(error, rc, "%s", name);
	snprintf(template.name, sizeof(template.name), "%s", name);
	snprintf(template.prefix, sizeof(template.prefix), "%s+", name);
	return region_new(&template, region, error);
}
