// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/number.h"
#include "core/regmap_write.h"

#define CLUSTERS_MAX 8

struct out {
	const struct regmap *map;
	regmap_put put;
	void *data;
	struct error *error;
	int rc; /* of the first that failed; nothing is written any more then */
	int depth; /* of the open elements */
	/* the clusters that are open, by their names */
	char clusters[CLUSTERS_MAX][64];
	int cluster_count;
};

static void put_text(struct out *o, const char *text, size_t length)
{
	if (o->rc == 0 && length)
		o->rc = o->put(o->data, text, length, o->error);
}

static void put_string(struct out *o, const char *text)
{
	put_text(o, text, strlen(text));
}

/* XML 1.0, section 2.4 */
static void put_escaped(struct out *o, const char *text)
{
	for (; *text; text++) {
		const char *entity = *text == '&'   ? "&amp;"
				     : *text == '<' ? "&lt;"
				     : *text == '>' ? "&gt;"
						    : NULL;

		if (entity)
			put_string(o, entity);
		else
			put_text(o, text, 1);
	}
}

static void indent(struct out *o)
{
	for (int i = 0; i < o->depth; i++)
		put_string(o, "  ");
}

static void begin(struct out *o, const char *element)
{
	indent(o);
	put_string(o, "<");
	put_string(o, element);
	put_string(o, ">\n");
	o->depth++;
}

static void end(struct out *o, const char *element)
{
	o->depth--;
	indent(o);
	put_string(o, "</");
	put_string(o, element);
	put_string(o, ">\n");
}

/* TEXT NULL or empty: nothing. */
static void leaf(struct out *o, const char *element, const char *text)
{
	if (!text || !text[0])
		return;
	indent(o);
	put_string(o, "<");
	put_string(o, element);
	put_string(o, ">");
	put_escaped(o, text);
	put_string(o, "</");
	put_string(o, element);
	put_string(o, ">\n");
}

__attribute__((format(printf, 3, 4))) static void number(struct out *o, const char *element,
							 const char *format, ...)
{
	char text[96];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	leaf(o, element, text);
}

/*
 * In the order of the schema: access, modifiedWriteValues, writeConstraint, readAction. FROM: what is inherited where
 * nothing is said; NULL: nothing.
 */
static void put_behaviour(struct out *o, const struct regmap_behaviour *b,
			  const struct regmap_behaviour *from)
{
	if (from)
		leaf(o, "access", regmap_access_name(b->access));
	if (from && from->on_write != WRITE_MODIFIES && b->on_write == WRITE_MODIFIES)
		leaf(o, "modifiedWriteValues", "modify");
	leaf(o, "modifiedWriteValues", regmap_write_effect_name(b->on_write));
	if (b->constraint != CONSTRAINT_NONE) {
		begin(o, "writeConstraint");
		if (b->constraint == CONSTRAINT_ENUM)
			leaf(o, "useEnumeratedValues", "true");
		if (b->constraint == CONSTRAINT_AS_READ)
			leaf(o, "writeAsRead", "true");
		if (b->constraint == CONSTRAINT_RANGE) {
			begin(o, "range");
			number(o, "minimum", "0x%" PRIx64, b->minimum);
			number(o, "maximum", "0x%" PRIx64, b->maximum);
			end(o, "range");
		}
		end(o, "writeConstraint");
	}
	if (b->on_read != READ_UNSAFE)
		leaf(o, "readAction", regmap_read_effect_name(b->on_read));
}

/* Binary with an 'x' for every bit that does not matter. */
static void masked_value(const struct regmap_enum *e, unsigned int bits, char text[72])
{
	char *p = text;

	*p++ = '0';
	*p++ = 'b';
	for (unsigned int bit = bits; bit-- > 0;)
		*p++ = !(e->mask >> bit & 1) ? 'x' : e->value >> bit & 1 ? '1' : '0';
	*p = '\0';
}

static void put_enum(struct out *o, const struct regmap_field *field, const struct regmap_enum *e)
{
	char value[72];

	begin(o, "enumeratedValue");
	leaf(o, "name", e->name);
	leaf(o, "description", e->description);
	if (e->is_default) {
		leaf(o, "isDefault", "true");
	} else if (e->mask == UINT64_MAX) {
		number(o, "value", "0x%" PRIx64, e->value);
	} else {
		masked_value(e, field->bits, value);
		leaf(o, "value", value);
	}
	end(o, "enumeratedValue");
}

enum usage { USAGE_BOTH, USAGE_READ, USAGE_WRITE };

static enum usage usage_of(const struct regmap_enum *e)
{
	return e->not_for_write ? USAGE_READ : e->not_for_read ? USAGE_WRITE : USAGE_BOTH;
}

static void put_enums(struct out *o, const struct regmap_field *field, enum usage usage)
{
	static const char *const words[] = { "read-write", "read", "write" };
	bool open = false;

	for (uint32_t i = 0; i < field->enum_count; i++) {
		const struct regmap_enum *e = &o->map->enums[field->first_enum + i];

		if (usage_of(e) != usage)
			continue;
		if (!open) {
			begin(o, "enumeratedValues");
			leaf(o, "usage", words[usage]);
		}
		open = true;
		put_enum(o, field, e);
	}
	if (open)
		end(o, "enumeratedValues");
}

static void put_field(struct out *o, const struct regmap_register *reg, const struct regmap_field *field)
{
	begin(o, "field");
	leaf(o, "name", field->name);
	leaf(o, "description", field->description);
	number(o, "bitRange", "[%u:%u]", field->lsb + field->bits - 1, field->lsb);
	put_behaviour(o, &field->behaviour, &reg->behaviour);
	for (int usage = USAGE_BOTH; usage <= USAGE_WRITE; usage++)
		put_enums(o, field, (enum usage)usage);
	end(o, "field");
}

