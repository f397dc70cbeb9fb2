// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a map's blocks are in this device: what the map leaves to the device's config space. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/access/internal.h"
#include "core/mapfile/set.h"

struct access_place *access_block_place(struct access *a, uint32_t block, struct error *error)
{
	if (!a->places)
		a->places = calloc(a->map->block_count, sizeof(*a->places));
	if (!a->places)
		error_errno(error, -ENOMEM, "%s", a->map->path);
	return a->places ? &a->places[block] : NULL;
}

/* Of a register in BLOCK, which the device's virtio capability places. */
static int place_by_capability(struct access *a, const struct regmap_register *reg,
			       const struct regmap_block *block, unsigned int *bar, uint64_t *offset,
			       struct error *error)
{
	struct access_place *place = access_block_place(a, reg->block, error);
	int rc = place ? 0 : -ENOMEM;

	if (rc == 0 && place->state == PLACE_UNKNOWN)
		rc = virtio_place_read(a->device, block->virtio_type, &place->virtio, error);
	if (rc < 0)
		return rc;
	place->state = PLACE_KNOWN;
	*bar = place->virtio.bar;
	*offset = place->virtio.offset + (reg->address - block->address);
	return 0;
}

int access_place_of(struct access *a, const struct regmap_register *reg, unsigned int *bar, uint64_t *offset,
		    struct error *error)
{
	const struct regmap_block *placed = regmap_placed(a->map, reg);
	int known = regmap_bar(a->map, reg);
	uint64_t at;
	int rc;

	if (placed && a->device)
		return place_by_capability(a, reg, placed, bar, offset, error);
	rc = regmap_offset(a->ctx, a->map, reg, &at, error);
	if (rc < 0)
		return rc;
	*bar = known < 0 ? a->bar : (unsigned int)known;
	*offset = at;
	return 0;
}

int access_check_capability(const struct access *a, const struct target *target, struct error *error)
{
	const struct regmap_register *reg = target->item.reg;
	const struct virtio_place *place = &a->places[reg->block].virtio;
	const char *why;

	switch (region_fit(target->region, target->offset, (uint64_t)reg->words * reg->width / 8,
			   reg->width)) {
	case REGION_MISALIGNED:
		why = "that is not aligned as its registers are";
		break;
	case REGION_BEYOND:
		why = "that is past the BAR's end";
		break;
	default:
		return 0;
	}
	return error_set(error, ERROR_FAILED, "bad-capability",
			 "%s: %s: its virtio capability of type %u says 0x%x in BAR %u, and %s",
			 a->device->name, reg->name, a->map->blocks[reg->block].virtio_type, place->offset,
			 place->bar, why);
}

int access_check_place(struct access *a, const struct regmap_register *reg, struct error *error)
{
	const struct regmap_block *placed = regmap_placed(a->map, reg);
	uint64_t end = (uint64_t)reg->words * reg->width / 8;
	uint32_t length;

	if (!placed || !a->places)
		return 0;
	end += reg->address - placed->address;
	length = a->places[reg->block].virtio.length;
	if (end <= length)
		return 0;
	return error_set(error, ERROR_USAGE, "out-of-range",
			 "%s: it has no %s: its virtio capability of type %u ends at 0x%x", a->device->name,
			 reg->name, placed->virtio_type, length);
}
