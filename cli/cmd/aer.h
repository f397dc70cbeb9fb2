/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of aer, and what they share. */
#ifndef PCIETOOL_AER_COMMANDS_H
#define PCIETOOL_AER_COMMANDS_H

#include "cli/command.h"
#include "core/config/map.h"
#include "core/fabric/topology.h"

/* One end of the link that errors are about: errors of one are often reported by the other. */
struct aer_end {
	const struct topology_node *node;
	const char *role; /* "port" above, "device" */
	struct device *device;
	struct config_map *map; /* NULL: it sleeps */
};

/* The port above NODE's link, if it has one, and NODE; *COUNT of them. */
int aer_open_ends(const struct context *ctx, const struct topology_node *node, struct aer_end ends[2],
		  unsigned int *count, struct error *error);
void aer_close_ends(struct aer_end *ends, unsigned int count);

int aer_show(struct invocation *inv); /* cli/cmd/aer_show.c */
int aer_watch(struct invocation *inv); /* cli/cmd/aer_watch.c */
int aer_mask(struct invocation *inv); /* cli/cmd/aer_mask.c */
int aer_unmask(struct invocation *inv);

#endif
