/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of access share. */
#ifndef PCIETOOL_ACCESS_INTERNAL_H
#define PCIETOOL_ACCESS_INTERNAL_H

#include "core/access/access.h"
#include "core/pci/virtio.h"

const struct symbol *access_find_symbol(const struct access *access, const char *name);
int access_open_client(struct access *access, struct error *error);

/* --- open.c: what they lie in ------------------------------------------------------------------------ */

/* The buffer, or a symbol's memory (*SYMBOL, else NULL), of that name. */
int access_memory(struct access *access, const char *name, struct region **region,
		  const struct symbol **symbol, struct error *error);
void access_close_memories(struct access *access); /* and the client that they came by */

/* BAR's region, opened when it is first needed. */
int access_bar(struct access *access, unsigned int bar, struct region **region, struct error *error);

int access_open_config(struct access *access, struct error *error); /* fills access->base */

/* --- place.c: where a map's blocks are in this device ------------------------------------------------- */

/* Of a block, as far as it was asked for. */
struct access_place {
	enum { PLACE_UNKNOWN, PLACE_KNOWN } state;
	enum { PRESENCE_UNKNOWN, PRESENT, ABSENT } presence;
	struct virtio_place virtio;
};
/* That of the map's block of that number; access's. NULL, with ERROR filled: no memory. */
struct access_place *access_block_place(struct access *access, uint32_t block, struct error *error);
/* Is REG, which access_place_of() was asked for, in what the device says that it has? ERROR_USAGE "out-of-range". */
int access_check_place(struct access *access, const struct regmap_register *reg, struct error *error);
/*
 * Can TARGET, a register that is where a capability says, be there in its region? Where not, that is the device's fault and no
 * usage error: ERROR_FAILED "bad-capability". Widths are not looked at.
 */
int access_check_capability(const struct access *access, const struct target *target, struct error *error);

/*
 * Does TARGET lie in the capability that begins at OFFSET and was asked for by NAME? Where not, a read is warned of: what is
 * behind a capability's end is looked at on purpose. So is a write with --force; without, it is refused: it would go to what
 * the user has not named. ERROR_USAGE "out-of-range".
 */
int access_check_capability_end(const struct access *access, const char *name, unsigned int offset,
				const struct target *target, struct error *error);

/* --- bound.c ------------------------------------------------------------------------------------------ */

/* Is all of EXPRESSION a term? NAMES has its names. */
void bound_names_term(const struct expression *expression, struct bound_names *names);

/* --- value.c ------------------------------------------------------------------------------------------ */

int access_bind(struct access *access, const struct expression *expression, struct bound_names *names,
		struct error *error);
/* ERROR_FAILED for a division by zero. */
int access_calculate(const struct expression *expression, const struct bound_names *names, uint64_t *value,
		     struct error *error);
/* As access_value(); NAMES are those of its expression, where it has one. */
int access_bound_value(struct access *access, const struct value *value, const struct bound_names *names,
		       const struct target *target, uint64_t *number, struct error *error);

/* --- name.c: registers by name -------------------------------------------------------------- */

/* What REF's name stands for; only what one value can be read from. */
int access_find_name(struct access *access, const struct ref *ref, struct target *target,
		     struct error *error);
/* The register or field alone, of whatever width. */
int access_find_item(struct access *access, const char *name, struct regmap_item *item, struct error *error);
/* WORD, from 0 in the order of addresses, of a register of several as one of its own: "NAME+0x4"; lives as ACCESS does. */
int access_word(struct access *access, const struct regmap_register *reg, unsigned int word,
		struct regmap_item *item, struct error *error);
int access_need_map(struct access *access, struct error *error); /* fills access->map */
void access_free_joins(struct access *access);

#endif
