/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of aer, and what they share. */
#ifndef PCIETOOL_AER_COMMANDS_H
#define PCIETOOL_AER_COMMANDS_H

#include "cli/command.h"

int aer_show(struct invocation *inv); /* cli/cmd/aer_show.c */
int aer_watch(struct invocation *inv); /* cli/cmd/aer_watch.c */
int aer_mask(struct invocation *inv); /* cli/cmd/aer_mask.c */
int aer_unmask(struct invocation *inv);

#endif
