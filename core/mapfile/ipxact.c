// SPDX-License-Identifier: GPL-2.0-or-later
/* IP-XACT: memory maps, what contains registers, and registers, as items that svd_expand.c makes a map of. */
#include "core/mapfile/ipxact.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mapfile/format.h"
#include "core/regmap/store.h"

/* --- registers ---------------------------------------------------------------------------------- */

/* 1685-2009 has a register's reset in one; later ones have it with the fields. */
static void take_reset(struct ipxact *x, struct svd_item *reg, const struct xml_node *node)
{
	const struct xml_node *reset = ipxact_child(x, node, IPXACT_reset);

	if (!reset || !ipxact_number(x, reg, reset, IPXACT_value, &reg->reset_value))
		return;
	reg->given |= SVD_RESET_VALUE;
	if (ipxact_number(x, reg, reset, IPXACT_mask, &reg->reset_mask))
		reg->given |= SVD_RESET_MASK;
}

static int take_fields(struct ipxact *x, struct svd_item *reg, const struct xml_node *node)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && node && i < IPXACT_DEPTH_MAX; i++) {
		for (struct xml_node *field = xml_child(node, IPXACT_field); rc == 0 && field;
		     field = xml_next(field->next, IPXACT_field)) {
			if (ipxact_is_present(x, reg, field))
				rc = ipxact_take_field(x, reg, field);
		}
		node = ipxact_definition(x, node, NULL);
	}
	return rc;
}

/* Where it is, how large, and the distance of an array's elements: what they take, where nothing is said. */
static void take_place(struct ipxact *x, struct svd_item *reg, const struct xml_node *node)
{
	uint64_t size = 0;

	if (ipxact_bytes(x, reg, node, IPXACT_addressOffset, &reg->address))
		reg->given |= SVD_ADDRESS;
	else if (!reg->bad)
		svd_problem(&x->svd, reg, node->place, "it has no <addressOffset>");
	if (ipxact_number(x, reg, node, IPXACT_size, &size)) {
		reg->size = size;
		reg->given |= SVD_SIZE;
	}
	if (reg->given & SVD_SIZE && (size < 1 || size > 64))
		svd_problem(&x->svd, reg, node->place, "<size> is %" PRIu64 ", 1 to 64 are possible", size);
	if (!(reg->given & SVD_SIZE))
		size = x->width;
	if (reg->given & SVD_DIM && !(reg->given & SVD_DIM_INCREMENT)) {
		reg->dim_increment = (size + x->unit_bits - 1) / x->unit_bits * x->unit_bits / 8;
		reg->given |= SVD_DIM_INCREMENT;
	}
}

/* Another meaning of what is at REG's place. */
static int take_alternate(struct ipxact *x, const struct svd_item *reg, const struct xml_node *node,
			  struct svd_item *parent)
{
	const struct xml_node *groups = ipxact_child(x, node, IPXACT_alternateGroups);
	struct svd_item *item = parent;
	int rc = ipxact_add_item(x, SVD_REGISTER, node, &item);

	if (rc < 0 || item->bad)
		return rc;
	item->address = reg->address;
	item->size = reg->size;
	item->behaviour = reg->behaviour;
	item->given = reg->given & ~(uint32_t)(SVD_RESET_VALUE | SVD_RESET_MASK);
	item->dim = reg->dim;
	item->dim_increment = reg->dim_increment;
	item->grid_count = reg->grid_count;
	memcpy(item->grid, reg->grid, sizeof(item->grid));
	item->name = ipxact_make_name(x, ipxact_text(x, node, IPXACT_name), item->given & SVD_DIM);
	item->is_alternate = true;
	if (groups && *ipxact_text(x, groups, IPXACT_alternateGroup))
		item->group = ipxact_make_name(x, ipxact_text(x, groups, IPXACT_alternateGroup), false);
	ipxact_take_access(x, item, node);
	take_reset(x, item, node);
	return item->name ? take_fields(x, item, node) : -ENOMEM;
}

static int take_register(struct ipxact *x, struct svd_item *parent, const struct xml_node *node)
{
	const struct xml_node *alternates = ipxact_child(x, node, IPXACT_alternateRegisters);
	struct svd_item *reg = parent;
	int rc = ipxact_add_item(x, SVD_REGISTER, node, &reg);

	if (rc < 0 || reg->bad)
		return rc;
	take_place(x, reg, node);
	ipxact_take_access(x, reg, node);
	take_reset(x, reg, node);
	rc = reg->bad ? 0 : take_fields(x, reg, node);
	if (reg->bad || !alternates)
		return rc;
	for (struct xml_node *a = xml_child(alternates, IPXACT_alternateRegister); rc == 0 && a;
	     a = xml_next(a->next, IPXACT_alternateRegister)) {
		if (ipxact_is_present(x, reg, a))
			rc = take_alternate(x, reg, a, parent);
	}
	return rc;
}

