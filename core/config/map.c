// SPDX-License-Identifier: GPL-2.0-or-later
/* The map of one device: the rows of the table that are there, where they are. Reads what decides that, writes nothing. */
#include "core/config/map.h"

#include <ctype.h>
#include <errno.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/array.h"
#include "core/config/vendor_map.h"
#include "core/pci/capability.h"
#include "core/regmap/build.h"

#define READINGS_MAX 128

struct reading {
	uint16_t offset;
	uint8_t width;
	bool is_known;
	uint32_t value;
};

struct readings {
	unsigned int count;
	struct reading list[READINGS_MAX];
};

struct builder {
	struct device *device;
	struct config_map *map;
	bool has_registers; /* they are added, and not only where each block ends */
	unsigned int end; /* of the block that is added */
	struct readings *readings;
};

/* A register is read once for each map: the conditions of many rows ask for the same few. False: it cannot be read. */
static bool read_once(const struct builder *b, unsigned int offset, unsigned int width, uint32_t *value)
{
	struct readings *r = b->readings;
	struct error ignored;
	struct reading *at;

	for (unsigned int i = 0; i < r->count; i++) {
		*value = r->list[i].value;
		if (r->list[i].offset == offset && r->list[i].width == width)
			return r->list[i].is_known;
	}
	/* what does not fit is read again */
	at = &r->list[r->count < READINGS_MAX ? r->count++ : READINGS_MAX - 1];
	*at = (struct reading){ .offset = (uint16_t)offset, .width = (uint8_t)width };
	at->is_known = device_config_read(b->device, offset, width, &at->value, &ignored) == 0;
	*value = at->value;
	return at->is_known;
}

/* Nothing there, or not readable: 0. Nor is the next capability's a number of this one. */
static uint32_t number(const struct builder *b, unsigned int base, const struct config_number *n)
{
	unsigned int end = b->end;
	uint32_t value;
	uint32_t top;

	if (n->in_express) {
		base = b->map->express;
		end = capability_list_end(&b->map->standard, base);
	}
	if ((n->in_express && !base) || base + n->offset + n->width / 8 > end ||
	    !read_once(b, base + n->offset, n->width, &value))
		return 0;
	top = n->top_lsb ? (value >> n->top_lsb & 1) << n->bits : 0;
	value >>= n->lsb;
	return n->bits < 32 ? top | (value & ((1u << n->bits) - 1)) : value;
}

static bool holds(const struct builder *b, unsigned int base, const struct config_condition *c)
{
	uint32_t value;

	if (!c->number.width)
		return true;
	value = number(b, base, &c->number);
	if (c->zero)
		return value == 0;
	return value >= c->min && (!c->max || value <= c->max);
}

/* PCI Local Bus 3.0 section 6.2.5.1: bit 0 says I/O, bits 2:1 of memory 64 bits, which are the next BAR's too. */
static enum config_bar kind_of_bar(const struct builder *b, unsigned int offset)
{
	struct config_number low = { .offset = PCI_BASE_ADDRESS_0, .width = 32, .bits = 3 };
	bool is_upper = false;

	for (; low.offset < offset; low.offset += 4)
		is_upper = !is_upper && number(b, 0, &low) == 4;
	if (is_upper)
		return BAR_KIND_UPPER;
	return number(b, 0, &low) & 1 ? BAR_KIND_IO : BAR_KIND_MEMORY;
}

static bool is_of_kind(const struct builder *b, const struct config_register *row)
{
	if (row->bar && row->bar != kind_of_bar(b, row->offset))
		return false;
	return (!row->headers || row->headers & 1u << b->map->header_type) &&
	       (!row->ports || row->ports & b->map->port);
}

static bool is_there(const struct builder *b, unsigned int base, const struct config_register *row)
{
	for (size_t i = 0; i < sizeof(row->when) / sizeof(row->when[0]); i++) {
		if (!holds(b, base, &row->when[i]))
			return false;
	}
	return true;
}

static unsigned int repetitions(const struct builder *b, unsigned int base, const struct config_register *row)
{
	int count;

	if (row->fixed)
		return row->fixed;
	if (!row->repeat.width)
		return 1;
	count = (int)number(b, base, &row->repeat) + row->plus;
	return count > 0 ? (unsigned int)count : 0;
}

