/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What regs snapshot, decode and diff share. */
#ifndef PCIETOOL_REGISTERS_SNAPSHOT_H
#define PCIETOOL_REGISTERS_SNAPSHOT_H

#include "cli/command.h"
#include "core/access/register_list.h"
#include "core/access/snapshot.h"
#include "core/mapfile/set.h"

/* Of which device, with which map, when. */
int registers_snapshot_begin(struct access *access, struct snapshot *snapshot, struct error *error);
/* The map that was named, the selected device's, or that of the snapshot's. *MAP may be NULL without NEED. */
int registers_snapshot_map(struct invocation *inv, const struct snapshot *snapshot, bool need,
			   struct regmap **map);
/*
 * Takes from the values of SNAPSHOT what is above the bits that MAP, which may be NULL, has its registers with: such a file
 * was saved with another map, or by an earlier version.
 */
void registers_snapshot_trim(struct snapshot *snapshot, struct regmap *map);

#endif
