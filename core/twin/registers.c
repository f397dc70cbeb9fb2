// SPDX-License-Identifier: GPL-2.0-or-later
/* CMSIS-SVD's words (1.3, "registers level": access, readAction, modifiedWriteValues, writeConstraint), done. */
#include "core/twin/registers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/number.h"
#include "core/mapfile/set.h"

/* --- what each bit does ------------------------------------------------------------------------------ */

static void add_behaviour(struct register_masks *m, const struct regmap_behaviour *b, uint64_t bits)
{
	bool writes_only = b->access == REGMAP_WRITE_ONLY || b->access == REGMAP_WRITE_ONCE;

	if (!writes_only)
		m->readable |= bits;
	if (!regmap_is_read_only(b))
		m->writable |= bits;
	if (b->access == REGMAP_WRITE_ONCE || b->access == REGMAP_READ_WRITE_ONCE)
		m->once |= bits;
	if (b->on_read == READ_CLEARS)
		m->read_clears |= bits;
	if (b->on_read == READ_SETS)
		m->read_sets |= bits;
	m->on_write[b->on_write] |= bits;
}

/* Bits that no field has are reserved, where the map has all fields: they read as after a reset, and stay so. */
static void make_masks(const struct regmap *map, struct register_state *s)
{
	uint64_t rest = width_max(s->reg->bits);

	for (uint32_t i = 0; i < s->reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, s->reg, i);

		add_behaviour(&s->masks, &field->behaviour, regmap_field_mask(field) & rest);
		rest &= ~regmap_field_mask(field);
	}
	if (s->reg->field_count == 0 || s->reg->lacks_fields)
		add_behaviour(&s->masks, &s->reg->behaviour, rest);
	else
		s->masks.readable |= rest;
}

/* --- where they are ----------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
	const struct register_cell *x = a;
	const struct register_cell *y = b;

	if (x->bar != y->bar)
		return x->bar < y->bar ? -1 : 1;
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (x->state->reg->is_alternate != y->state->reg->is_alternate)
		return x->state->reg->is_alternate ? 1 : -1;
	return x->state < y->state ? -1 : x->state > y->state;
}

static void drop_overlaps(struct register_file *f)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->cell_count; i++) {
		const struct register_cell *before = kept ? &f->cells[kept - 1] : NULL;

		if (before && before->bar == f->cells[i].bar &&
		    before->offset + before->bytes > f->cells[i].offset)
			continue;
		f->cells[kept++] = f->cells[i];
	}
	f->cell_count = kept;
}

static void add_cells(struct register_file *f, struct register_state *s)
{
	const struct regmap_register *reg = s->reg;

	for (unsigned int i = 0; i < reg->words; i++) {
		unsigned int word = reg->low_first ? i : reg->words - 1 - i;
		unsigned int lsb = reg->words == 1 ? 0 : word * reg->word_bits;
		uint64_t mask = width_max(reg->words == 1 ? reg->bits : reg->word_bits);

		/* values have 64 bits: what is above is nobody's */
		if (lsb >= 64)
			continue;
		f->cells[f->cell_count++] =
			(struct register_cell){ .bar = s->bar,
						.offset = s->offset + (uint64_t)i * (reg->width / 8),
						.bytes = reg->width / 8,
						.lsb = lsb,
						.mask = mask,
						.state = s };
	}
}

static int add_register(struct register_file *f, const struct context *ctx, const struct regmap_register *reg,
			struct error *error)
{
	struct register_state *s = &f->states[reg - f->map->registers];
	int bar = regmap_bar(f->map, reg);
	int rc;

	/* a twin has no capability that would place it */
	if (regmap_placed(f->map, reg))
		return 0;
	*s = (struct register_state){ .reg = reg, .bar = bar < 0 ? 0 : (unsigned int)bar };
	rc = regmap_offset(ctx, f->map, reg, &s->offset, error);
	if (rc < 0)
		return rc;
	if (reg->has_reset)
		s->initial = reg->reset_value & reg->reset_mask;
	make_masks(f->map, s);
	add_cells(f, s);
	return 0;
}

int register_file_open(struct register_file *f, const struct context *ctx, struct regmap *map,
		       struct error *error)
{
	size_t cells = 0;
	int rc = 0;

