/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bits of a register that are in none of its fields, private to the writers of formats where some of what such bits do can
 * only be said of a field: they get one of their own.
 */
#ifndef PCIETOOL_REGMAP_GAPS_H
#define PCIETOOL_REGMAP_GAPS_H

#include "core/regmap/regmap.h"

#define GAP_NAME_SIZE 24

/*
 * The lowest run of bits of REG, which has at most 64, that begins at bit FROM or above and is in no field, as a field
 * called NAME, "BITS_31_10", that behaves as the register does. Where fields are lacking its access is unknown, so that a
 * field beside it is written only with --unsafe, as before. False: there is none.
 */
bool gap_next(const struct regmap *map, const struct regmap_register *reg, unsigned int from,
	      struct regmap_field *gap, char name[GAP_NAME_SIZE]);

/* Has REG a field, also one of its own for a gap that lacks fields, of unknown access? A register's is then none either. */
bool gap_hides_access(const struct regmap *map, const struct regmap_register *reg);

/* Must GAP, of REG, be a field where a register can say its access only? */
bool gap_needs_access(const struct regmap *map, const struct regmap_register *reg);
/* The same where a register can say nothing of its effects and reset value. */
bool gap_needs_field(const struct regmap *map, const struct regmap_register *reg,
		     const struct regmap_field *gap);

#endif
