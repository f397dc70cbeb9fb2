/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An XML file as a tree, for readers that need what stands further down: elements and attributes that the reader has
 * names for, by their local names; all others are passed over with what they contain.
 */
#ifndef PCIETOOL_REGMAP_XML_TREE_H
#define PCIETOOL_REGMAP_XML_TREE_H

#include "core/mapfile/xml.h"

/* Far above what the largest file has that anybody writes, and bounded memory: some 200 MB. */
#define XML_NODES_MAX (2u << 20)

struct xml_attribute {
	struct xml_attribute *next;
	unsigned int name; /* index in xml_names.attributes */
	const char *value;
};

struct xml_node {
	struct xml_node *parent;
	struct xml_node *children;
	struct xml_node *last_child;
	struct xml_node *next;
	struct xml_attribute *attributes;
	const char *text; /* its own, blanks collapsed; "" where it has children or none */
	size_t place;
	unsigned int name; /* index in xml_names.elements */
};

/* Lists of names, at least one each; the same one may not be there twice. */
struct xml_names {
	const char *const *elements;
	unsigned int element_count;
	const char *const *attributes;
	unsigned int attribute_count;
};

struct xml_chunk;

struct xml_tree {
	struct xml_node *root; /* NULL: it has no name for it */
	struct xml_chunk *chunks;
	unsigned int count; /* nodes */
};

/* As xml_parse(); texts live as long as MAP. *TREE is to be freed in any case. */
int xml_tree_read(struct regmap *map, const struct xml_names *names, struct xml_tree *tree, bool *is_cut,
		  struct error *error);
void xml_tree_free(struct xml_tree *tree);

/* The first child of that name; NULL: none. */
struct xml_node *xml_child(const struct xml_node *node, unsigned int name);
/* NODE itself or the next one behind it that has that name. */
struct xml_node *xml_next(struct xml_node *node, unsigned int name);
/* The attribute's value; NULL: it has none. */
const char *xml_attribute(const struct xml_node *node, unsigned int name);

#endif
