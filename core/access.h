/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where operands meet the device: a set of regions, opened when a REF first needs them and kept, and
 * the symbols that VALUEs may use. Resolve all operands of a command first (that checks them against
 * the device and touches no register), then access.
 */
#ifndef PCIETOOL_ACCESS_H
#define PCIETOOL_ACCESS_H

#include "core/device.h"
#include "core/operand.h"
#include "core/region.h"

struct buffer;
struct buffer_client;

enum access_space {
	SPACE_BAR, /* [BAR:]OFFSET, @BUFFER */
	SPACE_CONFIG, /* config space by offset or name */
	SPACE_MEMORY, /* physical addresses, no device */
};

/* A name that VALUEs (and REFs, when it has memory) know before the device's named buffers. */
struct symbol {
	const char *name; /* without the '@' */
	uint64_t value; /* bus address, index, ... */
	bool has_size; /* @NAME.size is known */
	uint64_t size; /* bytes; also how much of MAP a REF may reach */
	void *map; /* memory behind it; NULL: a value only. May move between accesses */
};

struct access {
	const struct context *ctx;
	struct device *device; /* NULL in SPACE_MEMORY; not owned */
	enum access_space space;
	unsigned int bar; /* default BAR */
	unsigned int width; /* default width */
	bool write; /* whether regions will be written (I/O ports, permissions) */
	const struct symbol *symbols; /* the caller's, may change between accesses */
	size_t symbol_count;

	struct region *bars[DEVICE_BARS];
	struct region *base; /* config space or memory */
	struct access_memory *memories; /* DMA memory that a REF named, a list */
	struct buffer_client *client; /* of named buffers; opened when first needed */
};

/* Fills *ACCESS with defaults (BAR 0, 32 bits); opens nothing. */
void access_init(struct access *access, const struct context *ctx, struct device *device,
		 enum access_space space);
void access_close(struct access *access); /* closes what it opened */

/* A REF that was checked: one access may follow. */
struct target {
	struct region *region; /* access's */
	uint64_t offset;
	unsigned int width;
	const struct symbol *symbol; /* whose memory it is; NULL: none */
};

/* One access. The address of a symbol's memory is taken anew each time. */
int target_read(const struct target *target, uint64_t *value, struct error *error);
int target_write(const struct target *target, uint64_t value, struct error *error);

int access_resolve(struct access *access, const struct ref *ref, struct target *target, struct error *error);
/* *LENGTH in bytes, a multiple of the width. Without a length: one access. */
int access_resolve_range(struct access *access, const struct range *range, struct target *target,
			 uint64_t *length, struct error *error);

/* VALUE as a number that fits WIDTH; symbols are looked up anew each time. */
int access_value(struct access *access, const struct value *value, unsigned int width, uint64_t *number,
		 struct error *error);

struct resolved_assign {
	const struct assign *assign;
	struct target target;
};

int access_resolve_assign(struct access *access, const struct assign *assign,
			  struct resolved_assign *resolved, struct error *error);

/*
 * What one ASSIGN did or would do. Without a mask nothing is read and OLD is not valid. With DRY_RUN
 * nothing is written; a masked one still reads.
 */
struct assign_result {
	uint64_t old;
	uint64_t new;
};

int access_assign(struct access *access, const struct resolved_assign *resolved, bool dry_run,
		  struct assign_result *result, struct error *error);

struct resolved_condition {
	const struct condition *condition;
	struct target target;
};

int access_resolve_condition(struct access *access, const struct condition *condition,
			     struct resolved_condition *resolved, struct error *error);
/* One read. *ACTUAL is the value read, unmasked. */
int access_condition(struct access *access, const struct resolved_condition *resolved, bool *holds,
		     uint64_t *actual, struct error *error);

/* As an operand names it: "0x98", "2:0x10", "@rx+0x8"; for messages and dry runs. */
void target_format(const struct target *target, char *text, size_t size);

#endif
