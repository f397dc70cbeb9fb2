// SPDX-License-Identifier: GPL-2.0-or-later
/* What the device's map says of a range of bytes: of all registers that have one in it. */
#include <errno.h>
#include <stdlib.h>

#include "core/access/internal.h"
#include "core/base/array.h"
#include "core/base/number.h"
#include "core/regmap/write_plan.h"

static bool is_conditional(const struct regmap *map, const struct regmap_register *reg)
{
	return reg->block != REGMAP_NO_BLOCK && map->blocks[reg->block].condition.count;
}

/* What is done to LENGTH bytes from FIRST on. */
struct span {
	const struct target *first;
	uint64_t length;
	enum access_use use;
	const uint8_t *data; /* what is stored there; NULL: not known */
};

/* Has REG a byte in SPAN? *OFFSET: of the register, in the region. */
static bool is_within(struct access *a, const struct regmap_register *reg, const struct span *span,
		      uint64_t *offset)
{
	const struct target *first = span->first;
	uint64_t size = (uint64_t)reg->words * reg->width / 8;
	struct error ignored;
	unsigned int bar;

	/* one that has no place is not written at any */
	if (access_place_of(a, reg, &bar, offset, &ignored) < 0 || a->bars[bar] != first->region)
		return false;
	return *offset < first->offset ? first->offset - *offset < size
				       : *offset - first->offset < span->length;
}

/* Does it hold what is written to it, as often as it is? What is not known of is not held against it. */
static bool keeps(const struct regmap_behaviour *b)
{
	return b->access == REGMAP_READ_WRITE || b->access == REGMAP_UNKNOWN;
}

/* Why REG is no memory; NULL: it may be. */
static const char *no_memory_of(const struct regmap *map, const struct regmap_register *reg)
{
	const char *reason = regmap_unsafe_to_read(map, reg);
	bool has_effect = reg->behaviour.on_write != WRITE_MODIFIES;
	bool is_limited = reg->behaviour.constraint != CONSTRAINT_NONE;
	bool is_kept = keeps(&reg->behaviour);

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_behaviour *b = &regmap_field_at(map, reg, i)->behaviour;

		has_effect |= b->on_write != WRITE_MODIFIES;
		is_limited |= b->constraint != CONSTRAINT_NONE;
		is_kept &= keeps(b);
	}
	if (reason)
		return reason;
	if (has_effect)
		return "writing it does more than that";
	if (is_limited)
		return "it takes only some values";
	return is_kept ? NULL : "a part of it is not read-write";
}

/* The bits of REG, which is at OFFSET, that SPAN's data has: of *VALUE those of *KNOWN. */
static void stored_value(const struct regmap_register *reg, uint64_t offset, const struct span *span,
			 uint64_t *value, uint64_t *known)
{
	unsigned int word_bits = reg->words > 1 ? reg->word_bits : reg->width;

	*value = 0;
	*known = 0;
	for (unsigned int i = 0; i < reg->words * reg->width / 8; i++) {
		unsigned int word = i / (reg->width / 8);
		unsigned int bit = i % (reg->width / 8) * 8;
		/* below FIRST it wraps, and is past the end */
		uint64_t at = offset + i - span->first->offset;
		uint64_t bits;

		if (at >= span->length || bit >= word_bits)
			continue;
		bits = width_max(word_bits) >> bit & 0xff;
		if (reg->words > 1)
			bit += target_word_shift(reg, word);
		*value |= (span->data[at] & bits) << bit;
		*known |= bits << bit;
	}
	*known &= width_max(reg->bits);
	*value &= *known;
}

/* As a write of the whole register is held against the map, by as much of it as is known. */
static int check_store(const struct access *a, const struct regmap_register *reg, uint64_t offset,
		       const struct span *span, struct error *error)
{
	const struct regmap_item item = { .reg = reg };
	uint64_t value = 0;
	uint64_t known = 0;

	/* what has more bits than a value has no values to choose from */
	if (span->data && reg->bits <= 64)
		stored_value(reg, offset, span, &value, &known);
	return write_plan_check(a->map, &item, value, known, false, error);
}

static int check_use(const struct access *a, const struct regmap_register *reg, uint64_t offset,
		     const struct span *span, struct error *error)
{
	const char *reason;
	int rc;

	if (span->use == ACCESS_BYTES || a->ctx->unsafe)
		return 0;
	rc = check_store(a, reg, offset, span, error);
	if (rc < 0 || span->use == ACCESS_STORE)
		return rc;
	reason = no_memory_of(a->map, reg);
	if (!reason)
		return 0;
	rc = error_set(error, ERROR_USAGE, "unsafe", "%s is no memory: the map says that %s", reg->name,
		       reason);
	error_hint(error, "--unsafe tests it all the same");
	return rc;
}

int access_check_span(struct access *a, const struct target *first, uint64_t length, enum access_use use,
		      const uint8_t *data, struct error *error)
{
	const struct span span = { .first = first, .length = length, .use = use, .data = data };
	struct regmap *map;
	int rc = access_map(a, &map, error);

	for (size_t i = 0; rc == 0 && map && i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];
		uint64_t offset;

		if ((use == ACCESS_BYTES && !is_conditional(map, reg)) || !is_within(a, reg, &span, &offset))
			continue;
		if (is_conditional(map, reg))
			rc = access_need_there(a, reg, error);
		if (rc == 0)
			rc = check_use(a, reg, offset, &span, error);
	}
	return rc;
}

int access_unsafe_in_span(struct access *a, const struct target *first, uint64_t length,
			  const struct regmap_register **regs, size_t size, size_t *count,
			  struct error *error)
{
	const struct span span = { .first = first, .length = length };
	struct regmap *map;
	size_t n = 0;
	int rc = access_map(a, &map, error);

	for (size_t i = 0; rc == 0 && map && i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];
		uint64_t offset;

		if (!regmap_unsafe_to_read(map, reg) || !is_within(a, reg, &span, &offset))
			continue;
		if (n < size)
			regs[n] = reg;
		n++;
	}
	if (rc == 0)
		*count = n;
	return rc;
}

int access_unsafe_places(struct access *a, struct unsafe_place **places, size_t *count, struct error *error)
{
	struct unsafe_place *list = NULL;
	struct regmap *map;
	size_t n = 0;
	int rc = access_map(a, &map, error);

	for (size_t i = 0; rc == 0 && map && i < map->register_count; i++) {
		const struct regmap_register *reg = &map->registers[i];
		struct unsafe_place place = { .reg = reg, .size = (uint64_t)reg->words * reg->width / 8 };
		struct unsafe_place *grown;
		struct error ignored;

		/* what is nowhere is not read at any place */
		if (!regmap_unsafe_to_read(map, reg) ||
		    access_place_of(a, reg, &place.bar, &place.offset, &ignored) < 0)
			continue;
		grown = array_grow(list, n, sizeof(*grown));
		if (!grown) {
			rc = error_errno(error, -ENOMEM, "%s", map->path);
			break;
		}
		list = grown;
		grown[n++] = place;
	}
	if (rc < 0) {
		free(list);
		return rc;
	}
	*places = list;
	*count = n;
	return 0;
}