static struct regmap_behaviour behaviour(unsigned int access)
{
	switch (access) {
	case RW:
	case RWS:
		return (struct regmap_behaviour){ .access = REGMAP_READ_WRITE };
	case RW1C:
	case RW1CS:
		return (struct regmap_behaviour){ .access = REGMAP_READ_WRITE, .on_write = WRITE_1_CLEARS };
	case TRIGGER:
		return (struct regmap_behaviour){ .access = REGMAP_READ_WRITE, .on_write = WRITE_1_SETS };
	default:
		return (struct regmap_behaviour){ .access = REGMAP_READ_ONLY };
	}
}

static int add_values(struct regmap *map, const struct config_value *values, struct regmap_field *field)
{
	uint32_t first = (uint32_t)map->enum_count;

	for (; values && values->name; values++) {
		struct regmap_enum *e = regmap_add_enum(map);

		if (!e)
			return -ENOMEM;
		e->name = values->name;
		e->value = values->value;
	}
	field->first_enum = first;
	field->enum_count = (uint32_t)map->enum_count - first;
	return 0;
}

/* What is reserved there is not for writing either. */
static bool has_only_read_only(const struct regmap *map, const struct regmap_register *reg)
{
	for (uint32_t i = 0; i < reg->field_count; i++) {
		if (regmap_field_at(map, reg, i)->behaviour.access != REGMAP_READ_ONLY)
			return false;
	}
	return reg->field_count > 0;
}

static int add_fields(const struct builder *b, const struct config_register *row, unsigned int base,
		      struct regmap_register *reg)
{
	struct regmap *map = b->map->regmap;

	reg->first_field = (uint32_t)map->field_count;
	for (const struct config_field *f = row->fields; f && f->name; f++) {
		struct regmap_field *field;

		if (f->ports && !(f->ports & b->map->port))
			continue;
		field = regmap_add_field(map);
		if (!field)
			return -ENOMEM;
		field->name = f->name;
		field->description = f->title;
		field->lsb = f->lsb;
		field->bits = f->bits;
		field->behaviour = behaviour(f->access);
		field->named_numbers = f->sizes;
		field->shift = f->shift;
		field->plus = f->plus;
		if ((!f->values_when || holds(b, base, f->values_when)) &&
		    add_values(map, f->values, field) < 0)
			return -ENOMEM;
	}
	reg->field_count = (uint32_t)map->field_count - reg->first_field;
	if (has_only_read_only(map, reg))
		reg->behaviour.access = REGMAP_READ_ONLY;
	return 0;
}

static int add_row(struct config_map *m, const struct config_register *row)
{
	const struct config_register **rows =
		array_grow(m->rows, m->regmap->register_count, sizeof(const struct config_register *));

	if (!rows)
		return -ENOMEM;
	m->rows = rows;
	rows[m->regmap->register_count] = row;
	return 0;
}

/* Which of several a register is; less than 0: the only one of its name. */
struct place {
	int index;
	int inner;
};

static void name_register(const struct config_map_block *block, const struct config_register *row,
			  const struct place *place, char text[REGMAP_NAME_SIZE])
{
	char prefix[48];
	int n;

	config_map_block_name(block, prefix, sizeof(prefix));
	n = snprintf(text, REGMAP_NAME_SIZE, "%s%s%s", prefix, prefix[0] ? "." : "", row->name);
	if (place->inner >= 0 && n > 0)
		snprintf(text + n, REGMAP_NAME_SIZE - (size_t)n, "%d_OF%d", place->inner, place->index);
	else if (place->index >= 0 && n > 0)
		snprintf(text + n, REGMAP_NAME_SIZE - (size_t)n, "%d", place->index);
}

/* At BASE, where the block, or one of several entries, starts. */
static int add_register(struct builder *b, const struct config_map_block *block,
			const struct config_register *row, unsigned int base, const struct place *place)
{
	struct config_map *m = b->map;
	char text[REGMAP_NAME_SIZE];
	struct regmap_register *reg;

	name_register(block, row, place, text);
	if (add_row(m, row) < 0)
		return -ENOMEM;
	reg = regmap_add_register(m->regmap);
	if (!reg)
		return -ENOMEM;
	reg->name = regmap_string(m->regmap, text, strlen(text));
	if (!reg->name)
		return -ENOMEM;
	reg->short_name = reg->name;
	reg->description = row->title;
	reg->address = base + row->offset;
	reg->bits = row->width;
	reg->width = row->width;
	reg->words = 1;
	reg->word_bits = row->width;
	/* what is reserved is written back as it was read, PCIe 6.0 section 7.4 */
	reg->behaviour = behaviour(row->fields ? RW : row->access);
	if (row->reads_act)
		reg->behaviour.on_read = READ_UNSAFE;
	return add_fields(b, row, base, reg);
}

