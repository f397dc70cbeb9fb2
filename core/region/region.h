/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Something with registers in it: a BAR, config space, physical memory, a DMA buffer. Every access is
 * one load or store of exactly the width asked for, once; nothing is read that was not asked for.
 */
#ifndef PCIETOOL_REGION_H
#define PCIETOOL_REGION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/base/mmio.h"
#include "core/pci/device.h"

struct region;
struct trace;

/* One backend's way to reach it. All return 0, or -errno with the record filled. */
struct region_ops {
	int (*read)(struct region *region, uint64_t offset, unsigned int width, uint64_t *value,
		    struct error *error);
	int (*write)(struct region *region, uint64_t offset, unsigned int width, uint64_t value,
		     struct error *error);
	/* Optional: LENGTH bytes (a multiple of the width) as loads of WIDTH in rising order. */
	int (*read_block)(struct region *region, uint64_t offset, unsigned int width, void *data,
			  size_t length, struct error *error);
	/* Optional: the same as stores. */
	int (*write_block)(struct region *region, uint64_t offset, unsigned int width, const void *data,
			   size_t length, struct error *error);
	void (*close)(struct region *region);
};

struct region {
	const struct region_ops *ops;
	struct device *device; /* asked whether it is still there; NULL where none is behind it; not owned */
	char name[48]; /* for messages: "BAR 0", "@rx", "config space" */
	char prefix[48]; /* of its operands: "", "2:", "@rx+" */
	uint64_t size; /* bytes; offsets are 0..size-1 */
	unsigned int max_width; /* bits of the widest access */
	int fd; /* what is mapped, or read and written; -1: the map is the caller's */
	struct trace *trace; /* that its accesses go to; NULL: none */

	/* in a pool, see core/backend/pool.h */
	bool is_kept;
	struct region *next;
	unsigned int bar;
	enum backend_id via;
	bool is_wc;
	bool is_writable;

	/* mapped regions: the window that is mapped now */
	uint8_t *map;
	size_t map_size;
	uint64_t map_offset; /* of the map's first byte in the region */
	uint64_t file_base; /* of the region's first byte in the file */
	size_t granule; /* windows are multiples of this, a power of two of at least a page */
	int prot;
};

/* What of accesses to a range is wrong, the first that there is. */
enum region_fit {
	REGION_FITS,
	REGION_NO_WIDTH, /* the path, or this machine, has no accesses of that width */
	REGION_MISALIGNED,
	REGION_NO_MULTIPLE, /* the length is no multiple of the width */
	REGION_BEYOND, /* it is past the end */
};
static inline enum region_fit region_fit(const struct region *region, uint64_t offset, uint64_t length,
					 unsigned int width)
{
	/* widths are powers of two: a division would cost more than the access */
	uint64_t below = width / 8 - 1;

	if (width > region->max_width || width > mmio_max_width())
		return REGION_NO_WIDTH;
	if (offset & below)
		return REGION_MISALIGNED;
	if (length & below)
		return REGION_NO_MULTIPLE;
	return offset > region->size || length > region->size - offset ? REGION_BEYOND : REGION_FITS;
}

/*
 * Checks accesses to LENGTH bytes, a multiple of the width, before anything is touched: the range and the alignment
 * are usage errors, a width that the path cannot do is unsupported.
 */
int region_check_range(const struct region *region, uint64_t offset, uint64_t length, unsigned int width,
		       struct error *error);

/*
 * One access; the caller has checked it. A read that gives all ones (and a fault) asks config space
 * whether the device is still there: exit 5 when it is not.
 */
int region_read(struct region *region, uint64_t offset, unsigned int width, uint64_t *value,
		struct error *error);
int region_write(struct region *region, uint64_t offset, unsigned int width, uint64_t value,
		 struct error *error);
/* As single reads in rising order, stored in host byte order (little-endian hosts only). */
int region_read_block(struct region *region, uint64_t offset, unsigned int width, void *data, size_t length,
		      struct error *error);
/* As single writes in rising order, from host byte order. */
int region_write_block(struct region *region, uint64_t offset, unsigned int width, const void *data,
		       size_t length, struct error *error);

void region_close(struct region *region); /* accepts NULL */

/* --- the kinds of region; *REGION is the caller's to close --------------------------------------- */

/* BAR of DEVICE over the context's backend, after the preflight. WRITE says that it will be written. */
int region_open_bar(struct device *device, unsigned int bar, bool write, struct region **region,
		    struct error *error);
int region_open_config(struct device *device, struct region **region, struct error *error);
/* All of /dev/mem; pages are mapped as they are used. */
int region_open_memory(const struct context *ctx, bool write, struct region **region, struct error *error);
/* Memory that is mapped already and stays the caller's (a DMA buffer); NAME is copied. */
int region_from_map(const struct context *ctx, const char *name, void *map, size_t size,
		    struct region **region, struct error *error);

#endif
