/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of link. */
#ifndef PCIETOOL_LINK_COMMANDS_H
#define PCIETOOL_LINK_COMMANDS_H

#include "cli/command.h"
#include "core/fabric/link.h"
#include "core/fabric/topology.h"

int link_show(struct invocation *inv); /* cli/cmd/link_show.c */
int link_watch(struct invocation *inv); /* cli/cmd/link_watch.c */
int link_margin(struct invocation *inv); /* cli/cmd/link_margin.c */
int link_aspm(struct invocation *inv); /* cli/cmd/link_aspm.c */

#endif
