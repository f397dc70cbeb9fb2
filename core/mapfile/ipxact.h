/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The reader of IP-XACT (IEEE 1685-2009, -2014, -2022), private to ipxact*.c. The file becomes a tree (xml_tree.c); its
 * parameters and type definitions are found (ipxact_lookup.c); memory maps become items as those of an SVD file are
 * (ipxact.c, ipxact_item.c, ipxact_field.c), with expressions evaluated (ipxact_expression.c), and are expanded by svd_expand.c.
 */
#ifndef PCIETOOL_REGMAP_IPXACT_H
#define PCIETOOL_REGMAP_IPXACT_H

#include "core/base/name_table.h"
#include "core/mapfile/svd.h"
#include "core/mapfile/xml_tree.h"

/* Containers in containers and definitions of definitions, one in another; parameters that lead to others. */
#define IPXACT_DEPTH_MAX 32

#define IPXACT_ELEMENTS(X)                                                                                   \
	X(component)                                                                                         \
	X(typeDefinitions)                                                                                   \
	X(name)                                                                                              \
	X(description)                                                                                       \
	X(model)                                                                                             \
	X(instantiations)                                                                                    \
	X(componentInstantiation)                                                                            \
	X(moduleParameters)                                                                                  \
	X(moduleParameter)                                                                                   \
	X(modelParameters)                                                                                   \
	X(modelParameter)                                                                                    \
	X(parameters)                                                                                        \
	X(parameter)                                                                                         \
	X(value)                                                                                             \
	X(memoryMaps)                                                                                        \
	X(memoryMap)                                                                                         \
	X(memoryRemap)                                                                                       \
	X(bank)                                                                                              \
	X(addressBlock)                                                                                      \
	X(addressUnitBits)                                                                                   \
	X(baseAddress)                                                                                       \
	X(range)                                                                                             \
	X(width)                                                                                             \
	X(access)                                                                                            \
	X(accessPolicies)                                                                                    \
	X(accessPolicy)                                                                                      \
	X(registerFile)                                                                                      \
	X(register)                                                                                          \
	X(alternateRegisters)                                                                                \
	X(alternateRegister)                                                                                 \
	X(alternateGroups)                                                                                   \
	X(alternateGroup)                                                                                    \
	X(addressOffset)                                                                                     \
	X(size)                                                                                              \
	X(typeIdentifier)                                                                                    \
	X(isPresent)                                                                                         \
	X(array)                                                                                             \
	X(dim)                                                                                               \
	X(stride)                                                                                            \
	X(bitStride)                                                                                         \
	X(reset)                                                                                             \
	X(resets)                                                                                            \
	X(mask)                                                                                              \
	X(field)                                                                                             \
	X(bitOffset)                                                                                         \
	X(bitWidth)                                                                                          \
	X(fieldAccessPolicies)                                                                               \
	X(fieldAccessPolicy)                                                                                 \
	X(modeRef)                                                                                           \
	X(modifiedWriteValue)                                                                                \
	X(readAction)                                                                                        \
	X(writeValueConstraint)                                                                              \
	X(writeAsRead)                                                                                       \
	X(useEnumeratedValues)                                                                               \
	X(minimum)                                                                                           \
	X(maximum)                                                                                           \
	X(enumeratedValues)                                                                                  \
	X(enumeratedValue)                                                                                   \
	X(memoryMapDefinitions)                                                                              \
	X(memoryMapDefinition)                                                                               \
	X(memoryMapDefinitionRef)                                                                            \
	X(addressBlockDefinitions)                                                                           \
	X(addressBlockDefinition)                                                                            \
	X(addressBlockDefinitionRef)                                                                         \
	X(registerFileDefinitions)                                                                           \
	X(registerFileDefinition)                                                                            \
	X(registerFileDefinitionRef)                                                                         \
	X(registerDefinitions)                                                                               \
	X(registerDefinition)                                                                                \
	X(registerDefinitionRef)                                                                             \
	X(fieldDefinitions)                                                                                  \
	X(fieldDefinition)                                                                                   \
	X(fieldDefinitionRef)                                                                                \
	X(enumerationDefinitions)                                                                            \
	X(enumerationDefinition)                                                                             \
	X(enumerationDefinitionRef)                                                                          \
	X(fieldAccessPolicyDefinitions)                                                                      \
	X(fieldAccessPolicyDefinition)                                                                       \
	X(fieldAccessPolicyDefinitionRef)

#define IPXACT_ATTRIBUTES(X)                                                                                 \
	X(parameterId)                                                                                       \
	X(id)                                                                                                \
	X(resetTypeRef)                                                                                      \
	X(usage)

