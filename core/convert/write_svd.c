// SPDX-License-Identifier: GPL-2.0-or-later
/* A map as CMSIS-SVD 1.3: elements of XML, from a value inside a field inside a register out to the peripherals. */
#include "core/convert/convert.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/number.h"
#include "core/base/text_buffer.h"
#include "core/convert/internal.h"
#include "core/convert/gaps.h"
#include "core/convert/xml_out.h"
#include "core/regmap/build.h"

/* The part of a register that becomes one of SVD: all of it where it has one word. */
struct svd_word {
	unsigned int lsb;
	unsigned int bits;
};

/* --- behaviour -------------------------------------------------------------------------------- */

static void put_constraint(struct xml_out *xml, const struct regmap_behaviour *b)
{
	xml_begin(xml, "writeConstraint");
	if (b->constraint == CONSTRAINT_ENUM) {
		xml_leaf(xml, "useEnumeratedValues", "true");
	} else if (b->constraint == CONSTRAINT_RANGE) {
		xml_begin(xml, "range");
		xml_format(xml, "minimum", "0x%" PRIx64, b->minimum);
		xml_format(xml, "maximum", "0x%" PRIx64, b->maximum);
		xml_end(xml, "range");
	} else {
		xml_leaf(xml, "writeAsRead", b->constraint == CONSTRAINT_AS_READ ? "true" : "false");
	}
	xml_end(xml, "writeConstraint");
}

/*
 * FROM is what is inherited where nothing is said. "unsafe" has no word, "modify" is as careful; nor has a harmless read
 * in a register that has an effect.
 */
static void put_effects(struct xml_out *xml, const struct regmap_behaviour *b,
			const struct regmap_behaviour *from)
{
	enum regmap_read_effect on_read = b->on_read ? b->on_read : from->on_read;

	if (from->on_write != WRITE_MODIFIES && b->on_write == WRITE_MODIFIES)
		xml_leaf(xml, "modifiedWriteValues", "modify");
	xml_leaf(xml, "modifiedWriteValues", regmap_write_effect_name(b->on_write));
	if (b->constraint != CONSTRAINT_NONE || from->constraint != CONSTRAINT_NONE)
		put_constraint(xml, b);
	xml_leaf(xml, "readAction",
		 regmap_read_effect_name(on_read == READ_UNSAFE ? READ_MODIFIES : on_read));
}

/* What a split register's words have of it. */
static struct regmap_behaviour behaviour_of(const struct regmap_register *reg, bool split)
{
	struct regmap_behaviour b = reg->behaviour;

	if (split)
		b.constraint = CONSTRAINT_NONE;
	return b;
}

static void put_svd_effects(struct xml_out *xml, const struct regmap_register *reg, bool split)
{
	static const struct regmap_behaviour nothing;
	struct regmap_behaviour b = behaviour_of(reg, split);

	put_effects(xml, &b, &nothing);
}

/* The bits of FIELD that are in WORD, to *PART, counted from the word's lowest; false: there is none. */
static bool part_of(const struct regmap_field *field, const struct svd_word *word, struct svd_word *part)
{
	unsigned int low = field->lsb > word->lsb ? field->lsb : word->lsb;
	unsigned int end = field->lsb + field->bits;

	if (end > word->lsb + word->bits)
		end = word->lsb + word->bits;
	if (low >= end)
		return false;
	*part = (struct svd_word){ .lsb = low - word->lsb, .bits = end - low };
	return true;
}

/* Unknown has no word: a field that says nothing has the register's access, which then must say nothing either. */
static bool hides_access(const struct regmap *map, const struct regmap_register *reg,
			 const struct svd_word *word)
{
	char name[GAP_NAME_SIZE];
	struct regmap_field gap;
	struct svd_word part;

	for (uint32_t i = 0; i < reg->field_count; i++) {
		const struct regmap_field *field = regmap_field_at(map, reg, i);

		if (field->behaviour.access == REGMAP_UNKNOWN && part_of(field, word, &part))
			return true;
	}
	for (unsigned int from = 0; reg->lacks_fields && gap_next(map, reg, from, &gap, name);
	     from = gap.lsb + gap.bits) {
		if (part_of(&gap, word, &part))
			return true;
	}
	return false;
}

/* --- values ----------------------------------------------------------------------------------- */

