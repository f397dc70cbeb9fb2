/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an operand turned out to mean: a place in a region, perhaps a register or a field of a map. */
#ifndef PCIETOOL_TARGET_H
#define PCIETOOL_TARGET_H

#include "core/region/region.h"
#include "core/regmap/regmap.h"

/* A name that VALUEs (and REFs, when it has memory) know before the device's named buffers. */
struct symbol {
	const char *name; /* without the '@' */
	uint64_t value; /* bus address, index, ... */
	bool has_size; /* @NAME.size is known */
	uint64_t size; /* bytes; also how much of MAP a REF may reach */
	void *map; /* memory behind it; NULL: a value only. May move between accesses */
};

/* A REF that was checked: one access may follow. */
struct target {
	struct region *region; /* access's */
	uint64_t offset;
	unsigned int width;
	const struct symbol *symbol; /* whose memory it is; NULL: none */
	struct regmap *map; /* with a name: what it stands for */
	struct regmap_item item; /* item.reg is NULL where the REF is no name */
};

/* Bits that its value is written down with: of the field, of the register when that is several accesses, or of the access. */
unsigned int target_bits(const struct target *target);
/* Bits of its value: of the field, of the register, which may have fewer than its access, or of the access. */
unsigned int target_value_bits(const struct target *target);
/* The same of a field's whole register. */
unsigned int target_whole_bits(const struct target *target);

/*
 * A register may have fewer bits than the access that reaches it: what is above is no part of its value, so it is not read,
 * compared or shown; a write of a part keeps it (see write_plan.h).
 *
 * One access; a register of several words (see the context's wish for that) is one for each, in rising order.
 * The address of a symbol's memory is taken anew each time. Of a field the read gives the field's value; a
 * field is written with access_assign() only.
 */
int target_read(const struct target *target, uint64_t *value, struct error *error);
int target_write(const struct target *target, uint64_t value, struct error *error);
/* The whole register of a target, with the bits that its access carries above the register's. */
int target_read_access(const struct target *target, uint64_t *value, struct error *error);

/* Where in REG's value the bits of its WORD begin, from 0 in the order of addresses: the high one comes first, unless the map says otherwise. */
unsigned int target_word_shift(const struct regmap_register *reg, unsigned int word);

/* The same of one without a name (item.reg is NULL), at another OFFSET in its region. */
int target_read_plain(const struct target *target, uint64_t offset, uint64_t *value, struct error *error);
int target_write_plain(const struct target *target, uint64_t offset, uint64_t value, struct error *error);

/* As an operand names it: "0x98", "2:0x10", "@rx+0x8", "DMA.CONTROL.START"; for messages and dry runs. */
void target_format(const struct target *target, char *text, size_t size);

#endif