	*f = (struct register_file){ .map = map };
	if (!map)
		return 0;
	for (size_t i = 0; i < map->register_count; i++)
		cells += map->registers[i].words;
	f->states = calloc(map->register_count + 1, sizeof(*f->states));
	f->cells = calloc(cells + 1, sizeof(*f->cells));
	if (!f->states || !f->cells)
		rc = error_errno(error, -ENOMEM, "%s", map->path);
	else
		f->count = map->register_count;
	for (size_t i = 0; rc == 0 && i < map->register_count; i++)
		rc = add_register(f, ctx, &map->registers[i], error);
	if (rc < 0) {
		register_file_close(f);
		return rc;
	}
	qsort(f->cells, f->cell_count, sizeof(*f->cells), by_place);
	drop_overlaps(f);
	register_file_reset(f);
	return 0;
}

void register_file_close(struct register_file *f)
{
	free(f->states);
	free(f->cells);
	*f = (struct register_file){ 0 };
}

size_t register_file_in_bar(const struct register_file *f, unsigned int bar, uint64_t *extent)
{
	size_t count = 0;

	*extent = 0;
	for (size_t i = 0; i < f->cell_count; i++) {
		if (f->cells[i].bar != bar)
			continue;
		count++;
		*extent = f->cells[i].offset + f->cells[i].bytes;
	}
	return count;
}

const struct regmap_register *register_file_last(const struct register_file *f, unsigned int bar)
{
	for (size_t i = f->cell_count; i > 0; i--) {
		if (f->cells[i - 1].bar == bar)
			return f->cells[i - 1].state->reg;
	}
	return NULL;
}

struct register_state *register_file_find(const struct register_file *f, const struct regmap_register *reg)
{
	struct register_state *s = &f->states[reg - f->map->registers];

	return s->reg ? s : NULL;
}

/* The first cell that ends behind OFFSET. */
static size_t first_cell(const struct register_file *f, unsigned int bar, uint64_t offset)
{
	size_t low = 0;
	size_t high = f->cell_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct register_cell *c = &f->cells[middle];

		if (c->bar < bar || (c->bar == bar && c->offset + c->bytes <= offset))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool register_file_preset(struct register_file *f, unsigned int bar, uint64_t offset, uint64_t value)
{
	size_t i = first_cell(f, bar, offset);

	if (i >= f->cell_count || f->cells[i].bar != bar || f->cells[i].offset != offset)
		return false;
	f->cells[i].state->initial = value & width_max(f->cells[i].state->reg->bits);
	return true;
}

void register_file_reset(struct register_file *f)
{
	for (size_t i = 0; i < f->count; i++) {
		f->states[i].value = f->states[i].initial;
		f->states[i].written = 0;
	}
}

/* --- an access ------------------------------------------------------------------------------------------ */

/*
 * Where an access of COUNT bytes at OFFSET meets a cell: the bits of the register's value that it has, and how far they are
 * shifted in the bytes of the access (to the left; negative: to the right).
 */
static uint64_t meet(const struct register_cell *c, uint64_t offset, size_t count, int *shift)
{
	int64_t distance = (int64_t)(c->offset - offset) * 8;
	uint64_t window = width_max((unsigned int)(8 * count));

	*shift = (int)distance - (int)c->lsb;
	/* the bytes of the access, as bits of the cell */
	if (distance >= 0)
		window >>= distance;
	else
		window <<= -distance;
	return (window & c->mask) << c->lsb;
}

static uint64_t shifted(uint64_t value, int shift)
{
	if (shift >= 64 || shift <= -64)
		return 0;
	return shift >= 0 ? value << shift : value >> -shift;
}

static uint64_t read_cell(const struct register_cell *c, uint64_t mask, const struct register_hooks *hooks)
{
	struct register_state *s = c->state;
	uint64_t value = s->value & s->masks.readable & mask;

	if (hooks->read)
		hooks->read(hooks->data, s, mask, &value);
	s->value &= ~(s->masks.read_clears & mask);
	s->value |= s->masks.read_sets & mask;
	return value & mask;
}

const struct register_state *register_file_read(struct register_file *f, unsigned int bar, uint64_t offset,
						uint8_t *bytes, size_t count,
						const struct register_hooks *hooks)
{
	const struct register_state *met = NULL;
	uint64_t value = 0;

	for (size_t i = first_cell(f, bar, offset);
	     i < f->cell_count && f->cells[i].bar == bar && f->cells[i].offset < offset + count; i++) {
		int shift;
		uint64_t mask = meet(&f->cells[i], offset, count, &shift);

		if (!met)
			met = f->cells[i].state;
		value |= shifted(read_cell(&f->cells[i], mask, hooks), shift);
	}
	for (size_t i = 0; i < count; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
	return met;
}

/* A value that is not only to be read has a name, or another one has that stands for all the rest. */
static bool has_name(const struct regmap *map, const struct regmap_field *field, uint64_t value)
{
	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		if (!e->not_for_write && (e->is_default || ((value ^ e->value) & e->mask) == 0))
			return true;
	}
	return field->enum_count == 0;
}

static bool takes(const struct regmap *map, const struct regmap_field *field,
		  const struct regmap_behaviour *b, uint64_t value, uint64_t old)
{
	switch (b->constraint) {
	case CONSTRAINT_RANGE:
		return value >= b->minimum && value <= b->maximum;
	case CONSTRAINT_AS_READ:
		return value == old;
	case CONSTRAINT_ENUM:
		return !field || has_name(map, field, value);
	default:
		return true;
	}
}

/* The bits of a write that a constraint does not take. A part of a field is as it will be with the rest. */
static uint64_t refused_bits(const struct regmap *map, const struct register_state *s, uint64_t mask,
			     uint64_t written)
{
	uint64_t whole = (s->value & ~mask) | (written & mask);
	uint64_t refused = 0;

	for (uint32_t i = 0; i < s->reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, s->reg, i);
		uint64_t bits = regmap_field_mask(field);

		if (bits & mask && !takes(map, field, &field->behaviour, (whole & bits) >> field->lsb,
					  (s->value & bits) >> field->lsb))
			refused |= bits & mask;
	}
	if (s->reg->field_count == 0 && !takes(map, NULL, &s->reg->behaviour, whole, s->value))
		refused = mask;
	return refused;
}

