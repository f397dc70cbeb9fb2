// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/config/vendor_map.h"

#include <ctype.h>
#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>

#include "core/regmap/build.h"
#include "core/regmap/set.h"

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
	if (!is_designated && device_config_read(device, PCI_VENDOR_ID, 16, &vendor, &ignored) < 0)
		return false;
	snprintf(name, size, "%s-%04x-%04x", is_designated ? "dvsec" : "vsec", vendor, id);
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
}

bool config_vendor_map_fits(const struct regmap_register *reg, unsigned int length)
{
	return reg->words == 1 && reg->width <= 32 && reg->address % (reg->width / 8) == 0 &&
	       reg->address < length && length - reg->address >= reg->width / 8;
}

static const char *capitals(struct regmap *map, const char *block, const char *name)
{
	char text[REGMAP_NAME_SIZE];
	size_t n = (size_t)snprintf(text, sizeof(text), "%s%s%s", block, *block ? "." : "", name);

	n = n < sizeof(text) ? n : sizeof(text) - 1;
	for (size_t i = 0; i < n; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	return regmap_string(map, text, n);
}

static int add_field(struct regmap *map, const struct regmap *vendor, const struct regmap_field *field)
{
	struct regmap_field *added = regmap_add_field(map);
	uint32_t first = (uint32_t)map->enum_count;

	if (!added)
		return -ENOMEM;
	*added = *field;
	added->name = capitals(map, "", field->name);
	if (!added->name)
		return -ENOMEM;
	added->first_enum = first;
	for (uint32_t i = 0; i < field->enum_count; i++) {
		struct regmap_enum *e = regmap_add_enum(map);

		if (!e)
			return -ENOMEM;
		*e = vendor->enums[field->first_enum + i];
	}
	return 0;
}

int config_vendor_map_add(struct regmap *map, const struct regmap *vendor, const struct regmap_register *reg,
			  const char *block, unsigned int base)
{
	struct regmap_register *added = regmap_add_register(map);
	uint32_t first = (uint32_t)map->field_count;

	if (!added)
		return -ENOMEM;
	*added = *reg;
	/* a block of the map is a matter of its file */
	added->block = REGMAP_NO_BLOCK;
	added->address = base + reg->address;
	added->name = added->short_name = capitals(map, block, reg->short_name);
	if (!added->name)
		return -ENOMEM;
	added->first_field = first;
	for (uint32_t i = 0; i < reg->field_count; i++) {
		if (add_field(map, vendor, regmap_field_at(vendor, reg, i)) < 0)
			return -ENOMEM;
	}
	return 0;
}
