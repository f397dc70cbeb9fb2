/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a bridge's windows are used by what is right below it: what lies in which, what is free, and what does not fit.
 * From sysfs, for everybody; wakes nothing.
 */
#ifndef PCIETOOL_BRIDGE_MAP_H
#define PCIETOOL_BRIDGE_MAP_H

#include "core/fabric/topology.h"
#include "core/preflight/no_room.h"

/* A range of a function below the bridge. */
struct bridge_claim {
	const struct topology_node *node;
	struct resource resource;
	int window; /* that it lies in; -1: none */
	bool outside; /* has an address that no window passes on */
	const struct bridge_claim *overlaps; /* another one that has some of the same addresses */
};

struct bridge_window {
	struct resource resource; /* not assigned: the window is off, and the rest is 0 */
	uint64_t used; /* bytes, each counted once */
	uint64_t free;
	uint64_t
		largest; /* the biggest power of two that fits in with its natural alignment, as a BAR has to */
};

struct bridge_map {
	const struct topology_node *bridge;
	bool is_transparent; /* subtractive decode: what is outside is passed on, too */
	struct bridge_window windows[WINDOWS];
	size_t count;
	struct bridge_claim *claims; /* in order of function and line */
};

/* BARs that NO_ROOM tells of are claims too. ERROR_UNSUPPORTED where NODE is no bridge. What MAP holds is the caller's (bridge_map_free). */
int bridge_map_read(const struct context *ctx, const struct topology_node *node,
		    const struct no_room *no_room, struct bridge_map *map, struct error *error);
void bridge_map_free(struct bridge_map *map); /* accepts a zeroed one */

#endif
