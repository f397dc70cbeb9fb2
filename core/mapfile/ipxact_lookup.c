// SPDX-License-Identifier: GPL-2.0-or-later
/* IP-XACT: parameters by their ids, and the definitions that parts of a map refer to instead of saying it themselves. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/mapfile/ipxact.h"

#define ELEMENT_NAME(name) #name,
static const char *const elements[] = { IPXACT_ELEMENTS(ELEMENT_NAME) };
static const char *const attributes[] = { IPXACT_ATTRIBUTES(ELEMENT_NAME) };
#undef ELEMENT_NAME

const struct xml_names ipxact_names = {
	.elements = elements,
	.element_count = IPXACT_ELEMENT_COUNT,
	.attributes = attributes,
	.attribute_count = IPXACT_ATTRIBUTE_COUNT,
};

/* What refers to a definition, and what that is. */
static const struct {
	enum ipxact_element reference;
	enum ipxact_element definition;
} references[] = {
	{ IPXACT_memoryMapDefinitionRef, IPXACT_memoryMapDefinition },
	{ IPXACT_addressBlockDefinitionRef, IPXACT_addressBlockDefinition },
	{ IPXACT_registerFileDefinitionRef, IPXACT_registerFileDefinition },
	{ IPXACT_registerDefinitionRef, IPXACT_registerDefinition },
	{ IPXACT_fieldDefinitionRef, IPXACT_fieldDefinition },
	{ IPXACT_enumerationDefinitionRef, IPXACT_enumerationDefinition },
	{ IPXACT_fieldAccessPolicyDefinitionRef, IPXACT_fieldAccessPolicyDefinition },
};

#define REFERENCES (sizeof(references) / sizeof(references[0]))
/* "registerDefinition NAME", "register TYPE" */
#define KEY_SIZE 320

static size_t make_key(char key[KEY_SIZE], enum ipxact_element kind, const char *name)
{
	int n = snprintf(key, KEY_SIZE, "%s %s", elements[kind], name);

	return n > 0 && n < KEY_SIZE ? (size_t)n : 0;
}

static struct xml_node *find_type(const struct ipxact *x, enum ipxact_element kind, const char *name)
{
	char key[KEY_SIZE];
	size_t length = make_key(key, kind, name);
	uint32_t index;

	return length && name_table_find(&x->types, key, length, &index) ? x->definitions[index] : NULL;
}

/* The first of a name counts. */
static int add_type(struct ipxact *x, struct xml_node *node, const char *name)
{
	char key[KEY_SIZE];
	size_t length = make_key(key, node->name, name);
	struct xml_node **grown;
	const char *copy;
	int rc;

	if (!length || !*name)
		return 0;
	grown = array_grow(x->definitions, x->definition_count, sizeof(struct xml_node *));
	copy = grown ? regmap_string(x->svd.map, key, length) : NULL;
	if (grown)
		x->definitions = grown;
	if (!copy)
		return -ENOMEM;
	rc = name_table_add(&x->types, copy, (uint32_t)x->definition_count);
	if (rc == 0)
		x->definitions[x->definition_count++] = node;
	return rc == -EEXIST ? 0 : rc;
}

static int add_parameter(struct ipxact *x, const struct xml_node *node, const char *name)
{
	const struct xml_node *value = node->children ? xml_child(node, IPXACT_value) : node;
	struct ipxact_parameter *grown;
	int rc;

	if (!value || !*name)
		return 0;
	grown = array_grow(x->parameters, x->parameter_count, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	x->parameters = grown;
	rc = name_table_add(&x->parameter_names, name, (uint32_t)x->parameter_count);
	if (rc == 0)
		grown[x->parameter_count++] = (struct ipxact_parameter){ .expression = value->text };
	return rc == -EEXIST ? 0 : rc;
}

/* Ids are what expressions name (1685-2014, annex C.5); a name is taken where no id is called so. */
static int add_by_id(struct ipxact *x, const struct xml_node *node)
{
	const char *id = xml_attribute(node, IPXACT_AT_parameterId);

	if (!id)
		id = xml_attribute(node, IPXACT_AT_id);
	return id ? add_parameter(x, node, id) : 0;
}

static int add_by_name(struct ipxact *x, const struct xml_node *node)
{
	const struct xml_node *name;

	if (node->name != IPXACT_parameter && node->name != IPXACT_moduleParameter &&
	    node->name != IPXACT_modelParameter)
		return 0;
	name = xml_child(node, IPXACT_name);
	return name ? add_parameter(x, node, name->text) : 0;
}

static int add_definition(struct ipxact *x, struct xml_node *node)
{
	const struct xml_node *type = xml_child(node, IPXACT_typeIdentifier);
	const struct xml_node *name = xml_child(node, IPXACT_name);
	/* the one of a type that says what it is */
	bool says = xml_child(node, IPXACT_size) || xml_child(node, IPXACT_range) ||
		    xml_child(node, IPXACT_bitWidth);
	int rc = type && says ? add_type(x, node, type->text) : 0;

	for (size_t i = 0; rc == 0 && name && i < REFERENCES; i++) {
		if (node->name == references[i].definition)
			rc = add_type(x, node, name->text);
	}
	return rc;
}

/* All nodes, each in front of its children. */
static struct xml_node *next_node(struct xml_node *node)
{
	if (node->children)
		return node->children;
	while (node && !node->next)
		node = node->parent;
	return node ? node->next : NULL;
}

int ipxact_find_names(struct ipxact *x)
{
	int rc = 0;

	for (struct xml_node *node = x->tree.root; rc == 0 && node; node = next_node(node)) {
		rc = add_by_id(x, node);
		if (rc == 0)
			rc = add_definition(x, node);
	}
	for (struct xml_node *node = x->tree.root; rc == 0 && node; node = next_node(node))
		rc = add_by_name(x, node);
	return rc;
}

struct ipxact_parameter *ipxact_find_parameter(const struct ipxact *x, const char *name, size_t length)
{
	uint32_t index;

	return name_table_find(&x->parameter_names, name, length, &index) ? &x->parameters[index] : NULL;
}

struct xml_node *ipxact_definition(const struct ipxact *x, const struct xml_node *node,
				   const struct xml_node **missing)
{
	const struct xml_node *type;

	for (size_t i = 0; i < REFERENCES; i++) {
		const struct xml_node *reference = xml_child(node, references[i].reference);
		struct xml_node *found;

		if (!reference)
			continue;
		found = find_type(x, references[i].definition, reference->text);
		if (!found && missing)
			*missing = reference;
		return found;
	}
	/* what has the type of another and says nothing itself */
	type = xml_child(node, IPXACT_typeIdentifier);
	if (type && !xml_child(node, IPXACT_size) && !xml_child(node, IPXACT_range) &&
	    !xml_child(node, IPXACT_bitWidth))
		return find_type(x, node->name, type->text);
	return NULL;
}

struct xml_node *ipxact_child(const struct ipxact *x, const struct xml_node *node, enum ipxact_element name)
{
	for (unsigned int i = 0; node && i < IPXACT_DEPTH_MAX; i++) {
		struct xml_node *child = xml_child(node, name);

		/* of a definition, the name and the place are not those of what it defines */
		if (child && (i == 0 || (name != IPXACT_name && name != IPXACT_isPresent)))
			return child;
		node = ipxact_definition(x, node, NULL);
	}
	return NULL;
}

const char *ipxact_text(const struct ipxact *x, const struct xml_node *node, enum ipxact_element name)
{
	const struct xml_node *child = ipxact_child(x, node, name);

	return child ? child->text : "";
}
