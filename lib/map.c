// SPDX-License-Identifier: GPL-2.0-or-later
/* What a register map says. */
#include "core/regmap/regmap.h"

#include "lib/internal.h"

/* A map is the context's: what is given out is it, under the name that programs have for it. */
static const struct regmap *regmap_of(const struct pcietool_map *map)
{
	return (const struct regmap *)map;
}

static const struct regmap_register *register_at(const struct pcietool_map *map, size_t reg)
{
	return &regmap_of(map)->registers[reg];
}

static const struct regmap_field *field_at(const struct pcietool_map *map, size_t reg, size_t field)
{
	return regmap_field_at(regmap_of(map), register_at(map, reg), (uint32_t)field);
}

int pcietool_device_map(struct pcietool_device *d, const struct pcietool_map **map,
			struct pcietool_error *error)
{
	struct regmap *regmap = NULL;
	struct access access;
	int rc;

	access_init(&access, d->device->ctx, d->device, SPACE_BAR);
	rc = access_map(&access, &regmap, RECORD(error));
	access_close(&access);
	if (rc == 0)
		*map = (const struct pcietool_map *)regmap;
	return rc;
}

const char *pcietool_map_path(const struct pcietool_map *map)
{
	return map ? regmap_of(map)->path : "";
}

size_t pcietool_map_registers(const struct pcietool_map *map)
{
	return map ? regmap_of(map)->register_count : 0;
}

const char *pcietool_map_register_name(const struct pcietool_map *map, size_t reg)
{
	return register_at(map, reg)->name;
}

const char *pcietool_map_register_description(const struct pcietool_map *map, size_t reg)
{
	const char *text = register_at(map, reg)->description;

	return text ? text : "";
}

unsigned int pcietool_map_register_bits(const struct pcietool_map *map, size_t reg)
{
	return register_at(map, reg)->bits;
}

bool pcietool_map_register_is_readable(const struct pcietool_map *map, size_t reg)
{
	return !regmap_is_write_only(&register_at(map, reg)->behaviour);
}

bool pcietool_map_register_is_writable(const struct pcietool_map *map, size_t reg)
{
	return register_at(map, reg)->behaviour.access != REGMAP_READ_ONLY;
}

const char *pcietool_map_register_unsafe(const struct pcietool_map *map, size_t reg)
{
	return regmap_unsafe_to_read(regmap_of(map), register_at(map, reg));
}

size_t pcietool_map_fields(const struct pcietool_map *map, size_t reg)
{
	return register_at(map, reg)->field_count;
}

const char *pcietool_map_field_name(const struct pcietool_map *map, size_t reg, size_t field)
{
	return field_at(map, reg, field)->name;
}

unsigned int pcietool_map_field_lsb(const struct pcietool_map *map, size_t reg, size_t field)
{
	return field_at(map, reg, field)->lsb;
}

unsigned int pcietool_map_field_bits(const struct pcietool_map *map, size_t reg, size_t field)
{
	return field_at(map, reg, field)->bits;
}

bool pcietool_map_field_is_readable(const struct pcietool_map *map, size_t reg, size_t field)
{
	return !regmap_is_write_only(&field_at(map, reg, field)->behaviour);
}

const char *pcietool_map_field_value_name(const struct pcietool_map *map, size_t reg, size_t field,
					  uint64_t value)
{
	return regmap_enum_name(regmap_of(map), field_at(map, reg, field), value);
}
