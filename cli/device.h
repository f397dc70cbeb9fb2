/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices that a command line means. */
#ifndef PCIETOOL_CLI_DEVICE_H
#define PCIETOOL_CLI_DEVICE_H

#include "cli/command.h"
#include "core/fabric/topology.h"

/* The one that is meant, open. With none selected the error asks for -s, -d or PCIETOOL_DEVICE. */
int command_device(struct invocation *inv, struct device **device);

/* None is there: which was looked for, and who says so. -errno of ERROR_SELECT. */
int no_match(struct invocation *inv);

/* Its node in the machine's topology, which is the caller's to free. */
int link_select(struct invocation *inv, struct topology **topology, struct topology_node **node);

/*
 * For verbs that show every device that is meant: all that match -s and -d, or all there are, in order of address.
 * *LIST is the caller's to free. None that matches is ERROR_SELECT.
 */
int matches_list(struct invocation *inv, struct pci_address **list, size_t *count);

/*
 * Calls SHOW with each, open, and DATA; a device that went away since the list was made is left out. Ends with the first
 * failure. Shown or not, a device that is awake and does not answer is one: ERROR_GONE, when all were shown.
 */
int matches_show(struct invocation *inv,
		 int (*show)(struct invocation *inv, struct device *device, const void *data),
		 const void *data);

#endif