/* Binary with an 'x' for every bit that does not matter. */
static void put_masked(struct xml_out *xml, const struct regmap_enum *e, unsigned int bits)
{
	char text[72];
	char *p = text;

	*p++ = '0';
	*p++ = 'b';
	for (unsigned int bit = bits; bit-- > 0;)
		*p++ = !(e->mask >> bit & 1) ? 'x' : e->value >> bit & 1 ? '1' : '0';
	*p = '\0';
	xml_leaf(xml, "value", text);
}

static void put_enum(struct xml_out *xml, const struct regmap_field *field, const struct regmap_enum *e)
{
	uint64_t all = width_max(field->bits);

	xml_begin(xml, "enumeratedValue");
	xml_leaf(xml, "name", e->name);
	xml_leaf(xml, "description", e->description);
	if (e->is_default)
		xml_leaf(xml, "isDefault", "true");
	if (regmap_enum_has_value(field, e) && (e->mask & all) == all)
		xml_format(xml, "value", "0x%" PRIx64, e->value);
	else if (regmap_enum_has_value(field, e))
		put_masked(xml, e, field->bits);
	xml_end(xml, "enumeratedValue");
}

enum usage { USAGE_BOTH, USAGE_READ, USAGE_WRITE };

static enum usage usage_of(const struct regmap_enum *e)
{
	return e->not_for_write ? USAGE_READ : e->not_for_read ? USAGE_WRITE : USAGE_BOTH;
}

static void put_enums(struct xml_out *xml, const struct regmap *map, const struct regmap_field *field,
		      enum usage usage)
{
	static const char *const words[] = { "read-write", "read", "write" };
	bool open = false;

	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &map->enums[field->first_enum + i];

		if (usage_of(e) != usage)
			continue;
		if (!open) {
			xml_begin(xml, "enumeratedValues");
			xml_leaf(xml, "usage", words[usage]);
		}
		open = true;
		put_enum(xml, field, e);
	}
	if (open)
		xml_end(xml, "enumeratedValues");
}

/* --- fields ----------------------------------------------------------------------------------- */

/* Of one that lies across words a part: it behaves as the whole does, but what its values mean is not its own. */
static void put_field(struct xml_out *xml, const struct regmap *map, const struct regmap_field *field,
		      const struct svd_word *part, const struct regmap_behaviour *from)
{
	struct regmap_behaviour b = field->behaviour;
	bool whole = part->bits == field->bits;

	if (!whole)
		b.constraint = CONSTRAINT_NONE;
	xml_begin(xml, "field");
	xml_leaf(xml, "name", field->name);
	xml_leaf(xml, "description", field->description);
	xml_format(xml, "bitRange", "[%u:%u]", part->lsb + part->bits - 1, part->lsb);
	xml_leaf(xml, "access", regmap_access_name(b.access));
	put_effects(xml, &b, from);
	for (int usage = USAGE_BOTH; whole && usage <= USAGE_WRITE; usage++)
		put_enums(xml, map, field, (enum usage)usage);
	xml_end(xml, "field");
}

/* The part of FIELD that is in WORD; the first one opens the fields. */
static void put_part(struct xml_out *xml, const struct regmap *map, const struct regmap_field *field,
		     const struct svd_word *word, const struct regmap_behaviour *from, bool *open)
{
	struct svd_word part;

	if (!part_of(field, word, &part))
		return;
	if (!*open)
		xml_begin(xml, "fields");
	*open = true;
	put_field(xml, map, field, &part, from);
}

/* With those for what is in none, where the register cannot say its access. */
static void put_svd_fields(struct xml_out *xml, const struct regmap *map, const struct regmap_register *reg,
			   const struct svd_word *word)
{
	struct regmap_behaviour from = behaviour_of(reg, reg->words > 1);
	bool needs_gaps = hides_access(map, reg, word) && gap_needs_access(map, reg);
	char name[GAP_NAME_SIZE];
	struct regmap_field gap;
	bool open = false;

	for (uint32_t i = 0; i < reg->field_count; i++)
		put_part(xml, map, regmap_field_at(map, reg, i), word, &from, &open);
	for (unsigned int at = 0; needs_gaps && gap_next(map, reg, at, &gap, name); at = gap.lsb + gap.bits)
		put_part(xml, map, &gap, word, &from, &open);
	if (open)
		xml_end(xml, "fields");
}

/* More than there are dots in a name. */
#define CLUSTERS_MAX (REGMAP_NAME_SIZE / 2)
#define NONE UINT32_MAX

struct svd_out {
	struct xml_out xml;
	const struct regmap *map;
	/* The registers of each block in the order of the file; those of none behind the last block's. */
	uint32_t *first; /* NONE */
	uint32_t *next;
	/* the clusters that are open */
	struct {
		const char *name; /* the start of a register's */
		size_t length;
	} clusters[CLUSTERS_MAX];
	unsigned int cluster_count;
};

