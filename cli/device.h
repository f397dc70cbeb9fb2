/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For verbs that show every device that is meant: all that match -s and -d, or all there are. */
#ifndef PCIETOOL_MATCHES_H
#define PCIETOOL_MATCHES_H

#include "cli/command.h"

/* In order of address. *LIST is the caller's to free. None that matches is ERROR_SELECT. */
int matches_list(struct invocation *inv, struct pci_address **list, size_t *count);

/*
 * Calls SHOW with each, open; a device that went away since the list was made is left out. Ends with the first
 * failure.
 */
int matches_show(struct invocation *inv, int (*show)(struct invocation *inv, struct device *device));

#endif
