// SPDX-License-Identifier: GPL-2.0-or-later
/* IP-XACT: what items of all kinds have: a name, an array's elements, places, an access, and whether they are there. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/mapfile/ipxact.h"

void ipxact_bad_word(struct ipxact *x, struct svd_item *item, const struct xml_node *word)
{
	svd_problem(&x->svd, item, word->place, "<%s> '%.64s' is none of its words",
		    ipxact_names.elements[word->name], word->text);
}

bool ipxact_is_present(struct ipxact *x, struct svd_item *parent, const struct xml_node *node)
{
	const struct xml_node *present = xml_child(node, IPXACT_isPresent);
	const char *fault;
	uint64_t value = 1;

	if (!present)
		return true;
	fault = ipxact_evaluate(x, present->text, &value);
	if (fault)
		svd_note(&x->svd, parent, present->place, "<isPresent> '%.64s' %s", present->text, fault);
	return !fault && value;
}

/* --- names and arrays --------------------------------------------------------------------------- */

const char *ipxact_make_name(struct ipxact *x, const char *text, bool is_array)
{
	char name[REGMAP_NAME_SIZE + 8];
	size_t n = 0;

	for (; n < REGMAP_NAME_SIZE && text[n]; n++) {
		bool good = isalnum((unsigned char)text[n]) || strchr("_[]", text[n]);

		name[n] = good ? text[n] : '_';
	}
	name[n] = '\0';
	if (is_array && n + 4 < sizeof(name)) {
		memcpy(name + n, "[%s]", 5);
		n += 4;
	}
	return regmap_string(x->svd.map, name, n);
}

/* An array's dimensions, from outside in: ITEM's dim and grid. */
static void take_dims(struct ipxact *x, struct svd_item *item, const struct xml_node *from)
{
	uint64_t total = 1;

	for (struct xml_node *dim = xml_child(from, IPXACT_dim); dim; dim = xml_next(dim->next, IPXACT_dim)) {
		uint64_t value = 0;
		const char *fault = ipxact_evaluate(x, dim->text, &value);

		if (!fault && (value < 1 || value > SVD_DIM_MAX || total * value > SVD_DIM_MAX))
			fault = "is out of bounds: an array has 1 to 65536 elements";
		if (!fault && item->grid_count == SVD_GRID_MAX)
			fault = "is one dimension too many";
		if (fault) {
			svd_problem(&x->svd, item, dim->place, "<dim> '%.64s' %s", dim->text, fault);
			return;
		}
		total *= value;
		item->grid[item->grid_count++] = (uint32_t)value;
	}
	item->dim = total;
	if (total > 1)
		item->given |= SVD_DIM;
}

/* VALUE addresses in bytes. False: a problem was noted. */
static bool to_bytes(struct ipxact *x, struct svd_item *item, const struct xml_node *node, uint64_t *value)
{
	if (x->unit_bits == 8)
		return true;
	if (__builtin_mul_overflow(*value, x->unit_bits, value)) {
		svd_problem(&x->svd, item, node->place, "its address does not fit 64 bits");
		return false;
	}
	*value /= 8;
	return true;
}

bool ipxact_bytes(struct ipxact *x, struct svd_item *item, const struct xml_node *node,
		  enum ipxact_element name, uint64_t *value)
{
	return ipxact_number(x, item, node, name, value) && to_bytes(x, item, node, value);
}

/* 2009 and 2014 have dim in the element; in 2022 it is in an array, with a stride of its own. */
static void take_array(struct ipxact *x, struct svd_item *item, const struct xml_node *node)
{
	const struct xml_node *array = xml_child(node, IPXACT_array);
	bool has_stride;

	take_dims(x, item, array ? array : node);
	if (!(item->given & SVD_DIM) || !array)
		return;
	if (item->kind == SVD_FIELD)
		has_stride = ipxact_number(x, item, array, IPXACT_bitStride, &item->dim_increment);
	else
		has_stride = ipxact_bytes(x, item, array, IPXACT_stride, &item->dim_increment);
	if (has_stride)
		item->given |= SVD_DIM_INCREMENT;
}

int ipxact_add_item(struct ipxact *x, enum svd_kind kind, const struct xml_node *node, struct svd_item **item)
{
	int rc = svd_add_item(&x->svd, kind, item, node->place);
	const char *name = ipxact_text(x, node, IPXACT_name);
	const char *description = ipxact_text(x, node, IPXACT_description);
	const struct xml_node *missing = NULL;
	struct svd_item *added = *item;

	if (rc < 0)
		return rc;
	added->name = *name ? name : NULL;
	if (*description)
		added->description = description;
	ipxact_definition(x, node, &missing);
	if (!*name)
		svd_problem(&x->svd, added, node->place, "it has no <name>");
	else if (missing)
		svd_problem(&x->svd, added, missing->place, "'%.64s' is not defined in this file",
			    missing->text);
	else
		take_array(x, added, node);
	added->name = ipxact_make_name(x, name, added->given & SVD_DIM);
	return added->name ? 0 : -ENOMEM;
}

const struct xml_node *ipxact_policy(const struct ipxact *x, const struct xml_node *node,
				     enum ipxact_element list, enum ipxact_element name)
{
	const struct xml_node *policies = ipxact_child(x, node, list);
	const struct xml_node *first = policies ? xml_child(policies, name) : NULL;
	const struct xml_node *policy = first;

	while (policy && xml_child(policy, IPXACT_modeRef))
		policy = xml_next(policy->next, name);
	return policy ? policy : first ? first : node;
}

void ipxact_take_access(struct ipxact *x, struct svd_item *item, const struct xml_node *node)
{
	const struct xml_node *policy = ipxact_policy(x, node, IPXACT_accessPolicies, IPXACT_accessPolicy);
	const struct xml_node *access = ipxact_child(x, policy, IPXACT_access);
	enum regmap_access a = REGMAP_READ_ONLY;

	if (!access)
		return;
	/* what was inherited before is not said any more */
	if (item->given & SVD_ACCESS && item->behaviour.on_read == READ_UNSAFE) {
		item->behaviour.on_read = READ_HARMLESS;
		item->given &= ~(uint32_t)SVD_ON_READ;
	}
	item->given |= SVD_ACCESS;
	/* 1685-2022: it is there for others than the bus */
	if (strcmp(access->text, "no-access") == 0) {
		item->behaviour.access = REGMAP_UNKNOWN;
		item->behaviour.on_read = READ_UNSAFE;
		item->given |= SVD_ON_READ;
		return;
	}
	while (a <= REGMAP_READ_WRITE_ONCE && strcasecmp(access->text, regmap_access_name(a)) != 0)
		a++;
	if (a > REGMAP_READ_WRITE_ONCE)
		ipxact_bad_word(x, item, access);
	else
		item->behaviour.access = a;
}
