// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/mapfile/xml_tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/name_table.h"
#include "core/regmap/build.h"

#define CHUNK_SIZE (64u << 10)

struct xml_chunk {
	struct xml_chunk *next;
	size_t used;
	/* nodes and attributes, which are aligned alike */
	struct xml_node room[CHUNK_SIZE / sizeof(struct xml_node)];
};

struct builder {
	struct regmap *map;
	const struct xml_names *names;
	struct name_table elements;
	struct name_table attributes;
	struct xml_tree *tree;
	struct xml_node *open;
};

/* SIZE bytes, zeroed, that live as long as TREE. */
static void *take(struct xml_tree *tree, size_t size)
{
	struct xml_chunk *chunk = tree->chunks;
	char *bytes;

	size = (size + sizeof(void *) - 1) / sizeof(void *) * sizeof(void *);
	if (!chunk || sizeof(chunk->room) - chunk->used < size) {
		chunk = calloc(1, sizeof(*chunk));
		if (!chunk)
			return NULL;
		chunk->next = tree->chunks;
		tree->chunks = chunk;
	}
	bytes = (char *)chunk->room + chunk->used;
	chunk->used += size;
	return bytes;
}

static const char *local_name(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static int add_attribute(struct builder *b, struct xml_node *node, const char *name, const char *value)
{
	struct xml_attribute *attribute;
	uint32_t index;

	name = local_name(name);
	if (!name_table_find(&b->attributes, name, strlen(name), &index))
		return 0;
	attribute = take(b->tree, sizeof(*attribute));
	if (!attribute)
		return -ENOMEM;
	attribute->name = index;
	attribute->value = regmap_string(b->map, value, strlen(value));
	attribute->next = node->attributes;
	node->attributes = attribute;
	return attribute->value ? 0 : -ENOMEM;
}

static int on_start(void *data, const char *name, const char *const *attributes, size_t place)
{
	struct builder *b = data;
	struct xml_node *parent = b->open;
	struct xml_node *node;
	uint32_t index;
	int rc = 0;

	name = local_name(name);
	if (!name_table_find(&b->elements, name, strlen(name), &index))
		return XML_SKIP;
	if (b->tree->count++ >= XML_NODES_MAX) {
		regmap_problem(b->map, place, "more than %u elements in the file", XML_NODES_MAX);
		return -ECANCELED;
	}
	node = take(b->tree, sizeof(*node));
	if (!node)
		return -ENOMEM;
	node->name = index;
	node->place = place;
	node->parent = parent;
	node->text = "";
	if (parent && parent->last_child)
		parent->last_child->next = node;
	else if (parent)
		parent->children = node;
	else
		b->tree->root = node;
	if (parent)
		parent->last_child = node;
	b->open = node;
	for (; rc == 0 && attributes[0]; attributes += 2)
		rc = add_attribute(b, node, attributes[0], attributes[1]);
	return rc < 0 ? rc : XML_TEXT;
}

/* Cuts blanks at both ends and makes one of those inside; the new length. */
static size_t collapse(char *text, size_t length)
{
	size_t used = 0;

	for (size_t i = 0; i < length; i++) {
		if (!strchr(" \t\r\n", text[i]) || !text[i])
			text[used++] = text[i];
		else if (used && text[used - 1] != ' ')
			text[used++] = ' ';
	}
	if (used && text[used - 1] == ' ')
		used--;
	return used;
}

static int on_end(void *data, char *text, size_t length, size_t end)
{
	struct builder *b = data;
	struct xml_node *node = b->open;

	(void)end;
	b->open = node->parent;
	if (node->children || (length = collapse(text, length)) == 0)
		return 0;
	node->text = regmap_string(b->map, text, length);
	return node->text ? 0 : -ENOMEM;
}

static int add_names(struct name_table *table, const char *const *names, unsigned int count)
{
	int rc = 0;

	for (unsigned int i = 0; rc == 0 && i < count; i++)
		rc = name_table_add(table, names[i], i);
	return rc;
}

int xml_tree_read(struct regmap *map, const struct xml_names *names, struct xml_tree *tree, bool *is_cut,
		  struct error *error)
{
	static const struct xml_reader reader = { .start = on_start, .end = on_end };
	struct builder b = { .map = map, .names = names, .tree = tree };
	int rc = add_names(&b.elements, names->elements, names->element_count);

	*tree = (struct xml_tree){ 0 };
	if (rc == 0)
		rc = add_names(&b.attributes, names->attributes, names->attribute_count);
	if (rc == 0)
		rc = xml_parse(map, &reader, &b, is_cut, error);
	else
		error_errno(error, rc, "%s", map->path);
	name_table_free(&b.elements);
	name_table_free(&b.attributes);
	return rc;
}

void xml_tree_free(struct xml_tree *tree)
{
	while (tree->chunks) {
		struct xml_chunk *chunk = tree->chunks;

		tree->chunks = chunk->next;
		free(chunk);
	}
	tree->root = NULL;
}

struct xml_node *xml_next(struct xml_node *node, unsigned int name)
{
	while (node && node->name != name)
		node = node->next;
	return node;
}

struct xml_node *xml_child(const struct xml_node *node, unsigned int name)
{
	return xml_next(node->children, name);
}

const char *xml_attribute(const struct xml_node *node, unsigned int name)
{
	for (const struct xml_attribute *a = node->attributes; a; a = a->next) {
		if (a->name == name)
			return a->value;
	}
	return NULL;
}
