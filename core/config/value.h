/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One field of config space by its name in the table: for code that needs a few of them. */
#ifndef PCIETOOL_CONFIG_VALUE_H
#define PCIETOOL_CONFIG_VALUE_H

#include "core/config/map.h"

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
