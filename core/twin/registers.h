/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Registers that behave as a register map says: what a read gives and does, what a write leaves. Knows no device. */
#ifndef PCIETOOL_TWIN_REGISTERS_H
#define PCIETOOL_TWIN_REGISTERS_H

#include "core/base/context.h"
#include "core/regmap/regmap.h"

/* Bits of a register's value, by what an access does to them. */
struct register_masks {
	uint64_t readable; /* others read 0 */
	uint64_t writable;
	uint64_t once; /* of those, until the next reset */
	uint64_t read_clears;
	uint64_t read_sets;
	uint64_t on_write[WRITE_SETS + 1]; /* by enum regmap_write_effect */
};

struct register_state {
	const struct regmap_register *reg;
	unsigned int bar;
	uint64_t offset;
	uint64_t value;
	uint64_t initial; /* after a reset */
	uint64_t written; /* of MASKS.once: those that were */
	struct register_masks masks;
};

/* One access of the width that the map has: a part of a register of several, or all of it. */
struct register_cell {
	unsigned int bar;
	uint64_t offset;
	unsigned int bytes;
	unsigned int lsb; /* of the value */
	uint64_t mask; /* of the value's bits, from LSB on */
	struct register_state *state;
};

struct register_file {
	struct regmap *map; /* its set's; NULL: there is none, nor any register */
	struct register_state
		*states; /* of all registers of the map, in its order; REG is NULL: the twin has it not */
	size_t count;
	struct register_cell *cells; /* in order of BAR and offset; none overlap */
	size_t cell_count;
};

/* Who wants to have a say. MASK: the bits that are accessed. */
struct register_hooks {
	void *data;
	/* *VALUE is what will be read, before the read has its effects. NULL: nobody */
	void (*read)(void *data, struct register_state *state, uint64_t mask, uint64_t *value);
	/* WRITTEN has had its effects; what was refused (read-only, a constraint) has none. */
	void (*write)(void *data, struct register_state *state, uint64_t mask, uint64_t written,
		      uint64_t old);
};

/*
 * MAP (NULL: none) stays its set's. What lies where another register does is left out, alternates first. Registers that say
 * no BAR are BAR 0's. A usage error where one lies below the map's base.
 */
int register_file_open(struct register_file *file, const struct context *ctx, struct regmap *map,
		       struct error *error);
void register_file_close(struct register_file *file);

/* How many lie in that BAR, and the bytes that it must have for them. */
size_t register_file_in_bar(const struct register_file *file, unsigned int bar, uint64_t *extent);
/* The last one that does: for a message. */
const struct regmap_register *register_file_last(const struct register_file *file, unsigned int bar);
/* REG is one of the file's map; NULL: a capability would place it, and the twin has it not. */
struct register_state *register_file_find(const struct register_file *file,
					  const struct regmap_register *reg);
/* What the register at that place holds after a reset. False: there is none. */
bool register_file_preset(struct register_file *file, unsigned int bar, uint64_t offset, uint64_t value);

/* All as after a reset. */
void register_file_reset(struct register_file *file);

/* COUNT bytes, of 8 at most; where no register is, they read 0. Returns the first register that was met, NULL: none. */
const struct register_state *register_file_read(struct register_file *file, unsigned int bar, uint64_t offset,
						uint8_t *bytes, size_t count,
						const struct register_hooks *hooks);
/* *REFUSED: the bits of a value that a constraint does not take, and that stay as they are. */
const struct register_state *register_file_write(struct register_file *file, unsigned int bar,
						 uint64_t offset, const uint8_t *bytes, size_t count,
						 const struct register_hooks *hooks, uint64_t *refused);

#endif
