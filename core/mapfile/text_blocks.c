// SPDX-License-Identifier: GPL-2.0-or-later
/* Text maps: blocks, where they are and whether they are there; see pcietool-map(5). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/mapfile/text.h"
#include "core/regmap/store.h"

static int take_bar(struct text_map *t, const struct text_row *row, const char *text, int *bar)
{
	uint64_t v;
	int rc = text_take_number(t, row, "BAR", text, &v);

	if (rc == 0 && v > 5)
		rc = text_bad(t, row, "there is no BAR %llu: BARs are 0 to 5", (unsigned long long)v);
	if (rc == 0)
		*bar = (int)v;
	return rc;
}

/* "virtio:1" */
static int take_at(struct text_map *t, const struct text_row *row, const char *text, uint8_t *type)
{
	static const char virtio[] = "virtio:";
	uint64_t v;
	int rc;

	if (strncmp(text, virtio, sizeof(virtio) - 1) != 0)
		return text_bad(t, row, "at= is virtio:TYPE, not '%.60s'", text);
	rc = text_take_number(t, row, "type", text + sizeof(virtio) - 1, &v);
	if (rc == 0 && (v < 1 || v > UINT8_MAX))
		rc = text_bad(t, row, "the type of a virtio capability is 1 to 255");
	if (rc == 0)
		*type = (uint8_t)v;
	return rc;
}

/* bar= or at= from *COLUMN on, which is set behind it. */
static int take_place(struct text_map *t, const struct text_row *row, unsigned int *column,
		      struct regmap_block *block)
{
	bool is_taken = false;
	int rc = 0;

	for (; rc == 0 && *column < row->count; (*column)++) {
		const char *text = row->columns[*column].text;
		bool is_bar = strncmp(text, "bar=", 4) == 0;

		if (!is_bar && strncmp(text, "at=", 3) != 0)
			return 0;
		if (is_taken)
			return text_bad(t, row, "a block has one place: one bar= or one at=, not '%.60s' too",
					text);
		is_taken = true;
		rc = is_bar ? take_bar(t, row, text + 4, &block->bar)
			    : take_at(t, row, text + 3, &block->virtio_type);
	}
	return rc;
}

int text_row_block(struct text_map *t, const struct text_row *row)
{
	struct regmap_block block = { .bar = -1 };
	unsigned int column = 4;
	int rc;

	rc = text_take_name(t, row, row->columns[1].text, true, &block.name);
	if (rc == 0)
		rc = text_take_number(t, row, "address", row->columns[2].text, &block.address);
	if (rc == 0 && row->count > 3 && row->columns[3].text[0])
		rc = text_take_number(t, row, "size", row->columns[3].text, &block.size);
	if (rc == 0)
		rc = take_place(t, row, &column, &block);
	if (rc == 0)
		rc = text_take_description(t, row, column, &block.description);
	return rc ? rc : text_add_block(t, row, block);
}

/* The block of a row about one. NULL: there is none, and that was noted. */
static struct regmap_block *find_block(struct text_map *t, const struct text_row *row)
{
	const char *name = row->columns[1].text;
	uint32_t index;

	if (name_table_find(&t->blocks, name, strlen(name), &index))
		return &t->map->blocks[index];
	text_bad(t, row, "there is no block '%.60s' above", name);
	return NULL;
}

int text_row_bar(struct text_map *t, const struct text_row *row)
{
	struct regmap_block *block = find_block(t, row);

	return block ? take_bar(t, row, row->columns[2].text, &block->bar) : TEXT_BAD;
}

/* --- conditions ----------------------------------------------------------------------------------- */

/* REGISTER or REGISTER:BITS, LENGTH characters of TEXT. */
static int take_term(struct text_map *t, const struct text_row *row, const char *text, size_t length,
		     struct regmap_condition *c)
{
	const char *colon = memchr(text, ':', length);
	size_t name_length = colon ? (size_t)(colon - text) : length;
	const struct regmap_register *reg;
	unsigned int lsb = 0;
	unsigned int bits;
	uint32_t index;
	char range[32];
	int rc = 0;

	if (c->count == REGMAP_TERMS_MAX)
		return text_bad(t, row, "a sum has at most %d terms", REGMAP_TERMS_MAX);
	if (!name_table_find(&t->registers, text, name_length, &index))
		return text_bad(t, row, "there is no register '%.*s' above", (int)name_length, text);
	reg = &t->map->registers[index];
	bits = reg->bits;
	if (colon) {
		snprintf(range, sizeof(range), "%.*s", (int)(length - name_length - 1), colon + 1);
		rc = text_take_bits(t, row, range, &lsb, &bits);
	}
	if (rc)
		return rc;
	if (reg->words > 1 || lsb + bits > reg->bits)
		return text_bad(t, row, "'%.*s': these are no bits of a register of one word", (int)length,
				text);
	c->terms[c->count].reg = index;
	c->terms[c->count].lsb = (uint16_t)lsb;
	c->terms[c->count++].bits = (uint16_t)bits;
	return 0;
}

int text_row_if(struct text_map *t, const struct text_row *row)
{
	struct regmap_condition c = { .place = row->place };
	struct regmap_block *block = find_block(t, row);
	const char *text = row->columns[2].text;
	const char *above = strchr(text, '>');
	int rc = 0;

	if (!block)
		return TEXT_BAD;
	if (!above)
		return text_bad(t, row, "'%.60s' is no condition: REGISTER:BITS>NUMBER", text);
	if (block->condition.count)
		return text_bad(t, row, "%s has a condition already", block->name);
	while (rc == 0 && text < above) {
		size_t n = strcspn(text, "+>");

		rc = take_term(t, row, text, n, &c);
		text += n + (text[n] == '+');
	}
	if (rc == 0 && (c.count == 0 || above[-1] == '+'))
		rc = text_bad(t, row, "a register is missing in front of the '>'");
	if (rc == 0)
		rc = text_take_number(t, row, "number", above + 1, &c.above);
	if (rc == 0)
		block->condition = c;
	return rc;
}

/* A condition is asked for before it is known what is there, so nothing may depend on it or come of it. */
static void check_term(struct text_map *t, const struct regmap_block *block,
		       const struct regmap_register *reg)
{
	const struct regmap_block *its = reg->block == REGMAP_NO_BLOCK ? NULL : &t->map->blocks[reg->block];
	const char *reason = regmap_unsafe_to_read(t->map, reg);
	size_t place = block->condition.place;

	if (reason)
		regmap_problem(t->map, place, "if: %s: %s, so no condition can stand on it", reg->name,
			       reason);
	else if (its == block)
		regmap_problem(t->map, place, "if: %s is in the block itself, which may not be there",
			       reg->name);
	else if (its && its->condition.count)
		regmap_problem(t->map, place, "if: %s is in %s, which has a condition itself", reg->name,
			       its->name);
}

void text_check_conditions(struct text_map *t)
{
	for (size_t i = 0; i < t->map->block_count; i++) {
		const struct regmap_block *block = &t->map->blocks[i];

		for (unsigned int n = 0; n < block->condition.count; n++)
			check_term(t, block, &t->map->registers[block->condition.terms[n].reg]);
	}
}
