/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the verbs of twin share. */
#ifndef PCIETOOL_CMD_TWIN_H
#define PCIETOOL_CMD_TWIN_H

#include "cli/command.h"
#include "core/twin/twin.h"

/* The options of a twin, without its socket. ADDRESS: where -s goes. */
int twin_make_options(struct invocation *inv, struct twin_options *options, struct pci_address *address);
/* What the twin is; SOCKET, where it is to be shown. */
void twin_render(struct invocation *inv, const struct twin *twin, const char *socket);

int twin_run_run(struct invocation *inv);

#endif
