// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files there are, what they are called, and what stat(2) says of them. */
#include "core/mount/node.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/dma/buffer.h"
#include "core/dma/interrupt.h"
#include "core/mount/internal.h"
#include "core/pci/bar.h"

/* "0x", and a newline */
#define AROUND_DIGITS 3

/* KIND, SPACE, INDEX and FIELD in one number; FUSE has 64 bits for it. */
uint64_t node_number(const struct node *node)
{
	if (node->kind == NODE_ROOT)
		return FUSE_ROOT_ID;
	return (uint64_t)node->kind << 56 | (uint64_t)node->space << 48 | (uint64_t)node->index << 16 |
	       node->field;
}

struct node node_from(uint64_t number)
{
	if (number == FUSE_ROOT_ID)
		return (struct node){ .kind = NODE_ROOT };
	return (struct node){ .kind = (enum node_kind)(number >> 56),
			      .space = (enum node_space)(number >> 48 & 1),
			      .index = (uint32_t)(number >> 16),
			      .field = (uint32_t)(number & NODE_FIELDS_MAX) };
}

/* --- the root --------------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	struct node node;
} roots[] = {
	{ "regs", { .kind = NODE_REGISTERS, .space = NODE_BAR_SPACE } },
	{ "config", { .kind = NODE_REGISTERS, .space = NODE_CONFIG_SPACE } },
	{ "bar", { .kind = NODE_BARS } },
	{ "dma", { .kind = NODE_BUFFERS } },
	{ "irq", { .kind = NODE_INTERRUPTS } },
	{ "info.json", { .kind = NODE_INFO } },
	{ "error", { .kind = NODE_ERROR } },
};

/* Without a way to buffers and interrupts there are no folders of them. */
static bool is_there(const struct mount *m, const struct node *node)
{
	return m->client || (node->kind != NODE_BUFFERS && node->kind != NODE_INTERRUPTS);
}

/* --- registers and fields --------------------------------------------------------------------------------- */

static struct regmap *map_of(const struct mount *m, const struct node *node)
{
	return m->access[node->space].map;
}

static const struct regmap_register *register_of(const struct mount *m, const struct node *node)
{
	const struct regmap *map = map_of(m, node);

	return map && node->index < map->register_count ? &map->registers[node->index] : NULL;
}

static const struct regmap_field *field_of(const struct mount *m, const struct node *node)
{
	const struct regmap_register *reg = register_of(m, node);

	return reg && node->field < reg->field_count ? regmap_field_at(map_of(m, node), reg, node->field)
						     : NULL;
}

/* Does the map know REG, or its FIELD, by that name? Of what is called alike it knows one. */
static bool is_known(struct regmap *map, const char *name, const struct regmap_register *reg,
		     const struct regmap_field *field)
{
	struct regmap_item item;

	return regmap_find(map, name, &item, NULL) == 0 && item.reg == reg && item.field == field;
}

/* What one value can be read from, and a file be called. */
static bool is_reachable(const struct mount *m, struct regmap *map, const struct regmap_register *reg)
{
	return reg->bits <= 64 && (reg->words <= 1 || m->device->ctx->wide) && !strchr(reg->name, '/') &&
	       is_known(map, reg->name, reg, NULL);
}

/* A register that is called as the folder would be goes before it. */
static bool has_folder(struct regmap *map, const struct regmap_register *reg, char *name, size_t size)
{
	struct regmap_item item;

	snprintf(name, size, "%s.d", reg->name);
	return reg->field_count > 0 && (regmap_find(map, name, &item, NULL) < 0 || item.field);
}

static bool is_field(struct regmap *map, const struct regmap_register *reg, const struct regmap_field *field)
{
	const struct regmap_item item = { .reg = reg, .field = field };
	char name[NODE_NAME_SIZE];

	regmap_item_name(&item, name, sizeof(name));
	return !strchr(field->name, '/') && is_known(map, name, reg, field);
}

void node_operand(const struct mount *m, const struct node *node, char *text, size_t size)
{
	const struct regmap_item item = { .reg = register_of(m, node),
					  .field = node->kind == NODE_FIELD ? field_of(m, node) : NULL };

	regmap_item_name(&item, text, size);
}

/* NAME of LENGTH bytes is that register's whole name. */
static int find_register(struct mount *m, const struct node *folder, const char *name, size_t length,
			 enum node_kind kind, struct node *node)
{
	struct regmap *map = map_of(m, folder);
	char text[NODE_NAME_SIZE];
	struct regmap_item item;

	if (!map || length >= sizeof(text))
		return -ENOENT;
	snprintf(text, sizeof(text), "%.*s", (int)length, name);
	if (regmap_find(map, text, &item, NULL) < 0 || item.field || strcmp(item.reg->name, text) != 0 ||
	    !is_reachable(m, map, item.reg))
		return -ENOENT;
	if (kind == NODE_FIELDS && !has_folder(map, item.reg, text, sizeof(text)))
		return -ENOENT;
	*node = (struct node){ .kind = kind,
			       .space = folder->space,
			       .index = (uint32_t)(item.reg - map->registers) };
	return 0;
}

