// SPDX-License-Identifier: GPL-2.0-or-later
/* I/O ports, and what VFIO cannot map: a pread or pwrite of 1, 2 or 4 bytes at an offset becomes one access. */
#include <errno.h>
#include <unistd.h>

#include "core/region/provider.h"

/* The kernel takes and gives the value in host order. */
union port_data {
	uint8_t v8;
	uint16_t v16;
	uint32_t v32;
};

static int port_read(struct region *region, uint64_t offset, unsigned int width, uint64_t *value,
		     struct error *error)
{
	union port_data data = { .v32 = 0 };
	unsigned int tries = 0;
	ssize_t n;

	do {
		n = pread(region->fd, &data, width / 8, (off_t)(region->file_base + offset));
	} while (n < 0 && region_claim_raced(-errno, &tries));
	if (n < 0 || (size_t)n != width / 8)
		return region_failed(region, "reading", offset, n < 0 ? -errno : -EIO, error);
	*value = width == 8 ? data.v8 : width == 16 ? data.v16 : data.v32;
	return 0;
}

static int port_write(struct region *region, uint64_t offset, unsigned int width, uint64_t value,
		      struct error *error)
{
	union port_data data = { .v32 = 0 };
	unsigned int tries = 0;
	ssize_t n;

	if (width == 8)
		data.v8 = (uint8_t)value;
	else if (width == 16)
		data.v16 = (uint16_t)value;
	else
		data.v32 = (uint32_t)value;
	do {
		n = pwrite(region->fd, &data, width / 8, (off_t)(region->file_base + offset));
	} while (n < 0 && region_claim_raced(-errno, &tries));
	if (n < 0 || (size_t)n != width / 8)
		return region_failed(region, "writing", offset, n < 0 ? -errno : -EIO, error);
	return 0;
}

static void port_close(struct region *region)
{
	close(region->fd);
}

const struct region_ops region_port_ops = {
	.read = port_read,
	.write = port_write,
	.close = port_close,
};
