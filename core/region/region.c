// SPDX-License-Identifier: GPL-2.0-or-later
/* What all regions have in common: checks, accesses, what their failures mean. Knows no back end. */
#include "core/region/region.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/mmio.h"
#include "core/base/number.h"
#include "core/pci/power.h"
#include "core/preflight/preflight.h"
#include "core/region/provider.h"
#include "core/trace/trace.h"

/* Together 200 ms: who won needs microseconds, but may have to wait for a CPU. */
#define CLAIM_TRIES 20

bool region_claim_raced(int rc, unsigned int *tries)
{
	if (rc != -EBUSY || *tries >= CLAIM_TRIES)
		return false;
	++*tries;
	device_wait_pause();
	return true;
}

static int no_width(const struct region *region, unsigned int width, struct error *error)
{
	const char *device = region->device ? region->device->name : NULL;
	int rc;

	if (width <= region->max_width)
		return mmio_no_width(device, region->name, width, error);
	rc = error_set(error, ERROR_UNSUPPORTED, "width",
		       "%s%s%s: there are no accesses of %u bits here, only up to %u", device ? device : "",
		       device ? ": " : "", region->name, width, region->max_width);
	error_hint(error, "choose the width with -w or /WIDTH");
	return rc;
}

int region_check_range(const struct region *region, uint64_t offset, uint64_t length, unsigned int width,
		       struct error *error)
{
	const char *device = region->device ? region->device->name : "";
	const char *colon = region->device ? ": " : "";
	unsigned int narrower = offset % 2 ? 8 : offset % 4 ? 16 : 32;
	int rc;

	switch (region_fit(region, offset, length, width)) {
	case REGION_FITS:
		return 0;
	case REGION_NO_WIDTH:
		return no_width(region, width, error);
	case REGION_MISALIGNED:
		rc = error_set(error, ERROR_USAGE, "misaligned",
			       "%s%s%s: offset 0x%llx is not aligned to %u bits", device, colon, region->name,
			       (unsigned long long)offset, width);
		error_hint(error, "a narrower access: -w %u or /%u", narrower, narrower);
		return rc;
	case REGION_NO_MULTIPLE:
		rc = error_set(error, ERROR_USAGE, "misaligned",
			       "%s%s%s: 0x%llx bytes are no whole number of %u-bit accesses", device, colon,
			       region->name, (unsigned long long)length, width);
		error_hint(error, "choose the width with -w or /WIDTH");
		return rc;
	default:
		return error_set(error, ERROR_USAGE, "out-of-range",
				 "%s%s%s: 0x%llx+0x%llx is past its end, it has 0x%llx bytes", device, colon,
				 region->name, (unsigned long long)offset, (unsigned long long)length,
				 (unsigned long long)region->size);
	}
}

/* Linux drivers/char/mem.c: devmem_is_allowed() and iomem_is_exclusive(); valid_mmap_phys_addr_range() */
static void hint_memory(int rc, struct error *error)
{
	if (rc == -EPERM && geteuid() == 0)
		error_hint(
			error,
			"the kernel keeps RAM, and what a driver has claimed, from /dev/mem (CONFIG_STRICT_DEVMEM, "
			"IO_STRICT_DEVMEM); /proc/iomem says what is there; iomem=relaxed at boot lifts the second");
	else if (rc == -EINVAL)
		error_hint(error, "no address of this processor's: 'address sizes' in /proc/cpuinfo");
}

int region_failed(struct region *region, const char *what, uint64_t offset, int rc, struct error *error)
{
	struct device *dev = region->device;

	if (dev && !device_is_present(dev))
		return device_gone(dev, error);
	if (dev && (rc == -EPERM || rc == -EACCES))
		return preflight_explain(dev, region->name, what, rc, error);
	if (rc == -EFAULT) {
		error_set(error, ERROR_GONE, "bus-error",
			  "%s%s%s: %s 0x%llx: bus error, nothing is mapped there any more",
			  dev ? dev->name : "", dev ? ": " : "", region->name, what,
			  (unsigned long long)offset);
		if (dev)
			error_hint(error,
				   "a driver that was bound meanwhile takes the BAR away: see "
				   "'pcietool -s %s driver status'",
				   dev->name);
		return rc;
	}
	if (rc == -EREMOTEIO) {
		error_set(error, ERROR_GONE, "rejected",
			  "%s%s%s: %s 0x%llx: bus error, the device or the root complex rejected the access",
			  dev ? dev->name : "", dev ? ": " : "", region->name, what,
			  (unsigned long long)offset);
		error_hint(error,
			   "it may take another width there (-w or /WIDTH); where machines raise no error "
			   "for that, a read gives all ones");
		return rc;
	}
	error_errno(error, rc, "%s%s%s: %s 0x%llx", dev ? dev->name : "", dev ? ": " : "", region->name, what,
		    (unsigned long long)offset);
	if (!dev)
		hint_memory(rc, error);
	return rc;
}

