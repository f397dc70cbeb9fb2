// SPDX-License-Identifier: GPL-2.0-or-later
/* list --tree: what is above what, with the link on each edge. */
#include "cli/cmd/list_tree.h"

#include <stdlib.h>
#include <string.h>

#include "cli/fields.h"
#include "cli/table.h"
#include "core/survey/summary.h"
#include "core/fabric/link.h"
#include "core/fabric/topology.h"

static const struct table_column columns[] = {
	{ "DEVICE", false }, { "ID", false },  { "LINK", false },
	{ "DRIVER", false }, { "NAME", true }, { NULL, false },
};

static const struct table_column columns_with_slots[] = {
	{ "DEVICE", false }, { "ID", false },  { "LINK", false }, { "DRIVER", false },
	{ "SLOT", false },   { "NAME", true }, { NULL, false },
};

struct tree {
	struct invocation *inv;
	struct names *names;
	struct topology *topology;
	struct slot_list slots;
	bool *is_shown; /* for each node */
};

static bool is_shown(const struct tree *t, const struct topology_node *node)
{
	return t->is_shown[node - t->topology->nodes];
}

/* What matches, what is above it and what is below it. */
static int choose(struct tree *t, const struct pci_address *list, size_t count)
{
	const struct topology *topology = t->topology;

	t->is_shown = calloc(topology->count + 1, sizeof(*t->is_shown));
	if (!t->is_shown)
		return error_errno(&t->inv->error, -ENOMEM, "starting");
	for (size_t i = 0; i < count; i++) {
		struct topology_node *match = topology_find(topology, &list[i]);

		for (struct topology_node *n = match; n; n = n->parent)
			t->is_shown[n - topology->nodes] = true;
		/* everything, in the usual case: nothing is below another that is not in the list too */
		for (size_t n = 0; match && count < topology->count && n < topology->count; n++) {
			if (topology_is_above(match, &topology->nodes[n]))
				t->is_shown[n] = true;
		}
	}
	return 0;
}

static const struct topology_node *next_shown(const struct tree *t, const struct topology_node *node)
{
	while (node && !is_shown(t, node))
		node = node->next;
	return node;
}

/* "| | +-": what connects a line to those above it. */
static void write_branches(struct writer *w, const struct tree *t, const struct topology_node *node)
{
	const struct topology_node *chain[16];
	size_t depth = 0;

	for (const struct topology_node *n = node; n->parent && depth < 16; n = n->parent)
		chain[depth++] = n;
	while (depth-- > 0)
		writer_text(w, "%s",
			    depth ? (next_shown(t, chain[depth]->next) ? "|  " : "   ")
				  : (next_shown(t, chain[depth]->next) ? "+- " : "\\- "));
}

/* They are a driver's doing. */
static void write_names(struct writer *w, const struct device *device, bool has_driver)
{
	struct kernel_names names = { .count = 0 };

	if (has_driver)
		kernel_names_read(device, &names);
	writer_array(w, "kernel_names");
	for (unsigned int i = 0; i < names.count; i++) {
		writer_object(w, NULL);
		writer_string(w, "class", NULL, names.names[i].class_name);
		writer_string(w, "name", " ", names.names[i].name);
		writer_end(w);
	}
	writer_end(w);
}

static void write_link(struct writer *w, const struct tree *t, const struct topology_node *node)
{
	struct link link;

	if (link_above(&t->inv->ctx, node, &link))
		link_fields_edge(w, &link);
	else
		writer_null(w, "link", NULL, "there is no link above it");
}

static void write_node(struct tree *t, const struct topology_node *node, struct device *device)
{
	struct writer *w = t->inv->out;
	const struct slot *slot = slot_of(&t->slots, &node->address);
	struct device_summary s;
	char path[TOPOLOGY_PATH_SIZE];

	device_summary_identity(device, t->names, &s);
	topology_path(node, path);
	writer_cell(w, "DEVICE");
	write_branches(w, t, node);
	writer_object(w, NULL);
	writer_cell(w, "LINK");
	write_link(w, t, node);
	writer_cell(w, "DEVICE");
	field_identity(w, &s);
	writer_string(w, "path", t->inv->verbosity > 0 ? ", path " : NULL, path);
	if (node->parent)
		writer_string(w, "parent", NULL, node->parent->name);
	else
		writer_null(w, "parent", NULL, "a root bus");
	writer_cell(w, "SLOT");
	if (slot)
		writer_string(w, "slot", writer_is_table(w) ? "" : ", slot ", slot->name);
	else
		writer_null(w, "slot", NULL, "none is known");
	writer_cell(w, "DRIVER");
	field_name(w, "driver", writer_is_table(w) ? "" : ", driver ", &s.driver);
	write_names(w, device, !s.driver.reason);
	writer_line(w);
	writer_end(w);
}

/* In the order of the tree: each with all that is below it before the next. */
static void write_level(struct tree *t, const struct topology_node *node)
{
	for (; node; node = node->next) {
		struct device *device;
		struct error error;

		if (!is_shown(t, node))
			continue;
		/* a device that went away since the list was made is left out */
		if (device_open(&t->inv->ctx, &node->address, &device, &error) == 0) {
			write_node(t, node, device);
			device_close(device);
		}
		write_level(t, node->child);
	}
}

static void write_tree(struct tree *t)
{
	const struct topology *topology = t->topology;

	writer_document(t->inv->out, "list-tree");
	if (t->inv->verbosity <= 0)
		writer_table(t->inv->out, t->slots.count ? columns_with_slots : columns);
	writer_array(t->inv->out, "devices");
	for (size_t i = 0; i < topology->count; i++) {
		/* the first of those without a parent has the others behind it */
		if (!topology->nodes[i].parent) {
			write_level(t, &topology->nodes[i]);
			break;
		}
	}
	writer_document_end(t->inv->out);
}

int list_tree(struct invocation *inv, struct names *names, const struct pci_address *list, size_t count)
{
	struct tree t = { .inv = inv, .names = names };
	int rc;

	rc = topology_read(&inv->ctx, &t.topology, &inv->error);
	if (rc < 0)
		return rc;
	rc = choose(&t, list, count);
	if (rc == 0 && slot_list_read(&inv->ctx, &t.slots) < 0)
		rc = error_errno(&inv->error, -ENOMEM, "slots");
	if (rc == 0)
		write_tree(&t);
	slot_list_free(&t.slots);
	free(t.is_shown);
	topology_free(t.topology);
	return rc;
}
