/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What has to be written so that some bits of a register change and nothing else happens: the others are
 * written as they were read, or, where writing has an effect, as the value that has none. So are those that the access has
 * above the register's own, which may be another's.
 */
#ifndef PCIETOOL_WRITE_PLAN_H
#define PCIETOOL_WRITE_PLAN_H

#include "core/regmap/regmap.h"

struct write_plan {
	uint64_t keep; /* bits that are written as they were read; 0: nothing needs to be read */
	uint64_t fixed; /* the bits outside of KEEP, as they are written */
	uint64_t reset; /* those of FIXED that have their reset value, as what is there cannot be read */
};

/*
 * For the bits of MASK of REG, which get those of VALUE. A usage error, unless UNSAFE, where it cannot be done
 * without something else happening: a neighbour whose access is not known, one that any write changes or that can be
 * written only once, a write-only one without a reset value, a register that a read would change. With UNSAFE what
 * is not known is taken as read-write, what has no neutral value as 0.
 */
int write_plan_make(const struct regmap *map, const struct regmap_register *reg, uint64_t mask,
		    uint64_t value, bool unsafe, struct write_plan *plan, struct error *error);

/*
 * May a register or field be written at all, and this VALUE? A usage error, unless UNSAFE. Of VALUE only the bits of KNOWN are
 * (the others are still to be read): it may be written where some value with these bits may. None may that has to be what was
 * read just before: that is for who leaves it as it is (write_plan_make()).
 */
int write_plan_check(const struct regmap *map, const struct regmap_item *item, uint64_t value, uint64_t known,
		     bool unsafe, struct error *error);

/*
 * The same for the bits of MASK of REG alone: each field that has some of them, and, where bits of no field are among them
 * or all of REG's are, REG itself. VALUE and KNOWN are REG's.
 */
int write_plan_check_bits(const struct regmap *map, const struct regmap_register *reg, uint64_t mask,
			  uint64_t value, uint64_t known, bool unsafe, struct error *error);

/*
 * The bits of MASK that read back as they were written: those of fields of which the map says so, or, in a register without
 * fields, all of it. 0 where nothing is to be read: a read would change something, or nothing can be read.
 */
uint64_t write_plan_readable(const struct regmap *map, const struct regmap_register *reg, uint64_t mask);

#endif
