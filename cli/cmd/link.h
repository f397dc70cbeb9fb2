/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of link. */
#ifndef PCIETOOL_LINK_COMMANDS_H
#define PCIETOOL_LINK_COMMANDS_H

#include "cli/command.h"
#include "core/fabric/link.h"
#include "core/fabric/topology.h"

struct link_options {
	bool wake;
	bool has_timeout;
	uint64_t timeout; /* ns */
	bool has_interval;
	uint64_t interval; /* ns */
};

int link_show(struct invocation *inv); /* cli/cmd/link_show.c */
int link_watch(struct invocation *inv); /* cli/cmd/link_watch.c */

#endif