static int sort_by_block(struct svd_out *o)
{
	const struct regmap *map = o->map;

	o->first = malloc((map->block_count + 1) * sizeof(*o->first));
	o->next = malloc((map->register_count + 1) * sizeof(*o->next));
	if (!o->first || !o->next)
		return -ENOMEM;
	for (size_t i = 0; i <= map->block_count; i++)
		o->first[i] = NONE;
	for (size_t i = map->register_count; i-- > 0;) {
		uint32_t block = map->registers[i].block;
		uint32_t *first = &o->first[block == REGMAP_NO_BLOCK ? map->block_count : block];

		o->next[i] = *first;
		*first = (uint32_t)i;
	}
	return 0;
}

/* --- registers -------------------------------------------------------------------------------- */

static unsigned int width_of(unsigned int bits)
{
	return bits <= 8 ? 8 : bits <= 16 ? 16 : bits <= 32 ? 32 : 64;
}

/* WIDE: it has the bits of its access, and those that it has not itself are written as 0. */
static void put_reset(struct svd_out *o, const struct regmap_register *reg, const struct svd_word *word,
		      bool wide)
{
	uint64_t bits = width_max(reg->word_bits);
	uint64_t padding = wide ? width_max(reg->width) & ~bits : 0;

	if (!reg->has_reset || word->lsb >= 64)
		return;
	xml_format(&o->xml, "resetValue", "0x%" PRIx64, reg->reset_value >> word->lsb & bits);
	xml_format(&o->xml, "resetMask", "0x%" PRIx64, (reg->reset_mask >> word->lsb & bits) | padding);
}

/* One word of a register, or all of it. INDEX counts in rising order of addresses. */
static void put_register(struct svd_out *o, const struct regmap_register *reg, const char *name,
			 uint64_t offset, unsigned int index)
{
	bool split = reg->words > 1;
	unsigned int n = reg->low_first ? index : reg->words - 1 - index;
	struct svd_word word = { .lsb = n * reg->word_bits, .bits = reg->word_bits };
	bool wide = split || reg->width != width_of(reg->bits);

	xml_begin(&o->xml, "register");
	if (split)
		xml_format(&o->xml, "name", "%s%u", name, n);
	else
		xml_leaf(&o->xml, "name", name);
	xml_leaf(&o->xml, "description", reg->description);
	/* the name, which it has already, is not needed to tell it from others */
	if (reg->is_alternate)
		xml_leaf(&o->xml, "alternateGroup", reg->group ? reg->group : "alternate");
	xml_format(&o->xml, "addressOffset", "0x%" PRIx64, offset + (uint64_t)index * reg->width / 8);
	xml_format(&o->xml, "size", "%u", wide ? reg->width : reg->bits);
	if (!hides_access(o->map, reg, &word))
		xml_leaf(&o->xml, "access", regmap_access_name(reg->behaviour.access));
	put_reset(o, reg, &word, wide);
	put_svd_effects(&o->xml, reg, split);
	put_svd_fields(&o->xml, o->map, reg, &word);
	xml_end(&o->xml, "register");
}

/* --- clusters: the parts of a name between the block and the register ------------------------------ */

static void close_clusters(struct svd_out *o, unsigned int keep)
{
	while (o->cluster_count > keep) {
		xml_end(&o->xml, "cluster");
		o->cluster_count--;
	}
}

static void open_cluster(struct svd_out *o, unsigned int level, const char *name, size_t length)
{
	if (level < o->cluster_count && o->clusters[level].length == length &&
	    memcmp(o->clusters[level].name, name, length) == 0)
		return;
	close_clusters(o, level);
	xml_begin(&o->xml, "cluster");
	xml_format(&o->xml, "name", "%.*s", (int)length, name);
	xml_leaf(&o->xml, "addressOffset", "0x0");
	o->clusters[level].name = name;
	o->clusters[level].length = length;
	o->cluster_count = level + 1;
}

/* Opens those of NAME that are not open yet; returns what is behind the last dot. */
static const char *open_clusters(struct svd_out *o, const char *name)
{
	unsigned int level = 0;
	const char *dot;

	for (; (dot = strchr(name, '.')) && level < CLUSTERS_MAX; name = dot + 1)
		open_cluster(o, level++, name, (size_t)(dot - name));
	close_clusters(o, level);
	return name;
}

/* --- peripherals ---------------------------------------------------------------------------------- */

