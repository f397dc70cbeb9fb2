// SPDX-License-Identifier: GPL-2.0-or-later
/* A bridge's windows: what of them is used, what is free, what lies outside. From sysfs' resource files. */
#include "core/fabric/bridge_map.h"

#include <errno.h>
#include <stdlib.h>

#include "core/base/array.h"
#include "core/pci/attribute.h"

#define CLASS_SUBTRACTIVE 0x060401 /* PCI Code and ID Assignment 1.11 section 1.7 */

static bool has_address(const struct resource *r)
{
	return r->assigned && r->size;
}

static bool contains(const struct resource *window, const struct resource *r)
{
	return has_address(window) && window->io == r->io && r->start >= window->start &&
	       r->start - window->start <= window->size &&
	       r->size <= window->size - (r->start - window->start);
}

static bool do_overlap(const struct resource *a, const struct resource *b)
{
	/* by their last bytes: an end may be 2^64 */
	return a->io == b->io && a->start <= b->start + (b->size - 1) && b->start <= a->start + (a->size - 1);
}

/* Is it worth a claim: windows that are off are not. */
static bool is_claim(const struct resource *r)
{
	return r->kind != RESOURCE_WINDOW || has_address(r);
}

static int add_claims(const struct context *ctx, const struct topology_node *child,
		      const struct no_room *no_room, struct bridge_map *map, struct error *error)
{
	struct resource_list list;
	struct device *device;
	int rc;

	rc = device_open(ctx, &child->address, &device, error);
	if (rc < 0)
		return 0; /* went away since the topology was read */
	rc = resource_list_read(device, &list, error);
	if (rc == 0)
		no_room_apply_list(no_room, device, false, &list);
	device_close(device);
	for (unsigned int i = 0; rc == 0 && i < list.count; i++) {
		struct bridge_claim *claims;

		if (!is_claim(&list.items[i]))
			continue;
		claims = array_grow(map->claims, map->count, sizeof(*claims));
		if (!claims)
			return error_errno(error, -ENOMEM, "%s: its windows", map->bridge->name);
		map->claims = claims;
		claims[map->count++] = (struct bridge_claim){
			.node = child,
			.resource = list.items[i],
			.window = -1,
		};
	}
	return rc;
}

/*
 * A physical function's VF BARs hold those of its virtual functions, which are listed as functions of their own:
 * no overlap.
 */
static bool is_vf_in_its_range(const struct bridge_claim *a, const struct bridge_claim *b)
{
	return (a->resource.kind == RESOURCE_VF_BAR && a->node != b->node &&
		contains(&a->resource, &b->resource)) ||
	       (b->resource.kind == RESOURCE_VF_BAR && a->node != b->node &&
		contains(&b->resource, &a->resource));
}

static void place_claims(struct bridge_map *map)
{
	for (size_t i = 0; i < map->count; i++) {
		struct bridge_claim *c = &map->claims[i];

		if (!has_address(&c->resource))
			continue;
		for (int w = 0; w < WINDOWS; w++) {
			if (contains(&map->windows[w].resource, &c->resource))
				c->window = w;
		}
		c->outside = c->window < 0;
		for (size_t j = 0; j < i; j++) {
			struct bridge_claim *other = &map->claims[j];

			if (!has_address(&other->resource) || !do_overlap(&c->resource, &other->resource) ||
			    is_vf_in_its_range(c, other))
				continue;
			c->overlaps = other;
			other->overlaps = c;
		}
	}
}

/* The biggest aligned power of two in FIRST..LAST. */
static uint64_t largest_in(uint64_t first, uint64_t last)
{
	for (int bit = 63; bit >= 0; bit--) {
		uint64_t size = UINT64_C(1) << bit;
		uint64_t aligned = (first + size - 1) & ~(size - 1);

		if (aligned >= first && aligned <= last && last - aligned >= size - 1)
			return size;
	}
	return 0;
}

static int by_start(const void *a, const void *b)
{
	const struct resource *one = *(const struct resource *const *)a;
	const struct resource *other = *(const struct resource *const *)b;

	return one->start < other->start ? -1 : one->start > other->start;
}

static void take_gap(struct bridge_window *window, uint64_t first, uint64_t last)
{
	uint64_t largest = largest_in(first, last);

	window->free += last - first + 1;
	if (largest > window->largest)
		window->largest = largest;
}

/* SORTED has room for all claims. */
static void measure(struct bridge_map *map, int w, const struct resource **sorted)
{
	struct bridge_window *window = &map->windows[w];
	uint64_t next = window->resource.start; /* the first byte that is not looked at yet */
	uint64_t last = window->resource.start + (window->resource.size - 1);
	bool is_full = false;
	size_t n = 0;

	if (!has_address(&window->resource))
		return;
	for (size_t i = 0; i < map->count; i++) {
		if (map->claims[i].window == w)
			sorted[n++] = &map->claims[i].resource;
	}
	qsort(sorted, n, sizeof(const struct resource *), by_start);
	for (size_t i = 0; i < n && !is_full; i++) {
		uint64_t claim_last = sorted[i]->start + (sorted[i]->size - 1);

		if (sorted[i]->start > next)
			take_gap(window, next, sorted[i]->start - 1);
		is_full = claim_last == last;
		if (claim_last >= next)
			next = claim_last + 1;
	}
	if (!is_full)
		take_gap(window, next, last);
	window->used = window->resource.size - window->free;
}

static int read_bridge(const struct context *ctx, struct bridge_map *map, struct error *error)
{
	struct resource_list list;
	struct device *device;
	uint64_t class_id;
	unsigned int n = 0;
	int rc;

	rc = device_open(ctx, &map->bridge->address, &device, error);
	if (rc < 0)
		return rc;
	map->is_transparent = pci_attribute_read(ctx, &device->address, "class", &class_id) == 0 &&
			      class_id == CLASS_SUBTRACTIVE;
	rc = resource_list_read(device, &list, error);
	if (rc == 0 && !list.is_bridge) {
		rc = error_set(error, ERROR_UNSUPPORTED, "no-bridge",
			       "%s: it is no bridge, and has no windows", device->name);
		error_hint(error, "'pcietool bar windows' without -s and -d shows those of all bridges");
	}
	device_close(device);
	for (unsigned int i = 0; rc == 0 && i < list.count; i++) {
		if (list.items[i].kind == RESOURCE_WINDOW)
			map->windows[n++].resource = list.items[i];
	}
	return rc;
}

int bridge_map_read(const struct context *ctx, const struct topology_node *node,
		    const struct no_room *no_room, struct bridge_map *map, struct error *error)
{
	struct bridge_map m = { .bridge = node };
	const struct resource **sorted = NULL;
	int rc;

	rc = read_bridge(ctx, &m, error);
	for (const struct topology_node *child = node->child; rc == 0 && child; child = child->next)
		rc = add_claims(ctx, child, no_room, &m, error);
	if (rc == 0) {
		sorted = calloc(m.count + 1, sizeof(const struct resource *));
		if (!sorted)
			rc = error_errno(error, -ENOMEM, "%s: its windows", node->name);
	}
	if (rc < 0) {
		bridge_map_free(&m);
		return rc;
	}
	place_claims(&m);
	for (int w = 0; w < WINDOWS; w++)
		measure(&m, w, sorted);
	free(sorted);
	*map = m;
	return 0;
}

void bridge_map_free(struct bridge_map *map)
{
	free(map->claims);
	*map = (struct bridge_map){ .bridge = NULL };
}
