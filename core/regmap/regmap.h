/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A register map: what a board's registers are called, where they are, what their fields mean and what
 * an access does to them. Read from a CMSIS-SVD file, from IP-XACT or from a text map
 * (mapfile.h); all give the same model. A loaded map does not change; all its strings and arrays live as long as it.
 *
 * Names: a register's is BLOCK.REGISTER or, with SVD's clusters, BLOCK.CLUSTER.REGISTER; without the block
 * it is understood too where only one register has that name. LiteX's have the block in front with a '_'
 * already, and stay as they are. A field's is REGISTER.FIELD.
 */
#ifndef PCIETOOL_REGMAP_H
#define PCIETOOL_REGMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/context.h"
#include "core/base/error.h"

/* CMSIS-SVD 1.3 accessType. Unknown is not read-write: nothing is known to be safe. */
enum regmap_access {
	REGMAP_UNKNOWN,
	REGMAP_READ_ONLY,
	REGMAP_READ_WRITE,
	REGMAP_WRITE_ONLY,
	REGMAP_WRITE_ONCE, /* writeOnce: the first write counts, it cannot be read */
	REGMAP_READ_WRITE_ONCE,
};

/* CMSIS-SVD readAction: what a read does beside reading; READ_UNSAFE: a map's author says hands off. */
enum regmap_read_effect {
	READ_HARMLESS,
	READ_CLEARS,
	READ_SETS,
	READ_MODIFIES,
	READ_MODIFIES_OTHERS,
	READ_UNSAFE,
};

/* CMSIS-SVD modifiedWriteValues: what writing does to each bit. */
enum regmap_write_effect {
	WRITE_MODIFIES, /* the bit becomes what is written */
	WRITE_1_CLEARS,
	WRITE_1_SETS,
	WRITE_1_TOGGLES,
	WRITE_0_CLEARS,
	WRITE_0_SETS,
	WRITE_0_TOGGLES,
	WRITE_CLEARS, /* whatever is written */
	WRITE_SETS,
};

/* CMSIS-SVD writeConstraint. */
enum regmap_constraint {
	CONSTRAINT_NONE,
	CONSTRAINT_ENUM, /* only values that have a name */
	CONSTRAINT_RANGE, /* minimum..maximum */
	CONSTRAINT_AS_READ, /* only what was read just before */
};

/* How a register, or a part of one, behaves. */
struct regmap_behaviour {
	enum regmap_access access;
	enum regmap_read_effect on_read;
	enum regmap_write_effect on_write;
	enum regmap_constraint constraint;
	uint64_t minimum; /* CONSTRAINT_RANGE */
	uint64_t maximum;
};

/* A value's name. One with MASK not all ones has bits that do not matter (SVD's "#1x"). */
struct regmap_enum {
	const char *name;
	const char *description; /* NULL: none */
	uint64_t value;
	uint64_t mask; /* the bits that matter; UINT64_MAX: all */
	bool is_default; /* SVD's isDefault: every value without another name */
	bool default_has_value; /* such a one has VALUE too: see regmap_enum_has_value() */
	bool not_for_read; /* SVD's usage "write" */
	bool not_for_write; /* SVD's usage "read" */
	size_t place;
};

struct regmap_field {
	const char *name; /* without the register's */
	const char *description; /* NULL: none */
	unsigned int lsb;
	unsigned int bits; /* 1..64 */
	struct regmap_behaviour behaviour; /* what it does not say itself, it has from its register */
	uint32_t first_enum; /* in map->enums */
	uint32_t enum_count;
	size_t place; /* where in the file it is described, for regmap_line() */
	bool named_numbers; /* its values' names are numbers: one that is written means the name */
	/* what it stands for, in and out: its code shifted left by SHIFT, plus PLUS (config space; a file's map has 0) */
	uint8_t shift;
	uint32_t plus;
};