/* LiteX's names have the block in front with a '_'. */
static const char *name_in_block(const struct regmap_register *reg, const struct regmap_block *block)
{
	size_t n = block ? strlen(block->name) : 0;

	if (reg->short_name == reg->name && n && strncmp(reg->name, block->name, n) == 0 &&
	    reg->name[n] == '_')
		return reg->name + n + 1;
	return reg->short_name;
}

static bool is_block(const struct regmap *map, const char *name)
{
	for (size_t i = 0; i < map->block_count; i++) {
		if (strcmp(map->blocks[i].name, name) == 0)
			return true;
	}
	return false;
}

/* The peripheral for what is in no block: after the map, which may be called anything. */
static void name_of_rest(const struct regmap *map, char *name, size_t size)
{
	size_t n = 0;

	for (; n < size / 2 && map->name[n]; n++)
		name[n] = isalnum((unsigned char)map->name[n]) ? map->name[n] : '_';
	if (n == 0)
		name[n++] = '_';
	name[n] = '\0';
	while (is_block(map, name) && n < size - 1) {
		name[n++] = '_';
		name[n] = '\0';
	}
}

/* A peripheral's name has no dots. */
static void put_block_name(struct svd_out *o, const char *block)
{
	char name[REGMAP_NAME_SIZE];
	size_t n = 0;

	for (; n < sizeof(name) - 1 && block[n]; n++)
		name[n] = block[n] == '.' ? '_' : block[n];
	name[n] = '\0';
	xml_leaf(&o->xml, "name", name);
}

static void put_registers(struct svd_out *o, const struct regmap_block *block, uint32_t first)
{
	if (first == NONE)
		return;
	xml_begin(&o->xml, "registers");
	for (uint32_t i = first; i != NONE; i = o->next[i]) {
		const struct regmap_register *reg = &o->map->registers[i];
		const char *name = open_clusters(o, name_in_block(reg, block));

		for (unsigned int word = 0; word < reg->words; word++)
			put_register(o, reg, name, reg->address - (block ? block->address : 0), word);
	}
	close_clusters(o, 0);
	xml_end(&o->xml, "registers");
}

static void put_block(struct svd_out *o, const struct regmap_block *block, uint32_t first)
{
	xml_begin(&o->xml, "peripheral");
	put_block_name(o, block->name);
	xml_leaf(&o->xml, "description", block->description);
	xml_format(&o->xml, "baseAddress", "0x%" PRIx64, block->address);
	if (block->size) {
		xml_begin(&o->xml, "addressBlock");
		xml_leaf(&o->xml, "offset", "0x0");
		xml_format(&o->xml, "size", "0x%" PRIx64, block->size);
		xml_leaf(&o->xml, "usage", "registers");
		xml_end(&o->xml, "addressBlock");
	}
	put_registers(o, block, first);
	xml_end(&o->xml, "peripheral");
}

static void put_rest(struct svd_out *o, uint32_t first)
{
	char name[REGMAP_NAME_SIZE / 2];

	if (first == NONE)
		return;
	name_of_rest(o->map, name, sizeof(name));
	xml_begin(&o->xml, "peripheral");
	xml_leaf(&o->xml, "name", name);
	xml_leaf(&o->xml, "baseAddress", "0x0");
	put_registers(o, NULL, first);
	xml_end(&o->xml, "peripheral");
}

int regmap_write_svd(const struct regmap *map, regmap_put put, void *data, struct error *error)
{
	struct svd_out o = {
		.xml = { .depth = 1, .prefix = "" },
		.map = map,
	};
	int rc = sort_by_block(&o);

	if (rc < 0) {
		error_errno(error, rc, "%s", map->path);
		goto out_free;
	}
	text_buffer_string(&o.xml.text,
			   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<device schemaVersion=\"1.3\">\n");
	xml_leaf(&o.xml, "name", map->name);
	xml_leaf(&o.xml, "description", map->description);
	xml_leaf(&o.xml, "addressUnitBits", "8");
	xml_leaf(&o.xml, "width", "32");
	xml_begin(&o.xml, "peripherals");
	put_rest(&o, o.first[map->block_count]);
	for (size_t i = 0; i < map->block_count; i++)
		put_block(&o, &map->blocks[i], o.first[i]);
	xml_end(&o.xml, "peripherals");
	text_buffer_string(&o.xml.text, "</device>\n");
	rc = regmap_write_out(map, &o.xml.text, put, data, error);
out_free:
	free(o.first);
	free(o.next);
	return rc;
}
