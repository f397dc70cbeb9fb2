/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers of a vendor's capability, from a register map in the map folders: vsec-VVVV-IIII.map for the Vendor-Specific
 * Extended Capability IIII of vendor VVVV's devices (PCIe 6.0 section 7.9.5: the number is the vendor's of the
 * device), dvsec-VVVV-IIII.map for a Designated one (section 7.9.6, which names its vendor). Offset 0 is the capability's
 * header.
 */
#ifndef PCIETOOL_CONFIG_VENDOR_MAP_H
#define PCIETOOL_CONFIG_VENDOR_MAP_H

#include "core/base/name_table.h"
#include "core/config/map.h"

/* The row of each of them: of no table, so nothing of it is restored, or a twin's to write. */
extern const struct config_register config_vendor_row;

/*
 * *FOUND is the map for BLOCK, the context's, or NULL: there is none, or it cannot be read or is not of config
 * space, which is a warning. *LENGTH is
 * what the capability says of its own, in bytes.
 */
void config_vendor_map_find(struct device *device, const struct config_map_block *block,
			    struct regmap **found, unsigned int *length);

/* Can config space give it: in one access, of up to 32 bits, within LENGTH bytes? */
bool config_vendor_map_fits(const struct regmap_register *reg, unsigned int length);

/* What is being added, and where to. */
struct config_vendor_map {
	const struct context *ctx;
	struct regmap *map;
	const struct regmap *vendor;
	const char *block; /* the capability's name */
	unsigned int base; /* its offset */
	struct name_table names; /* of the registers that MAP has in that block */
};

/* V's other members are filled; those registers of MAP from FIRST on are the block's. Ends with _end(). 0 or -ENOMEM. */
int config_vendor_map_begin(struct config_vendor_map *v, size_t first);
/*
 * Adds REG of the vendor's map as BLOCK.NAME, in capitals, BASE bytes further on. What it points to stays the vendor's
 * map's, which must outlive MAP. One whose name is there already, the table's or another's of the vendor, is left out
 * with a warning, as is one with too long a name, and a field whose name another has. 0 or -ENOMEM.
 */
int config_vendor_map_add(struct config_vendor_map *v, const struct regmap_register *reg);
void config_vendor_map_end(struct config_vendor_map *v);

#endif