/* MASK's bits of VALUE after WRITTEN was written to them. */
static uint64_t written_value(const struct register_masks *m, uint64_t value, uint64_t mask, uint64_t written)
{
	const uint64_t *on = m->on_write;
	uint64_t ones = written & mask;
	uint64_t zeroes = ~written & mask;

	value = (value & ~(on[WRITE_MODIFIES] & mask)) | (ones & on[WRITE_MODIFIES]);
	value &= ~(ones & on[WRITE_1_CLEARS]);
	value |= ones & on[WRITE_1_SETS];
	value ^= ones & on[WRITE_1_TOGGLES];
	value &= ~(zeroes & on[WRITE_0_CLEARS]);
	value |= zeroes & on[WRITE_0_SETS];
	value ^= zeroes & on[WRITE_0_TOGGLES];
	value &= ~(mask & on[WRITE_CLEARS]);
	return value | (mask & on[WRITE_SETS]);
}

static uint64_t write_cell(const struct regmap *map, const struct register_cell *c, uint64_t mask,
			   uint64_t written, const struct register_hooks *hooks)
{
	struct register_state *s = c->state;
	uint64_t refused = refused_bits(map, s, mask, written);
	uint64_t takes_it = mask & s->masks.writable & ~s->written & ~refused;
	uint64_t old = s->value;

	s->value = written_value(&s->masks, old, takes_it, written);
	s->written |= s->masks.once & takes_it;
	if (hooks->write && takes_it)
		hooks->write(hooks->data, s, takes_it, written & takes_it, old);
	return refused;
}

const struct register_state *register_file_write(struct register_file *f, unsigned int bar, uint64_t offset,
						 const uint8_t *bytes, size_t count,
						 const struct register_hooks *hooks, uint64_t *refused)
{
	const struct register_state *met = NULL;
	uint64_t value = 0;

	*refused = 0;
	for (size_t i = 0; i < count; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	for (size_t i = first_cell(f, bar, offset);
	     i < f->cell_count && f->cells[i].bar == bar && f->cells[i].offset < offset + count; i++) {
		int shift;
		uint64_t mask = meet(&f->cells[i], offset, count, &shift);

		if (!met)
			met = f->cells[i].state;
		*refused |= write_cell(f->map, &f->cells[i], mask, shifted(value, -shift), hooks);
	}
	return met;
}