#define IPXACT_ELEMENT(name) IPXACT_##name,
enum ipxact_element { IPXACT_ELEMENTS(IPXACT_ELEMENT) IPXACT_ELEMENT_COUNT };
#undef IPXACT_ELEMENT

#define IPXACT_ATTRIBUTE(name) IPXACT_AT_##name,
enum ipxact_attribute { IPXACT_ATTRIBUTES(IPXACT_ATTRIBUTE) IPXACT_ATTRIBUTE_COUNT };
#undef IPXACT_ATTRIBUTE

extern const struct xml_names ipxact_names;

/* What an expression names. */
struct ipxact_parameter {
	const char *expression;
	const char *fault; /* why it has no value; NULL: it has one, once IS_KNOWN */
	uint64_t value;
	bool is_known;
	bool is_busy; /* being evaluated: it must not lead here */
};

struct ipxact {
	struct svd svd;
	struct xml_tree tree;
	struct name_table parameter_names;
	struct ipxact_parameter *parameters;
	size_t parameter_count;
	struct name_table
		types; /* definitions, and the first of those with a typeIdentifier; by number in DEFINITIONS */
	struct xml_node **definitions;
	size_t definition_count;
	unsigned int depth; /* of parameters that lead to others */
	uint64_t unit_bits; /* of addresses, in the memory map that is read */
	uint64_t width; /* of the address block that is read: its registers' where they do not say */
	unsigned int map_count; /* in the file, with blocks in them */
	unsigned int nesting; /* of register files */
};

/* --- looking up (ipxact_lookup.c) --- */

/* Finds parameters and definitions. 0 or -ENOMEM. */
int ipxact_find_names(struct ipxact *x);
/* The parameter called NAME; NULL: none. */
struct ipxact_parameter *ipxact_find_parameter(const struct ipxact *x, const char *name, size_t length);
/* What NODE is defined by, in the same file; NULL: nothing. *MISSING: it refers to what is not there. */
struct xml_node *ipxact_definition(const struct ipxact *x, const struct xml_node *node,
				   const struct xml_node **missing);
/* The first child of NODE, or of what it is defined by, of that name. */
struct xml_node *ipxact_child(const struct ipxact *x, const struct xml_node *node, enum ipxact_element name);
/* Its text, of NODE or what defines it; "" for none. */
const char *ipxact_text(const struct ipxact *x, const struct xml_node *node, enum ipxact_element name);

/* --- expressions (ipxact_expression.c) --- */

/* What TEXT is; NULL and *VALUE, or why it is no number of 64 bits. */
const char *ipxact_evaluate(struct ipxact *x, const char *text, uint64_t *value);
/*
 * The child's number. False: there is none (*VALUE stays), or a problem was noted and ITEM is bad.
 */
bool ipxact_number(struct ipxact *x, struct svd_item *item, const struct xml_node *node,
		   enum ipxact_element name, uint64_t *value);

/* --- items (ipxact_item.c) --- */

/* What is no part of a name here ('.', '-') becomes '_'; an array's has "[%s]" behind. NULL: no memory. */
const char *ipxact_make_name(struct ipxact *x, const char *text, bool is_array);
/* As ipxact_number(), of an address or a length: in bytes. */
bool ipxact_bytes(struct ipxact *x, struct svd_item *item, const struct xml_node *node,
		  enum ipxact_element name, uint64_t *value);

/* Is NODE there (isPresent)? Where that cannot be told a problem is noted at PARENT. */
bool ipxact_is_present(struct ipxact *x, struct svd_item *parent, const struct xml_node *node);
/* A child of *ITEM, which it becomes, with name, description and array; -errno as svd_add_item(). */
int ipxact_add_item(struct ipxact *x, enum svd_kind kind, const struct xml_node *node,
		    struct svd_item **item);
/*
 * What says NODE's access (1685-2022): of the policies called NAME in its LIST the first that is for no mode of its own, else the
 * first; NODE itself where there is none.
 */
const struct xml_node *ipxact_policy(const struct ipxact *x, const struct xml_node *node,
				     enum ipxact_element list, enum ipxact_element name);
/* The access of NODE or its policy, where it is said. */
void ipxact_take_access(struct ipxact *x, struct svd_item *item, const struct xml_node *node);
/* WORD's text is none that it may have. */
void ipxact_bad_word(struct ipxact *x, struct svd_item *item, const struct xml_node *word);
/* Field NODE of REG, with its share of the reset value (ipxact_field.c). */
int ipxact_take_field(struct ipxact *x, struct svd_item *reg, const struct xml_node *node);

#endif
