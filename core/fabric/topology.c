// SPDX-License-Identifier: GPL-2.0-or-later
/* The tree of functions, from sysfs' folders or bus numbers, and the slots that they are in. */
#include "core/fabric/topology.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/array.h"
#include "core/kernel/sysfs.h"
#include "core/pci/attribute.h"
#include "core/pci/dump.h"

/* The folder above the device's in /sys/devices. -EINVAL: it is no link, so the tree does not tell. */
static int parent_folder(const struct context *ctx, const char *name, struct pci_address *parent,
			 bool *has_parent)
{
	char target[PATH_MAX];
	char *slash;
	int rc;

	rc = sysfs_link(ctx, target, sizeof(target), SYSFS_PCI_DEVICES "/%s", name);
	if (rc < 0)
		return rc;
	slash = strrchr(target, '/');
	if (!slash)
		return -EINVAL;
	*slash = '\0';
	slash = strrchr(target, '/');
	*has_parent = slash && pci_address_parse(slash + 1, parent) == 0;
	return 0;
}

static int secondary_bus(const struct context *ctx, const struct topology_node *node)
{
	struct device *device;
	struct error ignored;
	uint32_t bus = 0;

	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return 0;
	if (device_config_read(device, PCI_SECONDARY_BUS, 8, &bus, &ignored) < 0)
		bus = 0;
	device_close(device);
	return (int)bus;
}

/* Which node is the bridge of each bus, by number: for trees whose folders do not tell. */
struct bridges {
	struct topology_node *of[256];
	uint32_t domain;
	bool is_known;
};

static void mark_bridges(const struct context *ctx, struct topology *t)
{
	for (size_t i = 0; !t->has_bridges && i < t->count; i++) {
		struct topology_node *node = &t->nodes[i];
		uint64_t class_id;

		node->is_bridge = pci_attribute_read(ctx, &node->address, "class", &class_id) == 0 &&
				  class_id >> 8 == TOPOLOGY_CLASS_BRIDGE;
	}
	t->has_bridges = true;
}

static void find_bridges(const struct context *ctx, struct topology *t, uint32_t domain, struct bridges *b)
{
	mark_bridges(ctx, t);
	memset(b->of, 0, sizeof(b->of));
	b->domain = domain;
	b->is_known = true;
	for (size_t i = 0; i < t->count; i++) {
		struct topology_node *node = &t->nodes[i];
		int bus;

		if (!node->is_bridge || node->address.domain != domain)
			continue;
		bus = secondary_bus(ctx, node);
		if (bus > node->address.bus && bus < 256)
			b->of[bus] = node;
	}
}

static struct topology_node *find_parent(const struct context *ctx, struct topology *t,
					 const struct topology_node *node, struct bridges *bridges)
{
	struct pci_address parent;
	bool has_parent = false;

	if (!ctx->dump && parent_folder(ctx, node->name, &parent, &has_parent) == 0)
		/* buses are numbered on the way down: anything else is a broken tree, and would loop */
		return has_parent && pci_address_compare(&parent, &node->address) < 0
			       ? topology_find(t, &parent)
			       : NULL;
	if (!bridges->is_known || bridges->domain != node->address.domain)
		find_bridges(ctx, t, node->address.domain, bridges);
	return bridges->of[node->address.bus];
}

/* Nodes are in order of address, so appending keeps that order below each bridge. */
static int connect_nodes(const struct context *ctx, struct topology *t)
{
	struct topology_node *last = NULL;
	struct topology_node **ends = calloc(t->count + 1, sizeof(struct topology_node *));
	struct bridges bridges = { .is_known = false };

	if (!ends)
		return -ENOMEM;
	for (size_t i = 0; i < t->count; i++) {
		struct topology_node *node = &t->nodes[i];
		struct topology_node **end;

		node->parent = find_parent(ctx, t, node, &bridges);
		end = node->parent ? &ends[node->parent - t->nodes] : &last;
		if (*end)
			(*end)->next = node;
		else if (node->parent)
			node->parent->child = node;
		*end = node;
	}
	free(ends);
	return 0;
}

int topology_read_places(const struct context *ctx, struct topology **topology, struct error *error)
{
	struct topology *t = calloc(1, sizeof(*t));
	struct pci_address *list = NULL;
	struct selector any;
	int rc;

	if (!t)
		return error_errno(error, -ENOMEM, "reading the topology");
	selector_init(&any);
	rc = selector_list(ctx, &any, &list, &t->count, error);
	if (rc == 0 && t->count) {
		t->nodes = calloc(t->count, sizeof(*t->nodes));
		t->ports = calloc(t->count, sizeof(*t->ports));
		if (!t->nodes || !t->ports)
			rc = error_errno(error, -ENOMEM, "reading the topology");
	}
	for (size_t i = 0; rc == 0 && i < t->count; i++) {
		t->nodes[i].address = list[i];
		t->nodes[i].port = &t->ports[i];
		pci_address_format(&list[i], t->nodes[i].name);
	}
	free(list);
	if (rc == 0 && connect_nodes(ctx, t) < 0)
		rc = error_errno(error, -ENOMEM, "reading the topology");
	if (rc < 0) {
		topology_free(t);
		return rc;
	}
	*topology = t;
	return 0;
}

