/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where maps come from: a file that was named, or the folders, where a device's is VENDOR:DEVICE and an ending
 * (1234:11e8.map, .csv, .json, .svd, .xml), or where no folder has one, its class code's (class-010802.map). Each is read once and kept.
 */
#ifndef PCIETOOL_REGMAP_SET_H
#define PCIETOOL_REGMAP_SET_H

#include "core/base/context.h"
#include "core/regmap/regmap.h"

struct regmap_set;

/* Those that the system has, in their order; ends with NULL. A user's goes before them. */
extern const char *const regmap_system_folders[];

/* FOLDERS ends with NULL and stays the caller's, the first one wins. 0 or -ENOMEM. */
int regmap_set_open(const char *const *folders, struct regmap_set **set);
void regmap_set_close(struct regmap_set *set); /* closes all maps too; accepts NULL */
const char *const *regmap_set_folders(const struct regmap_set *set);

/* The endings that a map's file may have, the first one wins: ".map", ".csv", ".json", ".svd", ".xml", NULL. */
extern const char *const regmap_endings[];

struct regmap_id {
	uint16_t vendor;
	uint16_t device;
	bool has_class;
	uint32_t class_code; /* 24 bits */
};

/* The file that the context names, or the one for ID (NULL: not known). -ENOENT when there is none, no record. */
int regmap_set_path(const struct context *ctx, const struct regmap_id *id, char *path, size_t size);

/*
 * The map of that file; the set's, valid until that is closed. *MAP is NULL and the result 0 when there is no
 * file for it; the record is filled where a file is there that cannot be read.
 */
int regmap_set_get(const struct context *ctx, const struct regmap_id *id, struct regmap **map,
		   struct error *error);
/* As above, but a device without a map is a usage error that says where it was looked for. */
int regmap_set_need(const struct context *ctx, const struct regmap_id *id, struct regmap **map,
		    struct error *error);
/* Both in part, as regmap_load_part() has it. */
int regmap_set_get_part(const struct context *ctx, const struct regmap_id *id, struct regmap **map,
			struct error *error);
int regmap_set_need_part(const struct context *ctx, const struct regmap_id *id, struct regmap **map,
			 struct error *error);

/* The map NAME.map of the folders, whole; otherwise as regmap_set_get(). */
int regmap_set_get_named(const struct context *ctx, const char *name, struct regmap **map,
			 struct error *error);

/*
 * Says which BARs blocks of MAP, which nobody uses yet, are in: TEXT is "NAME=N", and others behind commas. NAME is a block,
 * or a memory map whose blocks are called NAME.BLOCK. A usage error where there is no such one.
 */
int regmap_set_bars(struct regmap *map, const char *text, struct error *error);

/*
 * Offset of REG in its BAR: its address less the context's base or the map's. A usage error when it lies
 * below, or where only a device has its place: see access_place_of().
 */
int regmap_offset(const struct context *ctx, const struct regmap *map, const struct regmap_register *reg,
		  uint64_t *offset, struct error *error);

#endif