/* --- accesses, which all pass here ---------------------------------------------------------------------- */

/* What was done, with what it gave or how it failed. */
static void record(const struct region *region, enum trace_op op, uint64_t offset, unsigned int width,
		   uint64_t value, int rc, const struct error *error)
{
	const struct trace_access access = {
		.op = op,
		.device = region->device ? region->device->name : NULL,
		.place = region->prefix[0] ? region->prefix
			 : region->device  ? "0:"
					   : "mem:",
		.has_offset = true,
		.offset = offset,
		.width = width,
		.has_value = rc == 0 || op == TRACE_WRITE,
		.value = value,
		.error = rc < 0 ? error->code : NULL,
	};

	trace_record(region->trace, &access);
}

static inline int load(struct region *region, uint64_t offset, unsigned int width, uint64_t *value,
		       struct error *error)
{
	int rc = region->ops->read(region, offset, width, value, error);

	if (region->trace)
		record(region, TRACE_READ, offset, width, rc < 0 ? 0 : *value, rc, error);
	return rc;
}

static int store(struct region *region, uint64_t offset, unsigned int width, uint64_t value,
		 struct error *error)
{
	int rc = region->ops->write(region, offset, width, value, error);

	if (region->trace)
		record(region, TRACE_WRITE, offset, width, value, rc, error);
	return rc;
}

int region_read(struct region *region, uint64_t offset, unsigned int width, uint64_t *value,
		struct error *error)
{
	uint64_t v;
	int rc;

	rc = load(region, offset, width, &v, error);
	if (rc < 0)
		return rc;
	/* what a completion that never came looks like; PCIe 5.0 section 2.3.2, implementation note */
	if (v == width_max(width) && region->device && !device_is_present(region->device))
		return device_gone(region->device, error);
	*value = v;
	return 0;
}

int region_write(struct region *region, uint64_t offset, unsigned int width, uint64_t value,
		 struct error *error)
{
	return store(region, offset, width, value, error);
}

static int read_block_singly(struct region *region, uint64_t offset, unsigned int width, uint8_t *data,
			     size_t length, struct error *error)
{
	for (size_t i = 0; i < length; i += width / 8) {
		uint64_t v;
		int rc = load(region, offset + i, width, &v, error);

		if (rc < 0)
			return rc;
		for (unsigned int b = 0; b < width / 8; b++)
			data[i + b] = (uint8_t)(v >> (8 * b));
	}
	return 0;
}

static bool all_bytes_are(const uint8_t *data, size_t length, uint8_t byte)
{
	for (size_t i = 0; i < length; i++) {
		if (data[i] != byte)
			return false;
	}
	return length > 0;
}

int region_read_block(struct region *region, uint64_t offset, unsigned int width, void *data, size_t length,
		      struct error *error)
{
	const uint8_t *bytes = data;
	int rc;

	/* the same accesses, each with its own time */
	if (region->trace) {
		trace_block(region->trace);
		rc = read_block_singly(region, offset, width, data, length, error);
		trace_block_end(region->trace);
	} else if (region->ops->read_block)
		rc = region->ops->read_block(region, offset, width, data, length, error);
	else
		rc = read_block_singly(region, offset, width, data, length, error);
	if (rc < 0)
		return rc;
	/* a mapping of a removed device gives ones on hardware, zeroes in QEMU */
	if (region->device && (all_bytes_are(bytes, length, 0xff) || all_bytes_are(bytes, length, 0)) &&
	    !device_is_present(region->device))
		return device_gone(region->device, error);
	return 0;
}

static int write_block_singly(struct region *region, uint64_t offset, unsigned int width, const uint8_t *data,
			      size_t length, struct error *error)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < length; i += width / 8) {
		uint64_t v = 0;

		for (unsigned int b = width / 8; b-- > 0;)
			v = v << 8 | data[i + b];
		rc = store(region, offset + i, width, v, error);
	}
	return rc;
}

int region_write_block(struct region *region, uint64_t offset, unsigned int width, const void *data,
		       size_t length, struct error *error)
{
	if (region->trace) {
		int rc;

		trace_block(region->trace);
		rc = write_block_singly(region, offset, width, data, length, error);
		trace_block_end(region->trace);
		return rc;
	}
	if (region->ops->write_block)
		return region->ops->write_block(region, offset, width, data, length, error);
	return write_block_singly(region, offset, width, data, length, error);
}

void region_close(struct region *region)
{
	if (!region || region->is_kept)
		return;
	region->ops->close(region);
	free(region);
}

int region_new(const struct region *template, struct region **region, struct error *error)
{
	struct region *r = malloc(sizeof(*r));

	if (!r)
		return error_errno(error, -ENOMEM, "%s", template->name);
	*r = *template;
	if (r->device)
		r->trace = r->device->ctx->trace;
	*region = r;
	return 0;
}