int topology_read(const struct context *ctx, struct topology **topology, struct error *error)
{
	int rc = topology_read_places(ctx, topology, error);

	if (rc == 0)
		mark_bridges(ctx, *topology);
	return rc;
}

void topology_free(struct topology *topology)
{
	if (!topology)
		return;
	free(topology->ports);
	free(topology->nodes);
	free(topology);
}

static int by_address(const void *key, const void *node)
{
	return pci_address_compare(key, &((const struct topology_node *)node)->address);
}

struct topology_node *topology_find(const struct topology *t, const struct pci_address *address)
{
	return t->count ? bsearch(address, t->nodes, t->count, sizeof(*t->nodes), by_address) : NULL;
}

void topology_path(const struct topology_node *node, char path[TOPOLOGY_PATH_SIZE])
{
	const struct topology_node *chain[16] = { NULL };
	size_t depth = 0;
	size_t used;

	for (; node->parent && depth < sizeof(chain) / sizeof(chain[0]); node = node->parent)
		chain[depth++] = node;
	used = (size_t)snprintf(path, TOPOLOGY_PATH_SIZE, "%s", node->name);
	while (depth-- > 0)
		used += (size_t)snprintf(path + used, TOPOLOGY_PATH_SIZE - used, "/%02x.%x",
					 chain[depth]->address.device, chain[depth]->address.function);
}

struct topology_node *topology_at(const struct topology *t, const char *path)
{
	for (size_t i = 0; i < t->count; i++) {
		char own[TOPOLOGY_PATH_SIZE];

		topology_path(&t->nodes[i], own);
		if (strcmp(own, path) == 0)
			return &t->nodes[i];
	}
	return NULL;
}

bool topology_is_virtual(const struct context *ctx, const struct topology_node *node)
{
	char name[PCI_ADDRESS_SIZE];

	if (ctx->dump) {
		const struct dump_device *d = dump_find(ctx->dump, &node->address);

		return d && dump_device_is_virtual(d);
	}
	return sysfs_link_name(ctx, name, sizeof(name), SYSFS_PCI_DEVICES "/%s/physfn", node->name) == 0;
}

bool topology_is_above(const struct topology_node *a, const struct topology_node *b)
{
	for (; b; b = b->parent) {
		if (a == b)
			return true;
	}
	return false;
}

#define SLOTS "/sys/bus/pci/slots"

static int compare_slots(const void *a, const void *b)
{
	const struct slot *x = a;
	const struct slot *y = b;
	int order = pci_address_compare(&x->address, &y->address);

	return order ? order : strcmp(x->name, y->name);
}

int slot_list_read(const struct context *ctx, struct slot_list *list)
{
	struct dirent *entry;
	DIR *dir = sysfs_opendir(ctx, SLOTS);
	int rc = 0;

	*list = (struct slot_list){ 0 };
	while (dir && rc == 0 && (entry = readdir(dir)) != NULL) {
		struct slot slot;
		struct slot *grown;
		char text[32];
		char full[40];

		/* "0000:01:00": the file has no function */
		if (entry->d_name[0] == '.' ||
		    sysfs_read(ctx, text, sizeof(text), SLOTS "/%s/address", entry->d_name) < 0)
			continue;
		snprintf(full, sizeof(full), "%s.0", text);
		if (pci_address_parse(full, &slot.address) < 0)
			continue;
		snprintf(slot.name, sizeof(slot.name), "%.31s", entry->d_name);
		grown = array_grow(list->slots, list->count, sizeof(*grown));
		if (!grown) {
			rc = -ENOMEM;
			break;
		}
		list->slots = grown;
		grown[list->count++] = slot;
	}
	if (dir)
		closedir(dir);
	if (rc < 0)
		slot_list_free(list);
	else if (list->count)
		qsort(list->slots, list->count, sizeof(*list->slots), compare_slots);
	return rc;
}

void slot_list_free(struct slot_list *list)
{
	free(list->slots);
	*list = (struct slot_list){ 0 };
}

const struct slot *slot_of(const struct slot_list *list, const struct pci_address *address)
{
	struct pci_address first = *address;

	first.function = 0;
	for (size_t i = 0; i < list->count; i++) {
		if (pci_address_compare(&list->slots[i].address, &first) == 0)
			return &list->slots[i];
	}
	return NULL;
}