/* --- what contains them ------------------------------------------------------------------------- */

static int take_file(struct ipxact *x, struct svd_item *parent, const struct xml_node *node);

/* The registers and register files of NODE and of what it is defined by. */
static int take_content(struct ipxact *x, struct svd_item *item, const struct xml_node *node)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && node && i < IPXACT_DEPTH_MAX; i++) {
		for (struct xml_node *child = node->children; rc == 0 && child; child = child->next) {
			bool is_register = child->name == IPXACT_register;

			if ((is_register || child->name == IPXACT_registerFile) &&
			    ipxact_is_present(x, item, child))
				rc = is_register ? take_register(x, item, child) : take_file(x, item, child);
		}
		node = ipxact_definition(x, node, NULL);
	}
	return rc;
}

static int take_file(struct ipxact *x, struct svd_item *parent, const struct xml_node *node)
{
	struct svd_item *file = parent;
	int rc = ipxact_add_item(x, SVD_CLUSTER, node, &file);
	uint64_t range = 0;

	if (rc < 0 || file->bad)
		return rc;
	if (ipxact_bytes(x, file, node, IPXACT_addressOffset, &file->address))
		file->given |= SVD_ADDRESS;
	else if (!file->bad)
		svd_problem(&x->svd, file, node->place, "it has no <addressOffset>");
	if (!(file->given & SVD_DIM_INCREMENT) && ipxact_bytes(x, file, node, IPXACT_range, &range)) {
		file->dim_increment = range;
		file->given |= SVD_DIM_INCREMENT;
	}
	ipxact_take_access(x, file, node);
	/* a definition may have itself in it */
	if (++x->nesting > IPXACT_DEPTH_MAX)
		svd_problem(&x->svd, file, node->place, "register files are nested too deeply");
	if (!file->bad)
		rc = take_content(x, file, node);
	x->nesting--;
	return rc;
}

/* --- memory maps: each address block is a block --------------------------------------------------- */

/* NAME with that of its map in front, where the file has several: MAP for the only block in a map, MAP.BLOCK else. */
static const char *block_name(struct ipxact *x, const struct xml_node *map, const char *name, bool is_only)
{
	char text[2 * REGMAP_NAME_SIZE + 16];
	const char *of = ipxact_make_name(x, ipxact_text(x, map, IPXACT_name), false);

	if (x->map_count < 2 || !of || !*of)
		return of ? name : NULL;
	if (is_only)
		return of;
	snprintf(text, sizeof(text), "%s.%s", of, name);
	return regmap_string(x->svd.map, text, strlen(text));
}

static int take_block(struct ipxact *x, const struct xml_node *map, const struct xml_node *node, bool is_only,
		      bool is_alternate)
{
	struct svd_item *block = x->svd.device;
	int rc = ipxact_add_item(x, SVD_PERIPHERAL, node, &block);

	if (rc < 0 || block->bad)
		return rc;
	block->name = block_name(x, map, block->name, is_only);
	if (!block->name)
		return -ENOMEM;
	block->is_alternate = is_alternate;
	block->given |= SVD_ADDRESS | SVD_SIZE;
	if (!ipxact_bytes(x, block, node, IPXACT_baseAddress, &block->address) && !block->bad)
		svd_problem(&x->svd, block, node->place, "it has no <baseAddress>");
	if (ipxact_bytes(x, block, node, IPXACT_range, &block->block_size) &&
	    !(block->given & SVD_DIM_INCREMENT)) {
		block->dim_increment = block->block_size;
		block->given |= SVD_DIM_INCREMENT;
	}
	x->width = 32;
	ipxact_number(x, block, node, IPXACT_width, &x->width);
	/* of registers that do not say it */
	if (x->width < 1 || x->width > 64)
		x->width = 32;
	block->size = x->width;
	ipxact_take_access(x, block, map);
	ipxact_take_access(x, block, node);
	return block->bad ? 0 : take_content(x, block, node);
}

static unsigned int count_blocks(const struct ipxact *x, const struct xml_node *map)
{
	unsigned int count = 0;

	for (unsigned int i = 0; map && i < IPXACT_DEPTH_MAX; i++) {
		for (struct xml_node *node = xml_child(map, IPXACT_addressBlock); node;
		     node = xml_next(node->next, IPXACT_addressBlock))
			count++;
		map = ipxact_definition(x, map, NULL);
	}
	return count;
}