static int find_in_registers(struct mount *m, const struct node *folder, const char *name, struct node *node)
{
	size_t length = strlen(name);
	int rc = find_register(m, folder, name, length, NODE_REGISTER, node);

	if (rc == -ENOENT && length > 2 && strcmp(name + length - 2, ".d") == 0)
		rc = find_register(m, folder, name, length - 2, NODE_FIELDS, node);
	return rc;
}

static int find_field(struct mount *m, const struct node *folder, const char *name, struct node *node)
{
	struct node n = *folder;

	n.kind = NODE_FIELD;
	for (n.field = 0; n.field < NODE_FIELDS_MAX; n.field++) {
		const struct regmap_field *field = field_of(m, &n);

		if (!field)
			return -ENOENT;
		if (strcmp(field->name, name) == 0 && is_field(map_of(m, &n), register_of(m, &n), field)) {
			*node = n;
			return 0;
		}
	}
	return -ENOENT;
}

typedef int (*add_fn)(void *data, const char *name, const struct node *node);

static int list_registers(struct mount *m, const struct node *folder, add_fn add, void *data)
{
	struct regmap *map = map_of(m, folder);
	size_t count = map ? map->register_count : 0;
	char name[NODE_NAME_SIZE];
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++) {
		const struct regmap_register *reg = &map->registers[i];
		struct node n = { .kind = NODE_REGISTER, .space = folder->space, .index = (uint32_t)i };

		if (!is_reachable(m, map, reg))
			continue;
		rc = add(data, reg->name, &n);
		if (rc != 0 || !has_folder(map, reg, name, sizeof(name)))
			continue;
		n.kind = NODE_FIELDS;
		rc = add(data, name, &n);
	}
	return rc;
}

static int list_fields(struct mount *m, const struct node *folder, add_fn add, void *data)
{
	struct node n = *folder;
	int rc = 0;

	n.kind = NODE_FIELD;
	for (n.field = 0; rc == 0 && n.field < NODE_FIELDS_MAX; n.field++) {
		const struct regmap_field *field = field_of(m, &n);

		if (!field)
			break;
		if (is_field(map_of(m, &n), register_of(m, &n), field))
			rc = add(data, field->name, &n);
	}
	return rc;
}

static bool can_read(enum regmap_access access)
{
	return access != REGMAP_WRITE_ONLY && access != REGMAP_WRITE_ONCE;
}

static int stat_register(const struct mount *m, const struct node *node, struct stat *st)
{
	const struct regmap_register *reg = register_of(m, node);
	const struct regmap_field *field = node->kind == NODE_FIELD ? field_of(m, node) : NULL;
	bool is_safe = m->device->ctx->unsafe;
	const struct regmap_behaviour *b;
	unsigned int bits;

	if (!reg || (node->kind == NODE_FIELD && !field))
		return -ENOENT;
	is_safe = is_safe || !regmap_unsafe_to_read(map_of(m, node), reg);
	b = field ? &field->behaviour : &reg->behaviour;
	bits = field ? regmap_field_value_bits(field) : reg->bits;
	if (is_safe && can_read(b->access) && can_read(reg->behaviour.access))
		st->st_mode |= 0444;
	if (!regmap_is_read_only(b))
		st->st_mode |= 0222;
	st->st_size = AROUND_DIGITS + (off_t)((bits + 3) / 4);
	return 0;
}

/* --- BARs, buffers, interrupts ---------------------------------------------------------------------------- */

static int find_bar(const struct mount *m, uint32_t index, struct resource *bar)
{
	struct resource_list list;
	struct error ignored;
	int rc = resource_list_read(m->device, &list, &ignored);

	for (unsigned int i = 0; rc == 0 && i < list.count; i++) {
		const struct resource *r = &list.items[i];

		if (r->kind == RESOURCE_BAR && r->index == index && r->size && !r->has_no_room) {
			*bar = *r;
			return 0;
		}
	}
	return rc < 0 ? rc : -ENOENT;
}

static int list_bars(const struct mount *m, add_fn add, void *data)
{
	struct resource bar;
	char name[16];
	int rc = 0;

	for (uint32_t i = 0; rc == 0 && i < DEVICE_BARS; i++) {
		const struct node n = { .kind = NODE_BAR, .index = i };

		if (find_bar(m, i, &bar) < 0)
			continue;
		snprintf(name, sizeof(name), "%u", i);
		rc = add(data, name, &n);
	}
	return rc;
}

static int list_buffers(struct mount *m, add_fn add, void *data)
{
	struct buffer *list = NULL;
	struct error ignored;
	char name[NODE_NAME_SIZE];
	size_t count = 0;
	int rc = buffer_list(m->client, &list, &count, &ignored);

	for (size_t i = 0; rc == 0 && i < count; i++) {
		struct node n = { .kind = NODE_BUFFER, .index = list[i].handle };

		if (!list[i].name[0])
			continue;
		rc = add(data, list[i].name, &n);
		n.kind = NODE_BUFFER_ADDRESS;
		snprintf(name, sizeof(name), "%s.address", list[i].name);
		if (rc == 0)
			rc = add(data, name, &n);
	}
	buffer_list_free(list);
	return rc;
}