static void put_fields(struct out *o, const struct regmap_register *reg)
{
	if (!reg->field_count)
		return;
	begin(o, "fields");
	for (uint32_t i = 0; i < reg->field_count; i++)
		put_field(o, reg, regmap_field_at(o->map, reg, i));
	end(o, "fields");
}

/* Unknown has no word: a field that says nothing has the register's access, which then must say nothing either. */
static bool has_unknown_field(const struct regmap *map, const struct regmap_register *reg)
{
	for (uint32_t i = 0; i < reg->field_count; i++) {
		if (regmap_field_at(map, reg, i)->behaviour.access == REGMAP_UNKNOWN)
			return true;
	}
	return false;
}

/* One word of a register, or all of it. WORD counts in rising order of addresses. */
static void put_register(struct out *o, const struct regmap_register *reg, const char *name, uint64_t offset,
			 unsigned int word)
{
	bool split = reg->words > 1;
	unsigned int n = reg->low_first ? word : reg->words - 1 - word;
	/* what is in words is read-write as a whole: its fields lie across them */
	struct regmap_behaviour behaviour = reg->behaviour;

	if (split)
		behaviour.constraint = CONSTRAINT_NONE;
	begin(o, "register");
	if (split)
		number(o, "name", "%.70s%u", name, n);
	else
		leaf(o, "name", name);
	leaf(o, "description", reg->description);
	number(o, "addressOffset", "0x%" PRIx64, offset + (uint64_t)word * reg->width / 8);
	number(o, "size", "%u", split ? reg->width : reg->bits);
	if (!has_unknown_field(o->map, reg))
		leaf(o, "access", regmap_access_name(reg->behaviour.access));
	if (reg->has_reset && !split) {
		number(o, "resetValue", "0x%" PRIx64, reg->reset_value);
		number(o, "resetMask", "0x%" PRIx64, reg->reset_mask & width_max(reg->bits));
	}
	put_behaviour(o, &behaviour, NULL);
	if (!split)
		put_fields(o, reg);
	end(o, "register");
}

/* --- clusters: the parts of a name between the block and the register ------------------------------ */

static void close_clusters(struct out *o, int keep)
{
	while (o->cluster_count > keep) {
		end(o, "cluster");
		o->cluster_count--;
	}
}

/* Opens those of NAME that are not open yet; returns what is behind the last dot. */
static const char *open_clusters(struct out *o, const char *name)
{
	int level = 0;
	const char *dot;

	while ((dot = strchr(name, '.')) && level < CLUSTERS_MAX) {
		char part[64];

		snprintf(part, sizeof(part), "%.*s", (int)(dot - name < 63 ? dot - name : 63), name);
		if (level >= o->cluster_count || strcmp(o->clusters[level], part) != 0) {
			close_clusters(o, level);
			begin(o, "cluster");
			leaf(o, "name", part);
			leaf(o, "addressOffset", "0x0");
			memcpy(o->clusters[level], part, sizeof(part));
			o->cluster_count = level + 1;
		}
		level++;
		name = dot + 1;
	}
	close_clusters(o, level);
	return name;
}

/* LiteX's names have the block in front with a '_'. */
static const char *name_in_block(const struct regmap_register *reg, const struct regmap_block *block)
{
	size_t n = block ? strlen(block->name) : 0;

	if (reg->short_name == reg->name && n && strncmp(reg->name, block->name, n) == 0 &&
	    reg->name[n] == '_')
		return reg->name + n + 1;
	return reg->short_name;
}

static void put_peripheral(struct out *o, uint32_t index)
{
	const struct regmap_block *block = index == REGMAP_NO_BLOCK ? NULL : &o->map->blocks[index];
	uint64_t base = block ? block->address : 0;
	bool open = false;

	for (size_t i = 0; i < o->map->register_count; i++) {
		const struct regmap_register *reg = &o->map->registers[i];
		const char *name;

		if (reg->block != index)
			continue;
		if (!open) {
			begin(o, "peripheral");
			leaf(o, "name", block ? block->name : o->map->name);
			leaf(o, "description", block ? block->description : NULL);
			number(o, "baseAddress", "0x%" PRIx64, base);
			if (block && block->size) {
				begin(o, "addressBlock");
				leaf(o, "offset", "0x0");
				number(o, "size", "0x%" PRIx64, block->size);
				leaf(o, "usage", "registers");
				end(o, "addressBlock");
			}
			begin(o, "registers");
			open = true;
		}
		name = open_clusters(o, name_in_block(reg, block));
		for (unsigned int word = 0; word < reg->words; word++)
			put_register(o, reg, name, reg->address - base, word);
	}
	if (!open)
		return;
	close_clusters(o, 0);
	end(o, "registers");
	end(o, "peripheral");
}

int regmap_write_svd(const struct regmap *map, regmap_put put, void *data, struct error *error)
{
	struct out o = { .map = map, .put = put, .data = data, .error = error };

	put_string(&o, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<device schemaVersion=\"1.3\">\n");
	o.depth = 1;
	leaf(&o, "name", map->name);
	leaf(&o, "description", map->description);
	leaf(&o, "addressUnitBits", "8");
	leaf(&o, "width", "32");
	begin(&o, "peripherals");
	put_peripheral(&o, REGMAP_NO_BLOCK);
	for (uint32_t i = 0; i < map->block_count; i++)
		put_peripheral(&o, i);
	end(&o, "peripherals");
	put_string(&o, "</device>\n");
	return o.rc;
}
