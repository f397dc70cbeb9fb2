/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The register map of one device's config space: the rows of config_table.h at the places where the device has them.
 * Names are BLOCK.REGISTER.FIELD ("EXP.DEVCTL.MRRS"), without a block for the header ("COMMAND.MASTER"); the second
 * capability of an id is "VNDR@1".
 */
#ifndef PCIETOOL_CONFIG_MAP_H
#define PCIETOOL_CONFIG_MAP_H

#include "core/pci/capability.h"
#include "core/config/table.h"
#include "core/regmap/regmap.h"

struct config_map_block {
	const struct config_block *block; /* NULL: a capability that the table does not have */
	bool is_extended;
	unsigned int id;
	unsigned int version; /* of an extended one */
	unsigned int offset; /* 0: the header */
	unsigned int instance; /* 0: the first of its id */
	/*
	 * Another capability begins there, or config space ends, before the last register that it has, or before the end of
	 * which it says itself. 0: nowhere.
	 */
	unsigned int cut_off_at;
	size_t first; /* of its registers in the map */
	size_t count;
};

struct config_map {
	struct regmap *regmap;
	const struct config_register **rows; /* for each of the map's registers */
	struct config_map_block *blocks; /* the header, then capabilities in the order of their lists */
	size_t block_count;
	unsigned int header_type; /* 0 endpoint, 1 bridge, 2 CardBus */
	unsigned int express; /* offset of the PCI Express capability; 0: none */
	uint16_t port; /* enum config_ports: one bit; 0: not PCI Express */
	struct capability_list standard; /* with what is wrong with them */
	struct capability_list extended;
};

/*
 * Reads the lists of capabilities and the few registers that decide what there is. What cannot be read is not in
 * the map, nor what would lie in the next capability. *MAP is the caller's to free.
 */
int config_map_make(struct device *device, struct config_map **map, struct error *error);
/* The blocks of the capabilities and where they are cut off: no header, and no registers. */
int config_map_make_blocks(struct device *device, struct config_map **map, struct error *error);
void config_map_free(struct config_map *map); /* accepts NULL */

/* NAME (upper or lower case, with CAP_ or ECAP_ in front or not) as regmap_find(); says also what the device lacks. */
int config_map_find(struct config_map *map, const struct device *device, const char *name,
		    struct regmap_item *item, struct error *error);

/* "EXP", "VNDR@1", "ECAP 0x0023" for one that the table does not have; "" for the header. */
void config_map_block_name(const struct config_map_block *block, char *text, size_t size);

/* --- one field by its name, for code that needs a few of them (value.c) ------------------------- */

struct config_value_of {
	const char *reason; /* why it is not known; NULL: it is */
	uint64_t value;
	const char *word; /* what the value is called; NULL: nothing */
	bool is_flag; /* one bit without a name */
};

/* NAME as "EXP.LNKCTL.ASPM". A register without fields may be named too. One access. */
void config_value_read(const struct config_map *map, struct device *device, const char *name,
		       struct config_value_of *value);

/*
 * Sets a field; its register's other bits stay, what writing a 1 would change gets a 0. *OLD (may be NULL): the register
 * before. ERROR_UNSUPPORTED: the device has no such field.
 */
int config_value_write(const struct config_map *map, struct device *device, const char *name, uint64_t value,
		       uint64_t *old, struct error *error);

/* Writes back what config_value_write() gave in *OLD, only the bits of that field. */
int config_value_undo(const struct config_map *map, struct device *device, const char *name, uint64_t old,
		      struct error *error);

#endif