/* UNIT_BITS: where MAP says none; a remap never does, as its addresses are those of its memory map. */
static int take_map(struct ipxact *x, const struct xml_node *map, uint64_t unit_bits, bool is_alternate)
{
	bool is_only = count_blocks(x, map) == 1;
	const struct xml_node *from = map;
	int rc = 0;

	ipxact_number(x, x->svd.device, map, IPXACT_addressUnitBits, &unit_bits);
	if (unit_bits < 8 || unit_bits > 1024 || unit_bits % 8) {
		regmap_problem(x->svd.map, map->place,
			       "addressUnitBits is %" PRIu64 ": whole bytes are possible, up to 1024 bits",
			       unit_bits);
		return 0;
	}
	for (unsigned int i = 0; rc == 0 && from && i < IPXACT_DEPTH_MAX; i++) {
		for (struct xml_node *node = from->children; rc == 0 && node; node = node->next) {
			if (!ipxact_is_present(x, x->svd.device, node))
				continue;
			x->unit_bits = unit_bits;
			if (node->name == IPXACT_addressBlock)
				rc = take_block(x, map, node, is_only, is_alternate);
			else if (node->name == IPXACT_memoryRemap)
				rc = take_map(x, node, unit_bits, true);
			else if (node->name == IPXACT_bank)
				svd_note(&x->svd, x->svd.device, node->place,
					 "<bank>: banks of address blocks are not read");
		}
		from = ipxact_definition(x, from, NULL);
	}
	return rc;
}

/* Those with blocks in them: where there are several, blocks are named after them. */
static unsigned int count_maps(const struct ipxact *x, const struct xml_node *maps)
{
	unsigned int count = 0;

	for (struct xml_node *map = maps ? xml_child(maps, IPXACT_memoryMap) : NULL; map;
	     map = xml_next(map->next, IPXACT_memoryMap)) {
		count += count_blocks(x, map) > 0;
		for (struct xml_node *remap = xml_child(map, IPXACT_memoryRemap); remap;
		     remap = xml_next(remap->next, IPXACT_memoryRemap))
			count += count_blocks(x, remap) > 0;
	}
	return count;
}

static int take_component(struct ipxact *x)
{
	const struct xml_node *root = x->tree.root;
	const struct xml_node *maps = xml_child(root, IPXACT_memoryMaps);
	int rc = svd_add_item(&x->svd, SVD_DEVICE, &x->svd.device, root->place);

	if (rc < 0)
		return rc;
	x->svd.device->name = *ipxact_text(x, root, IPXACT_name) ? ipxact_text(x, root, IPXACT_name) : NULL;
	x->svd.device->description =
		*ipxact_text(x, root, IPXACT_description) ? ipxact_text(x, root, IPXACT_description) : NULL;
	x->map_count = count_maps(x, maps);
	if (x->map_count == 0)
		regmap_problem(x->svd.map, root->place,
			       "this IP-XACT component has no memory map with registers");
	for (struct xml_node *map = maps ? xml_child(maps, IPXACT_memoryMap) : NULL; rc == 0 && map;
	     map = xml_next(map->next, IPXACT_memoryMap)) {
		if (ipxact_is_present(x, x->svd.device, map))
			rc = take_map(x, map, 8, false);
	}
	return rc < 0 ? rc : svd_expand(&x->svd);
}

static int read_file(struct ipxact *x, struct error *error)
{
	struct regmap *map = x->svd.map;
	int rc = xml_tree_read(map, &ipxact_names, &x->tree, &map->store->is_cut, error);

	/* of a part of a file no sense is made */
	if (rc < 0 || map->store->is_cut)
		return rc;
	rc = ipxact_find_names(x);
	if (rc == 0)
		rc = take_component(x);
	/* more than a map may hold: a problem that was noted */
	if (rc == -E2BIG) {
		map->store->is_cut = true;
		rc = 0;
	}
	return rc < 0 ? error_errno(error, rc, "%s", map->path) : 0;
}

int regmap_parse_ipxact(struct regmap *map, struct error *error)
{
	struct ipxact *x = calloc(1, sizeof(*x));
	int rc;

	if (!x)
		return error_errno(error, -ENOMEM, "%s", map->path);
	x->svd.map = map;
	rc = read_file(x, error);
	xml_tree_free(&x->tree);
	name_table_free(&x->parameter_names);
	name_table_free(&x->types);
	free(x->parameters);
	free(x->definitions);
	svd_free(&x->svd);
	free(x);
	return rc;
}
