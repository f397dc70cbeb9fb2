/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where operands meet the device: a set of regions, opened when a REF first needs them and kept, and
 * the symbols that VALUEs may use. Resolve all operands of a command first (that checks them against
 * the device and touches no register), then access.
 */
#ifndef PCIETOOL_ACCESS_H
#define PCIETOOL_ACCESS_H

#include "core/pci/device.h"
#include "core/base/expression.h"
#include "core/base/operand.h"
#include "core/access/bound.h"
#include "core/access/target.h"

struct access_place;
struct access_written;
struct buffer;
struct buffer_client;
struct regmap_id;

enum access_space {
	SPACE_BAR, /* [BAR:]OFFSET, @BUFFER */
	SPACE_CONFIG, /* config space by offset or name */
	SPACE_MEMORY, /* physical addresses, no device */
};

struct access {
	const struct context *ctx;
	struct device *device; /* NULL in SPACE_MEMORY; not owned */
	enum access_space space;
	unsigned int bar; /* default BAR */
	unsigned int width; /* default width */
	bool write; /* whether regions will be written (I/O ports, permissions) */
	/*
	 * A write of a part of a write-only register builds upon what was written there through this ACCESS, not upon the
	 * reset value: for several operands of one command.
	 */
	bool builds_up;
	const struct symbol *symbols; /* the caller's, may change between accesses */
	size_t symbol_count;

	struct regmap *map; /* the register map, once a name was used; the context's */
	bool has_no_map; /* it was looked for, and there is none */
	struct config_map *config; /* SPACE_CONFIG: what MAP is of */
	struct access_place
		*places; /* of the map's blocks that are somewhere else in each device; made when needed */
	struct access_written *written; /* with BUILDS_UP: what was written, in that order */
	size_t written_count;
	struct access_join *joins; /* registers that were put together from words, a list */
	struct region *bars[DEVICE_BARS];
	struct region *base; /* config space or memory */
	struct access_memory *memories; /* DMA memory that a REF named, a list */
	struct buffer_client *client; /* of named buffers; opened when first needed */
};

/* Fills *ACCESS with defaults (BAR 0, 32 bits); opens nothing. */
void access_init(struct access *access, const struct context *ctx, struct device *device,
		 enum access_space space);
void access_close(struct access *access); /* closes what it opened */

/* NAMEs may not be globs. */
int access_resolve(struct access *access, const struct ref *ref, struct target *target, struct error *error);
/* The same for one that will be read: write-only registers are refused, unless the context says unsafe. */
int access_resolve_read(struct access *access, const struct ref *ref, struct target *target,
			struct error *error);
/* A register of the map, checked against the device. A field's target is its register's, with a field. */
int access_resolve_item(struct access *access, const struct regmap_item *item, struct target *target,
			struct error *error);
/*
 * The BAR of a register of the map and its offset there, which may be what the device's config space says. A usage error
 * where it is below the base, ERROR_UNSUPPORTED where the device does not say.
 */
int access_place_of(struct access *access, const struct regmap_register *reg, unsigned int *bar,
		    uint64_t *offset, struct error *error);
/*
 * Whether the block of REG is there, as the map's condition has it. Its registers are read for that: for what shows all of a
 * map, not for what was asked for by name.
 */
int access_is_there(struct access *access, const struct regmap_register *reg, bool *is_there,
		    struct error *error);
/* The same, and ERROR_UNSUPPORTED where it is not. */
int access_need_there(struct access *access, const struct regmap_register *reg, struct error *error);
/* What is done to a range of bytes. */
enum access_use {
	ACCESS_BYTES, /* whatever the registers there are */
	ACCESS_STORE, /* what may not be written is refused, and a value that may not */
	ACCESS_TEST, /* so is what is not as memory is: what reading or writing has an effect on, what takes not any value */
};
/*
 * Of all registers that the device's map has in LENGTH bytes from FIRST on, which is in a BAR: ERROR_UNSUPPORTED where one is not
 * there, as access_need_there() has it; a usage error where one is not for USE, unless the context says unsafe. DATA are the bytes
 * that are stored, as many; NULL: they are not known. Of a register that is not all in them a value counts that no other bytes
 * could put right.
 */