/* A vendor's says how long it is, its header included: PCIe 6.0 sections 7.9.5.2 and 7.9.6.2. */
static bool is_longer(const struct builder *b, const struct config_map_block *block)
{
	static const struct config_number length = { .offset = 4, .width = 32, .lsb = 20, .bits = 12 };

	if (!block->is_extended || (block->id != PCI_EXT_CAP_ID_VNDR && block->id != PCI_EXT_CAP_ID_DVSEC))
		return false;
	return block->offset + number(b, block->offset, &length) > b->end;
}

/* What a map of the vendor's capability says of it. */
static int add_vendor_registers(struct builder *b, const struct config_map_block *block)
{
	struct config_map *m = b->map;
	struct regmap *vendor;
	unsigned int length;
	char name[48];
	struct config_vendor_map v = {
		.ctx = b->device->ctx, .map = m->regmap, .block = name, .base = block->offset
	};
	int rc;

	config_vendor_map_find(b->device, block, &vendor, &length);
	if (!vendor)
		return 0;
	/* whatever the capability says itself */
	if (length > b->end - block->offset)
		length = b->end - block->offset;
	config_map_block_name(block, name, sizeof(name));
	v.vendor = vendor;
	rc = config_vendor_map_begin(&v, block->first);
	for (size_t i = 0; i < vendor->register_count && rc == 0; i++) {
		const struct regmap_register *reg = &vendor->registers[i];

		if (!config_vendor_map_fits(reg, length))
			continue;
		rc = add_row(m, &config_vendor_row);
		if (rc == 0)
			rc = config_vendor_map_add(&v, reg);
	}
	config_vendor_map_end(&v);
	return rc;
}

/* One of several at BASE, or the only one; -ENOSPC: it would lie behind the capability's end. */
static int add_entry(struct builder *b, const struct config_map_block *block,
		     const struct config_register *row, unsigned int base, const struct place *place)
{
	if (base + row->offset + row->width / 8 > b->end)
		return -ENOSPC;
	return b->has_registers ? add_register(b, block, row, base, place) : 0;
}

static int add_inner(struct builder *b, const struct config_map_block *block,
		     const struct config_register *row, unsigned int base, int index)
{
	unsigned int count = number(b, base, &row->inner);
	int rc = 0;

	for (unsigned int i = 0; i < count && rc == 0; i++, base += row->inner_stride)
		rc = add_entry(b, block, row, base, &(const struct place){ index, (int)i });
	return rc;
}

/* Where the first one of ROW's is counted from. False: it has none. */
static bool find_base(const struct builder *b, const struct config_register *row, unsigned int *base)
{
	const struct config_behind *behind = row->behind;
	int others;

	if (!behind)
		return true;
	if (!holds(b, *base, &behind->when))
		return false;
	others = holds(b, *base, &behind->others_when) ? (int)number(b, *base, &behind->others) + behind->plus
						       : 0;
	*base += others > 0 ? (unsigned int)others * behind->stride : 0;
	return true;
}

static unsigned int length_of(const struct builder *b, const struct config_register *row, unsigned int base)
{
	unsigned int by = row->longer_by ? row->longer_by : 1;

	return row->stride + (row->longer.width ? 4 * by * number(b, base, &row->longer) : 0);
}

static int add_rows(struct builder *b, struct config_map_block *block, const struct config_register *row)
{
	bool is_several = row->fixed || row->repeat.width;
	unsigned int base = block->offset;
	unsigned int count;
	int rc = 0;

	if (!is_of_kind(b, row) || (!row->longer.width && !is_there(b, base, row)))
		return 0;
	count = repetitions(b, base, row);
	if (!find_base(b, row, &base))
		return 0;
	for (unsigned int i = 0; i < count && rc == 0; i++) {
		const struct place place = { is_several ? (int)(row->from + i) : -1, -1 };
		bool is_one = !row->longer.width || is_there(b, base, row);

		if (base + row->offset + row->width / 8 > b->end && !is_one)
			break;
		if (row->inner.width)
			rc = add_inner(b, block, row, base, place.index);
		else if (is_one)
			rc = add_entry(b, block, row, base, &place);
		base += length_of(b, row, base);
	}
	if (rc != -ENOSPC)
		return rc;
	/* behind the header's own 64 bytes nothing is to be there */
	if (block->offset)
		block->cut_off_at = b->end;
	return 0;
}

