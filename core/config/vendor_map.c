// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/config/vendor_map.h"

#include <ctype.h>
#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>

#include "core/mapfile/set.h"
#include "core/regmap/build.h"

const struct config_register config_vendor_row = { .name = "", .access = RO, .by_kernel = true };

/* Whose BLOCK is, and which one: "vsec-1ded-0002". Nothing where that cannot be read. */
static bool name_of(struct device *device, const struct config_map_block *block, char *name, size_t size,
		    unsigned int *length)
{
	bool is_designated = block->id == PCI_EXT_CAP_ID_DVSEC;
	struct error ignored;
	uint32_t header;
	uint32_t vendor;
	uint32_t id;

	if (device_config_read(device, block->offset + PCI_VNDR_HEADER, 32, &header, &ignored) < 0)
		return false;
	*length = PCI_VNDR_HEADER_LEN(header);
	if (*length > PCI_CFG_SPACE_EXP_SIZE - block->offset)
		*length = PCI_CFG_SPACE_EXP_SIZE - block->offset;
	vendor = id = header & 0xffff;
	if (is_designated &&
	    device_config_read(device, block->offset + PCI_DVSEC_HEADER2, 16, &id, &ignored) < 0)
		return false;
	if (!is_designated && device_vendor(device, &vendor, &ignored) < 0)
		return false;
	snprintf(name, size, "%s-%04x-%04x", is_designated ? "dvsec" : "vsec", vendor, id);
	return true;
}

/* Where a block's map says that it is elsewhere, or not always there, that means nothing in config space. */
static bool is_of_config_space(const struct device *device, const struct regmap *map)
{
	for (size_t i = 0; i < map->block_count; i++) {
		const struct regmap_block *block = &map->blocks[i];
		const char *what = block->condition.count ? "a condition (if)"
				   : block->bar >= 0	  ? "a BAR"
				   : block->virtio_type	  ? "a place (at=)"
							  : NULL;

		if (!what)
			continue;
		context_log(device->ctx, LOG_WARN,
			    "%s: %s: the block %s has %s, and config space has none: the map is not used",
			    device->name, map->path, block->name, what);
		return false;
	}
	return true;
}

void config_vendor_map_find(struct device *device, const struct config_map_block *block,
			    struct regmap **found, unsigned int *length)
{
	struct error error;
	char name[24];

	*found = NULL;
	if (!block->is_extended || (block->id != PCI_EXT_CAP_ID_VNDR && block->id != PCI_EXT_CAP_ID_DVSEC) ||
	    !name_of(device, block, name, sizeof(name), length))
		return;
	if (regmap_set_get_named(device->ctx, name, found, &error) < 0)
		context_log(device->ctx, LOG_WARN, "%s: %s", device->name, error.message);
	if (*found && !is_of_config_space(device, *found))
		*found = NULL;
}

bool config_vendor_map_fits(const struct regmap_register *reg, unsigned int length)
{
	return reg->words == 1 && reg->width <= 32 && reg->address % (reg->width / 8) == 0 &&
	       reg->address < length && length - reg->address >= reg->width / 8;
}

/* BLOCK.NAME in capitals, as names in config space are; false: it is longer than names are. */
static bool capitals(const char *block, const char *name, char text[REGMAP_NAME_SIZE])
{
	int n = snprintf(text, REGMAP_NAME_SIZE, "%s%s%s", block, *block ? "." : "", name);

	for (size_t i = 0; text[i]; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	return n < REGMAP_NAME_SIZE;
}

static bool has_field(const struct regmap *map, const struct regmap_register *reg, const char *name)
{
	for (uint32_t i = 0; i < reg->field_count; i++) {
		if (strcmp(regmap_field_at(map, reg, i)->name, name) == 0)
			return true;
	}
	return false;
}

/* To REG, the last one of MAP. */
static int add_field(struct config_vendor_map *v, struct regmap_register *reg,
		     const struct regmap_field *field)
{
	char name[REGMAP_NAME_SIZE];
	uint32_t first = (uint32_t)v->map->enum_count;
	struct regmap_field *added;

	capitals("", field->name, name);
	if (has_field(v->map, reg, name)) {
		context_log(v->ctx, LOG_WARN, "%s: the field %s of %s is left out: there is a %s already",
			    v->vendor->path, field->name, reg->name, name);
		reg->lacks_fields = true;
		return 0;
	}
	added = regmap_add_field(v->map);
	if (!added)
		return -ENOMEM;
	*added = *field;
	added->name = regmap_string(v->map, name, strlen(name));
	if (!added->name)
		return -ENOMEM;
	added->first_enum = first;
	for (uint32_t i = 0; i < field->enum_count; i++) {
		struct regmap_enum *e = regmap_add_enum(v->map);

		if (!e)
			return -ENOMEM;
		*e = v->vendor->enums[field->first_enum + i];
	}
	reg->field_count++;
	return 0;
}

static int add_register(struct config_vendor_map *v, const struct regmap_register *reg, const char *name)
{
	struct regmap_register *added = regmap_add_register(v->map);
	int rc = 0;

	if (!added)
		return -ENOMEM;
	*added = *reg;
	/* a block of the map is a matter of its file */
	added->block = REGMAP_NO_BLOCK;
	added->address = v->base + reg->address;
	added->name = added->short_name = name;
	added->first_field = (uint32_t)v->map->field_count;
	added->field_count = 0;
	for (uint32_t i = 0; rc == 0 && i < reg->field_count; i++)
		rc = add_field(v, added, regmap_field_at(v->vendor, reg, i));
	return rc;
}

int config_vendor_map_begin(struct config_vendor_map *v, size_t first)
{
	int rc = 0;

	v->names = (struct name_table){ 0 };
	for (size_t i = first; rc != -ENOMEM && i < v->map->register_count; i++)
		rc = name_table_add(&v->names, v->map->registers[i].name, 0);
	return rc == -ENOMEM ? rc : 0;
}

int config_vendor_map_add(struct config_vendor_map *v, const struct regmap_register *reg)
{
	char text[REGMAP_NAME_SIZE];
	const char *name;
	int rc;

	if (!capitals(v->block, reg->short_name, text)) {
		context_log(v->ctx, LOG_WARN, "%s: the register %s is left out: %s.%s is too long a name",
			    v->vendor->path, reg->name, v->block, reg->short_name);
		return 0;
	}
	name = regmap_string(v->map, text, strlen(text));
	rc = name ? name_table_add(&v->names, name, 0) : -ENOMEM;
	if (rc == -EEXIST) {
		context_log(v->ctx, LOG_WARN, "%s: the register %s is left out: there is a %s already",
			    v->vendor->path, reg->name, text);
		return 0;
	}
	return rc == 0 ? add_register(v, reg, name) : rc;
}

void config_vendor_map_end(struct config_vendor_map *v)
{
	name_table_free(&v->names);
}
