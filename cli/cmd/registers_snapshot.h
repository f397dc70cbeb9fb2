/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What regs snapshot, regs decode and regs diff share. */
#ifndef PCIETOOL_REGISTERS_SNAPSHOT_H
#define PCIETOOL_REGISTERS_SNAPSHOT_H

#include "cli/command.h"
#include "core/access/register_list.h"
#include "core/regmap/set.h"
#include "core/access/snapshot.h"

/* Of which device, with which map, when. */
int registers_snapshot_begin(struct access *access, struct snapshot *snapshot, struct error *error);
/* Reads the registers of LIST into it; those left out are in it without a value. */
int registers_snapshot_take(struct access *access, const struct register_list *list,
			    struct snapshot *snapshot, struct error *error);

/* The map that was named, the selected device's, or that of the snapshot's. *MAP may be NULL without NEED. */
int registers_snapshot_map(struct invocation *inv, const struct snapshot *snapshot, bool need,
			   struct regmap **map);

/* One register, or field, with its fields. */
void registers_decode_view(struct writer *w, const struct regmap *map, const struct regmap_item *item,
			   uint64_t value);
int registers_decode_snapshot(struct invocation *inv, const char *path);

#endif