/* What is there of it, below whatever is behind it. */
static int add_registers(struct builder *b, struct config_map_block *block)
{
	int rc = 0;

	b->end = capability_list_end(block->is_extended ? &b->map->extended : &b->map->standard,
				     block->offset);
	if (is_longer(b, block))
		block->cut_off_at = b->end;
	block->first = b->map->regmap->register_count;
	for (const struct config_register *row = block->block ? block->block->registers : NULL;
	     row && row->name && rc == 0; row++)
		rc = add_rows(b, block, row);
	if (rc == 0 && b->has_registers)
		rc = add_vendor_registers(b, block);
	block->count = b->map->regmap->register_count - block->first;
	return rc;
}

static int add_block(struct builder *b, const struct config_map_block *template)
{
	struct config_map *m = b->map;
	struct config_map_block *blocks = array_grow(m->blocks, m->block_count, sizeof(*blocks));
	struct config_map_block *block;

	if (!blocks)
		return -ENOMEM;
	m->blocks = blocks;
	block = &blocks[m->block_count];
	*block = *template;
	for (size_t i = 0; i < m->block_count; i++) {
		if (blocks[i].offset && blocks[i].is_extended == block->is_extended &&
		    blocks[i].id == block->id)
			block->instance++;
	}
	m->block_count++;
	return add_registers(b, block);
}

static int add_capabilities(struct builder *b, const struct capability_list *list, bool is_extended)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < list->count; i++) {
		const struct capability *c = &list->entries[i];
		const struct config_map_block block = {
			.block = config_block_of(is_extended, c->id),
			.is_extended = is_extended,
			.id = c->id,
			.version = c->version,
			.offset = c->offset,
		};

		rc = add_block(b, &block);
	}
	return rc;
}

static int read_kind(struct builder *b, struct error *error)
{
	struct config_map *m = b->map;
	struct error ignored;
	uint32_t value;
	int rc;

	rc = device_config_read(b->device, PCI_HEADER_TYPE, 8, &value, error);
	if (rc < 0)
		return rc;
	/* nobody at home: not a header of a strange type */
	if (value == 0xff && !device_is_present(b->device))
		return device_gone(b->device, error);
	m->header_type = value & PCI_HEADER_TYPE_MASK;
	if (m->header_type > 2)
		m->header_type = 3; /* of no known layout: what all have in common */
	capability_list_read(b->device, false, &m->standard);
	capability_list_read(b->device, true, &m->extended);
	m->express = capability_list_find(&m->standard, PCI_CAP_ID_EXP);
	if (m->express &&
	    device_config_read(b->device, m->express + PCI_EXP_FLAGS, 16, &value, &ignored) == 0)
		m->port = (uint16_t)(1u << ((value & PCI_EXP_FLAGS_TYPE) >> 4));
	return 0;
}

static int make(struct device *device, bool has_registers, struct config_map **map, struct error *error)
{
	const struct config_map_block header = { .block = &config_header };
	struct readings readings = { .count = 0 };
	struct builder b = {
		.device = device,
		.readings = &readings,
		.map = calloc(1, sizeof(*b.map)),
		.has_registers = has_registers,
		.end = PCI_STD_HEADER_SIZEOF,
	};
	int rc;

	if (b.map)
		b.map->regmap = regmap_new(device->name);
	if (!b.map || !b.map->regmap) {
		config_map_free(b.map);
		rc = context_lacks(device->ctx, -ENOMEM);
		return error_errno(error, rc, "%s: config space", device->name);
	}
	b.map->regmap->name = "config";
	rc = read_kind(&b, error);
	if (rc < 0) {
		config_map_free(b.map);
		return rc;
	}
	/* the header has no end that another block makes */
	if (has_registers)
		rc = add_block(&b, &header);
	if (rc == 0)
		rc = add_capabilities(&b, &b.map->standard, false);
	if (rc == 0)
		rc = add_capabilities(&b, &b.map->extended, true);
	if (rc < 0) {
		config_map_free(b.map);
		return error_errno(error, context_lacks(device->ctx, rc), "%s: config space", device->name);
	}
	*map = b.map;
	return 0;
}

int config_map_make(struct device *device, struct config_map **map, struct error *error)
{
	return make(device, true, map, error);
}

int config_map_make_blocks(struct device *device, struct config_map **map, struct error *error)
{
	return make(device, false, map, error);
}

