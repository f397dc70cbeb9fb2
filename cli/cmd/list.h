/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How `list` shows devices; its options are in list.c. */
#ifndef PCIETOOL_LIST_H
#define PCIETOOL_LIST_H

#include "cli/writer.h"
#include "core/pci/ids.h"
#include "core/pci/select.h"

/* A document. NAMES NULL: without; FULL as with -v. A device that went away since the list was made is left out. */
void list_write(struct writer *w, const struct context *ctx, const struct pci_address *list, size_t count,
		struct names *names, bool full);

#endif
