/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For whoever makes a map: the parsers, the map of config space. Items are added in the order of the file and are
 * reached by index while the map grows (the arrays move). All return 0 or -ENOMEM unless said otherwise.
 */
#ifndef PCIETOOL_REGMAP_BUILD_H
#define PCIETOOL_REGMAP_BUILD_H

#include "core/regmap/regmap.h"

/* More of them than any device has: a file that asks for more is broken, or an attack. */
#define REGMAP_REGISTERS_MAX (1u << 20)
#define REGMAP_FIELDS_MAX (4u << 20)
#define REGMAP_ENUMS_MAX (4u << 20)
/* A name with its block and clusters and its NUL; more than an operand may have would be of no use. */
#define REGMAP_NAME_SIZE 128
/* After so many problems the rest of a file is not worth reading. */
#define REGMAP_PROBLEMS_MAX 1000

/* A copy of LENGTH bytes, NUL-terminated, that lives as long as the map; NULL: no memory. */
const char *regmap_string(struct regmap *map, const char *text, size_t length);

/* Each adds a zeroed item; its index is the count before. NULL: no memory, or more than the limits above. */
struct regmap_block *regmap_add_block(struct regmap *map);
struct regmap_register *regmap_add_register(struct regmap *map);
struct regmap_field *regmap_add_field(struct regmap *map);
struct regmap_enum *regmap_add_enum(struct regmap *map);

/* Notes a problem at PLACE. Further ones than REGMAP_PROBLEMS_MAX are counted only. */
void regmap_problem(struct regmap *map, size_t place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same of what is not wrong, for who checks a map. */
void regmap_note(struct regmap *map, size_t place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