int access_check_span(struct access *access, const struct target *first, uint64_t length, enum access_use use,
		      const uint8_t *data, struct error *error);
/* How many of them are not safe to read; the first SIZE of these are put into REGS. Reads nothing. */
int access_unsafe_in_span(struct access *access, const struct target *first, uint64_t length,
			  const struct regmap_register **regs, size_t size, size_t *count,
			  struct error *error);
/* A register that is not safe to read, and where it is. */
struct unsafe_place {
	const struct regmap_register *reg;
	unsigned int bar;
	uint64_t offset;
	uint64_t size; /* bytes */
};
/* All that the device's map has and knows the place of; *PLACES is the caller's to free. Reads nothing. */
int access_unsafe_places(struct access *access, struct unsafe_place **places, size_t *count,
			 struct error *error);
/* *LENGTH in bytes, a multiple of the width. Without a length: one access. */
int access_resolve_range(struct access *access, const struct range *range, struct target *target,
			 uint64_t *length, struct error *error);

/* The id that DEVICE's map goes by, from sysfs. -errno, no record. */
int access_map_id(const struct device *device, struct regmap_id *id);
/* The device's map, which is looked for once; *MAP NULL when there is none. */
int access_map(struct access *access, struct regmap **map, struct error *error);

/*
 * VALUE as a number that fits TARGET; symbols are looked up anew each time. A word is the name of a value of
 * the field.
 */
int access_value(struct access *access, const struct value *value, const struct target *target,
		 uint64_t *number, struct error *error);

struct resolved_assign {
	const struct assign *assign;
	struct target target; /* where the symbols had it when it was resolved */
	struct bound_place place;
	struct bound_names value_names;
	struct bound_value value;
	bool is_store; /* to memory, of all bits there */
};

/* TARGET is what REF was resolved to with the symbols' present values. */
int access_bind_place(struct access *access, const struct ref *ref, const struct target *target,
		      struct bound_place *place, struct error *error);
/* Moves TARGET to where REF is now, and checks it; nothing without an expression. */
int access_place(const struct ref *ref, const struct bound_place *place, struct target *target,
		 struct error *error);
/* Both, and one write of what has no name. */
int access_write_place(const struct ref *ref, const struct bound_place *place, const struct target *target,
		       uint64_t value, struct error *error);
/* Both, and one read. */
int access_read_place(const struct ref *ref, const struct bound_place *place, const struct target *target,
		      uint64_t *value, struct error *error);

int access_resolve_assign(struct access *access, const struct assign *assign,
			  struct resolved_assign *resolved, struct error *error);

/*
 * What one ASSIGN did or would do, in values of the whole register. Only with a mask, or for a field, something
 * may have to be read (HAS_OLD). With DRY_RUN nothing is written; what has to be read is read all the same.
 */
struct assign_result {
	bool has_old;
	uint64_t old;
	uint64_t new;
};

int access_assign(struct access *access, const struct resolved_assign *resolved, bool dry_run,
		  struct assign_result *result, struct error *error);
/* The bits of what access_assign() writes that it is asked for: KEEP others (see write_plan.h). */
int access_assign_plan(struct access *access, const struct resolved_assign *resolved, uint64_t *keep,
		       uint64_t *fixed, struct error *error);
/*
 * Reads back what was written (a value of the whole register). *DIFFERS only for bits that were asked for and that a
 * map does not say read otherwise; when there are none, nothing is read and *CHECKED is false.
 */
int access_verify(struct access *access, const struct resolved_assign *resolved, uint64_t written,
		  bool *checked, bool *differs, uint64_t *read, struct error *error);

struct resolved_condition {
	const struct condition *condition;
	struct target target;
	struct bound_place place;
	struct bound_names value_names;
	struct bound_value bound;
	uint64_t value; /* of a VALUE that is no symbol */
	uint64_t mask; /* the bits that are compared */
};

int access_resolve_condition(struct access *access, const struct condition *condition,
			     struct resolved_condition *resolved, struct error *error);
/* One read. *ACTUAL is the value read, unmasked. */
int access_condition(struct access *access, const struct resolved_condition *resolved, bool *holds,
		     uint64_t *actual, struct error *error);

#endif