int node_buffer(struct mount *m, const struct node *node, struct buffer *buffer)
{
	struct buffer *list = NULL;
	struct error ignored;
	size_t count = 0;
	int rc = buffer_list(m->client, &list, &count, &ignored);
	bool is_found = false;

	for (size_t i = 0; rc == 0 && i < count; i++) {
		if (list[i].handle == node->index && list[i].name[0]) {
			*buffer = list[i];
			is_found = true;
		}
	}
	buffer_list_free(list);
	return rc < 0 ? rc : is_found ? 0 : -ENOENT;
}

static int list_vectors(struct mount *m, add_fn add, void *data)
{
	static const struct node type = { .kind = NODE_INTERRUPT_TYPE };
	struct interrupt_state state;
	struct error ignored;
	char name[16];
	int rc = add(data, "type", &type);

	if (rc == 0)
		rc = interrupt_state(m->client, &state, &ignored);
	for (uint32_t i = 0; rc == 0 && state.type != INTERRUPT_NONE && i < state.vectors; i++) {
		const struct node n = { .kind = NODE_VECTOR, .index = i };

		snprintf(name, sizeof(name), "%u", i);
		rc = add(data, name, &n);
	}
	return rc;
}

/* --- all of them ------------------------------------------------------------------------------------------ */

static int list_root(const struct mount *m, add_fn add, void *data)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof(roots) / sizeof(roots[0]); i++) {
		if (is_there(m, &roots[i].node))
			rc = add(data, roots[i].name, &roots[i].node);
	}
	return rc;
}

int node_list(struct mount *m, const struct node *folder, add_fn add, void *data)
{
	switch (folder->kind) {
	case NODE_ROOT:
		return list_root(m, add, data);
	case NODE_REGISTERS:
		return list_registers(m, folder, add, data);
	case NODE_FIELDS:
		return list_fields(m, folder, add, data);
	case NODE_BARS:
		return list_bars(m, add, data);
	case NODE_BUFFERS:
		return list_buffers(m, add, data);
	case NODE_INTERRUPTS:
		return list_vectors(m, add, data);
	default:
		return -ENOTDIR;
	}
}

struct search {
	const char *name;
	struct node *node;
};

/* Ends the list with a 1. */
static int take_named(void *data, const char *name, const struct node *node)
{
	const struct search *s = data;

	if (strcmp(s->name, name) != 0)
		return 0;
	*s->node = *node;
	return 1;
}

int node_find(struct mount *m, const struct node *folder, const char *name, struct node *node)
{
	struct search s = { .name = name, .node = node };
	int rc;

	switch (folder->kind) {
	case NODE_REGISTERS:
		return find_in_registers(m, folder, name, node);
	case NODE_FIELDS:
		return find_field(m, folder, name, node);
	default:
		rc = node_list(m, folder, take_named, &s);
		return rc < 0 ? rc : rc > 0 ? 0 : -ENOENT;
	}
}

static int stat_buffer(struct mount *m, const struct node *node, struct stat *st)
{
	struct buffer buffer;
	int rc = node_buffer(m, node, &buffer);

	if (rc < 0)
		return rc;
	st->st_mode |= node->kind == NODE_BUFFER ? 0666 : 0444;
	st->st_size = node->kind == NODE_BUFFER ? (off_t)buffer.requested : 0;
	return 0;
}

struct handle *node_made(const struct mount *m, const struct node *node)
{
	struct handle *h = m->made;

	while (h && h->number != node->index)
		h = h->next_made;
	return h;
}

static int stat_file(struct mount *m, const struct node *node, struct stat *st)
{
	const struct handle *made;
	struct resource bar;
	int rc;

	switch (node->kind) {
	case NODE_REGISTER:
	case NODE_FIELD:
		return stat_register(m, node, st);
	case NODE_BAR:
		rc = find_bar(m, node->index, &bar);
		if (rc < 0)
			return rc;
		st->st_mode |= 0666;
		st->st_size = (off_t)bar.size;
		return 0;
	case NODE_BUFFER:
	case NODE_BUFFER_ADDRESS:
		return stat_buffer(m, node, st);
	case NODE_NEW_BUFFER:
		made = node_made(m, node);
		if (!made)
			return -ENOENT;
		if (made->node.kind == NODE_BUFFER)
			return stat_buffer(m, &made->node, st);
		st->st_mode |= 0666;
		return 0;
	case NODE_INTERRUPT_TYPE:
		st->st_mode |= 0666;
		return 0;
	default:
		st->st_mode |= 0444;
		return 0;
	}
}

int node_stat(struct mount *m, const struct node *node, struct stat *st)
{
	bool is_folder = node_is_folder(node);

	*st = (struct stat){ .st_ino = node_number(node),
			     .st_nlink = is_folder ? 2 : 1,
			     .st_uid = geteuid(),
			     .st_gid = getegid() };
	if (!is_folder) {
		st->st_mode = S_IFREG;
		return stat_file(m, node, st);
	}
	/* only buffers can be made and removed */
	st->st_mode = S_IFDIR | (node->kind == NODE_BUFFERS ? 0777 : 0555);
	return 0;
}
