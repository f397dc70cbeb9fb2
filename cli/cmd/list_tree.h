/* SPDX-License-Identifier: GPL-2.0-or-later */
/* list --tree. */
#ifndef PCIETOOL_LIST_TREE_H
#define PCIETOOL_LIST_TREE_H

#include "cli/command.h"
#include "core/pci/ids.h"

/* The devices of LIST with what is above and below them; NAMES NULL: without names. */
int list_tree(struct invocation *inv, struct names *names, const struct pci_address *list, size_t count);

#endif