struct regmap_register {
	const char *name; /* the whole one */
	const char *short_name; /* without the block: the end of NAME, or NAME itself */
	const char *description; /* NULL: none */
	uint32_t block; /* in map->blocks; REGMAP_NO_BLOCK: none */
	uint64_t address; /* in the address space of the file; see regmap_offset() */
	unsigned int bits; /* of its value */
	/*
	 * How it is reached: WORDS accesses of WIDTH bits, each of which carries WORD_BITS bits of the value, at
	 * rising addresses, the high word first unless LOW_FIRST (LiteX: config_csr_data_width,
	 * config_csr_alignment, config_csr_ordering). Nearly always one.
	 */
	unsigned int width; /* 8, 16, 32, 64 */
	unsigned int words;
	unsigned int word_bits;
	bool low_first;
	struct regmap_behaviour behaviour;
	bool has_reset;
	uint64_t reset_value;
	uint64_t reset_mask; /* the bits of RESET_VALUE that are known */
	uint32_t first_field; /* in map->fields; in rising order of lsb */
	uint32_t field_count;
	bool is_alternate; /* it says that it lies where another does: another view, or what is there in another mode */
	const char *group; /* of such ones, by its name in SVD; NULL: none */
	bool lacks_fields; /* one was left out, as it is wrong in the file: what its bits do is not known */
	size_t place;
};

#define REGMAP_NO_BLOCK UINT32_MAX

/* Is it there? Where the sum of some bits of registers, which are in the same map, is above a number. */
#define REGMAP_TERMS_MAX 4
struct regmap_condition {
	unsigned int count; /* of terms; 0: it always is */
	struct {
		uint32_t reg; /* in map->registers */
		uint16_t lsb;
		uint16_t bits; /* 1..64 */
	} terms[REGMAP_TERMS_MAX];
	uint64_t above;
	size_t place; /* where in the file it is */
};

struct regmap_block {
	const char *name;
	const char *description; /* NULL: none */
	uint64_t address;
	uint64_t size; /* bytes; 0: not known */
	int bar; /* -1: the map does not say */
	/*
	 * Where BAR is -1 and this is not 0: BAR and place are what the device's virtio capability of this cfg_type says
	 * (Virtual I/O Device 1.2, 4.1.4), and addresses only count from ADDRESS.
	 */
	uint8_t virtio_type;
	struct regmap_condition condition;
	size_t place;
};

/* Something wrong in the file. */
struct regmap_problem {
	size_t place;
	const char *message;
};

enum regmap_format { REGMAP_TEXT, REGMAP_SVD, REGMAP_IPXACT, REGMAP_HWH };

struct regmap {
	const char *path; /* as it was opened */
	enum regmap_format format;
	const char *name; /* of the device; the file's without its ending when it does not say */
	const char *description; /* NULL: none */
	bool has_base;
	uint64_t base; /* the address that is offset 0 of a BAR */
	bool has_id; /* the device it is for */
	uint16_t vendor;
	uint16_t device;
	struct regmap_block *blocks;
	size_t block_count;
	struct regmap_register *registers; /* in the order of the file */
	size_t register_count;
	struct regmap_field *fields;
	size_t field_count;
	struct regmap_enum *enums;
	size_t enum_count;
	struct regmap_problem *problems;
	size_t problem_count;
	struct regmap_problem *
		notes; /* what was made of the file where it could be taken in several ways: nothing is wrong */
	size_t note_count;
	struct regmap_store *store; /* strings, the file's text, the index; store.h */
};

/* All of MAP is there: to be called before its registers are walked, where it was loaded in part. ERROR may be NULL. */
int regmap_complete(struct regmap *map, struct error *error);
/* An empty one, to be filled with build.h; PATH is what messages say of it. NULL: no memory. */
struct regmap *regmap_new(const char *path);
void regmap_close(struct regmap *map); /* accepts NULL */

/* Line of a place in the file, from 1. */
unsigned int regmap_line(const struct regmap *map, size_t place);

/* BAR of REG: its block's; -1: the map does not say. */
int regmap_bar(const struct regmap *map, const struct regmap_register *reg);
/* As text maps have it: "host.PI:3>0"; "" for none. */
#define REGMAP_CONDITION_SIZE 640
void regmap_condition_format(const struct regmap *map, const struct regmap_condition *condition, char *text,
			     size_t size);
/* The block of REG whose place only the device's config space says; NULL: its address does. */
const struct regmap_block *regmap_placed(const struct regmap *map, const struct regmap_register *reg);

/* --- checking (check.c) ---------------------------------------------------------------------------- */

/*
 * What is wrong or doubtful in a map that could be read, for whoever writes one. Adds to map->problems, in the order of
 * the file: registers that overlap, that are misaligned, outside of their block or called alike; fields and values that
 * overlap or are called alike; reset values that do not fit. 0 or -ENOMEM.
 */
int regmap_check(struct regmap *map);

/* --- looking up (find.c) -------------------------------------------------------------------------- */

