/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers of a vendor's capability, from a register map in the map folders: vsec-VVVV-IIII.map for the Vendor-Specific
 * Extended Capability IIII of vendor VVVV's devices (PCIe 6.0 section 7.9.5: the number is the vendor's of the
 * device), dvsec-VVVV-IIII.map for a Designated one (section 7.9.6, which names its vendor). Offset 0 is the capability's
 * header.
 */
#ifndef PCIETOOL_CONFIG_VENDOR_MAP_H
#define PCIETOOL_CONFIG_VENDOR_MAP_H

#include "core/config/map.h"

/* The row of each of them: of no table, so nothing of it is restored, or a twin's to write. */
extern const struct config_register config_vendor_row;

/*
 * *FOUND is the map for BLOCK, the context's, or NULL: there is none, or it cannot be read, which is a warning. *LENGTH is
 * what the capability says of its own, in bytes.
 */
void config_vendor_map_find(struct device *device, const struct config_map_block *block,
			    struct regmap **found, unsigned int *length);

/* Can config space give it: in one access, of up to 32 bits, within LENGTH bytes? */
bool config_vendor_map_fits(const struct regmap_register *reg, unsigned int length);

/*
 * Adds REG of VENDOR to MAP as BLOCK.NAME, in capitals, BASE bytes further on. What it points to stays VENDOR's, which must
 * outlive MAP. 0 or -ENOMEM.
 */
int config_vendor_map_add(struct regmap *map, const struct regmap *vendor, const struct regmap_register *reg,
			  const char *block, unsigned int base);

#endif
