// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/convert/gaps.h"

#include <stdio.h>

#include "core/base/number.h"

static uint64_t in_fields(const struct regmap *map, const struct regmap_register *reg)
{
	uint64_t bits = 0;

	for (uint32_t i = 0; i < reg->field_count; i++)
		bits |= regmap_field_mask(regmap_field_at(map, reg, i));
	return bits;
}

bool gap_next(const struct regmap *map, const struct regmap_register *reg, unsigned int from,
	      struct regmap_field *gap, char name[GAP_NAME_SIZE])
{
	uint64_t taken = in_fields(map, reg);
	unsigned int end;

	if (reg->bits > 64)
		return false;
	while (from < reg->bits && taken >> from & 1)
		from++;
	if (from >= reg->bits)
		return false;
	for (end = from; end < reg->bits && !(taken >> end & 1);)
		end++;
	snprintf(name, GAP_NAME_SIZE, "BITS_%u_%u", end - 1, from);
	*gap = (struct regmap_field){
		.name = name, .lsb = from, .bits = end - from, .behaviour = reg->behaviour
	};
	/* said of the whole value */
	gap->behaviour.constraint = CONSTRAINT_NONE;
	if (reg->lacks_fields)
		gap->behaviour.access = REGMAP_UNKNOWN;
	return true;
}

bool gap_hides_access(const struct regmap *map, const struct regmap_register *reg)
{
	for (uint32_t i = 0; i < reg->field_count; i++) {
		if (regmap_field_at(map, reg, i)->behaviour.access == REGMAP_UNKNOWN)
			return true;
	}
	return reg->lacks_fields && reg->bits <= 64 && (width_max(reg->bits) & ~in_fields(map, reg));
}

bool gap_needs_access(const struct regmap *map, const struct regmap_register *reg)
{
	enum regmap_access access = reg->behaviour.access;
	/* others are written as they are read, as those of unknown access are that are no field's */
	bool matters = access == REGMAP_WRITE_ONLY || access == REGMAP_WRITE_ONCE ||
		       access == REGMAP_READ_WRITE_ONCE;

	return reg->lacks_fields || (matters && gap_hides_access(map, reg));
}

bool gap_needs_field(const struct regmap *map, const struct regmap_register *reg,
		     const struct regmap_field *gap)
{
	enum regmap_access access = reg->behaviour.access;
	uint64_t known = reg->has_reset ? reg->reset_mask & regmap_field_mask(gap) : 0;
	/* such bits are written with what they are after a reset; others as they are read */
	bool writes_reset = access == REGMAP_WRITE_ONLY || access == REGMAP_WRITE_ONCE;

	return gap->behaviour.on_read || gap->behaviour.on_write || gap_needs_access(map, reg) ||
	       (known & reg->reset_value) || (known && writes_reset);
}