/* What a name stands for. */
struct regmap_item {
	const struct regmap_register *reg;
	const struct regmap_field *field; /* NULL: the whole register */
};

/*
 * NAME as a register or REGISTER.FIELD: the longest register name wins. The time does not depend on the size of
 * the map. A usage error with the nearest three names, or with the lines of all that have it; ERROR may be NULL where
 * nobody will read that.
 */
int regmap_find(struct regmap *map, const char *name, struct regmap_item *item, struct error *error);

/* Has TEXT a '*' or '?' in it? */
bool regmap_is_glob(const char *text);

/*
 * The registers whose names match GLOB ('*': any characters, dots too; '?': one), in the order of the file; when
 * there are none, the fields. *ITEMS is the caller's to free. A usage error when nothing matches.
 */
int regmap_match(struct regmap *map, const char *glob, struct regmap_item **items, size_t *count,
		 struct error *error);

/* Room for BLOCK.CLUSTER.REGISTER.FIELD. */
#define REGMAP_ITEM_NAME_SIZE 256
/* The whole name of an item, "DMA.CONTROL.START". */
void regmap_item_name(const struct regmap_item *item, char *text, size_t size);

/* Whether VALUE of E counts in FIELD: not that of a default, unless the file gives it one that fits. */
bool regmap_enum_has_value(const struct regmap_field *field, const struct regmap_enum *e);
/*
 * The value that is called NAME in FIELD, where several are the one that is to be written; a usage error with the names that
 * there are.
 */
int regmap_enum_value(const struct regmap *map, const struct regmap_field *field, const char *name,
		      uint64_t *value, struct error *error);
/* May it be written: is NAME, which FIELD has, not only for what is read? */
bool regmap_enum_is_for_write(const struct regmap *map, const struct regmap_field *field, const char *name);
/* The same for what is read, and not only written. */
bool regmap_enum_is_for_read(const struct regmap *map, const struct regmap_field *field, const char *name);
/* As regmap_enum_value(), for what is read: only the bits of *MASK matter. */
int regmap_enum_read(const struct regmap *map, const struct regmap_field *field, const char *name,
		     uint64_t *value, uint64_t *mask, struct error *error);
/* What VALUE, read from FIELD, is called; NULL: nothing. */
const char *regmap_enum_name(const struct regmap *map, const struct regmap_field *field, uint64_t value);

/* REG's I-th field, I below its field_count. */
static inline const struct regmap_field *regmap_field_at(const struct regmap *map,
							 const struct regmap_register *reg, uint32_t i)
{
	return &map->fields[reg->first_field + i];
}

/* What FIELD stands for when its register is VALUE. */
static inline uint64_t regmap_field_value(const struct regmap_field *field, uint64_t value)
{
	uint64_t mask = field->bits >= 64 ? UINT64_MAX : (UINT64_C(1) << field->bits) - 1;

	return ((value >> field->lsb & mask) << field->shift) + field->plus;
}

/* The bits that it takes to write down what FIELD stands for. */
unsigned int regmap_field_value_bits(const struct regmap_field *field);

/* The bits that FIELD has in its register. */
static inline uint64_t regmap_field_mask(const struct regmap_field *field)
{
	return (field->bits >= 64 ? UINT64_MAX : (UINT64_C(1) << field->bits) - 1) << field->lsb;
}

/* Does what is read of it say nothing of what it holds? */
static inline bool regmap_is_write_only(const struct regmap_behaviour *behaviour)
{
	return behaviour->access == REGMAP_WRITE_ONLY || behaviour->access == REGMAP_WRITE_ONCE;
}

/* Does a write do nothing to it? SVD's read-only bits may have an effect of a write, as those that a 1 clears. */
static inline bool regmap_is_read_only(const struct regmap_behaviour *behaviour)
{
	return behaviour->access == REGMAP_READ_ONLY && behaviour->on_write == WRITE_MODIFIES;
}

/* NULL when reading REG does nothing but read; otherwise why it is not safe: "reading it clears ..." */
const char *regmap_unsafe_to_read(const struct regmap *map, const struct regmap_register *reg);

/* Words for the above, as CMSIS-SVD has them ("read-write", "oneToClear"); "" for none or unknown. */
const char *regmap_access_name(enum regmap_access access);
const char *regmap_read_effect_name(enum regmap_read_effect effect);
const char *regmap_write_effect_name(enum regmap_write_effect effect);

#endif