void config_map_free(struct config_map *map)
{
	if (!map)
		return;
	regmap_close(map->regmap);
	free(map->rows);
	free(map->blocks);
	free(map);
}

void config_map_block_name(const struct config_map_block *block, char *text, size_t size)
{
	if (!block->block)
		snprintf(text, size, block->is_extended ? "ECAP%04x" : "CAP%02x", block->id);
	else if (block->instance)
		snprintf(text, size, "%s@%u", block->block->name, block->instance);
	else
		snprintf(text, size, "%s", block->block->name);
}

/* --- looking up ------------------------------------------------------------------------------------ */

/* The table's row of the block that NAME starts with; NULL: it starts with none. */
static const struct config_block *block_of_name(const char *name, size_t *length)
{
	const struct config_block *block;

	*length = strcspn(name, ".@");
	for (size_t i = 1; (block = config_block_at(i)) != NULL; i++) {
		if (strlen(block->name) == *length && strncmp(block->name, name, *length) == 0)
			return block;
	}
	return NULL;
}

/* NAME was not found. Is it the device that does not have it? */
static int explain(const struct config_map *map, const struct device *device, const char *name,
		   struct error *error)
{
	const struct capability_list *list;
	const struct config_block *block;
	size_t length;
	int rc;

	block = block_of_name(name, &length);
	if (!block)
		return -EINVAL;
	for (size_t i = 0; i < map->block_count; i++) {
		if (map->blocks[i].block == block && name[length] != '@')
			return -EINVAL;
	}
	list = block->is_extended ? &map->extended : &map->standard;
	if (list->reason && list->count == 0 && device->image) {
		rc = error_set(error, ERROR_UNSUPPORTED, "not-in-dump",
			       "%s: %s: capabilities are unknown: %s", device->name, name, list->reason);
		error_hint(error, "'lspci -xxxx', as root, writes all of config space");
		return rc;
	}
	if (list->reason && list->count == 0) {
		rc = error_set(error, ERROR_DENIED, "denied", "%s: %s: capabilities are unknown: %s",
			       device->name, name, list->reason);
		error_hint(error, "run it as root");
		return rc;
	}
	rc = error_set(error, ERROR_UNSUPPORTED, "no-capability",
		       "%s: the device has no capability %.*s (%s)", device->name, (int)strcspn(name, "."),
		       name, block->title);
	error_hint(error, "'pcietool -s %s config show' shows those it has", device->name);
	return rc;
}

/* Does the table have NAME's register, and the device, which is of another kind, has not? */
static bool is_of_others(const struct config_map *map, const char *name)
{
	size_t length;
	const struct config_block *block = block_of_name(name, &length);
	const char *dot = strchr(name, '.');
	const char *rest = !block ? name : dot ? dot + 1 : NULL;
	const struct config_register *row = block ? block->registers : config_header.registers;
	struct regmap_item item = { 0 };
	char reg[REGMAP_NAME_SIZE];

	if (!rest)
		return false;
	snprintf(reg, sizeof(reg), "%.*s", (int)(rest - name) + (int)strcspn(rest, "."), name);
	if (regmap_find(map->regmap, reg, &item, NULL) == 0)
		return false;
	for (; row->name; row++) {
		size_t n = strlen(row->name);

		if (strncmp(row->name, rest, n) == 0 && (!rest[n] || strchr(".0123456789", rest[n])))
			return true;
	}
	return false;
}

static void without_prefix(const char *name, char *text, size_t size)
{
	size_t i;

	if (strncasecmp(name, "ECAP_", 5) == 0)
		name += 5;
	else if (strncasecmp(name, "CAP_", 4) == 0)
		name += 4;
	for (i = 0; i < size - 1 && name[i]; i++)
		text[i] = (char)toupper((unsigned char)name[i]);
	text[i] = '\0';
}

int config_map_find(struct config_map *map, const struct device *device, const char *name,
		    struct regmap_item *item, struct error *error)
{
	char upper[REGMAP_NAME_SIZE];
	struct error why;
	int rc;

	without_prefix(name, upper, sizeof(upper));
	if (regmap_find(map->regmap, upper, item, error) == 0)
		return 0;
	why = *error;
	rc = explain(map, device, upper, error);
	if (rc != -EINVAL)
		return rc;
	*error = why;
	if (is_of_others(map, upper)) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-register", "%s: a device of this kind has no %s",
			       device->name, upper);
		error_hint(error, "'pcietool -s %s config show' shows what it has", device->name);
		return rc;
	}
	return -EINVAL;
}
