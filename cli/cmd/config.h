/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of config that are its own. */
#ifndef PCIETOOL_CONFIG_H
#define PCIETOOL_CONFIG_H

#include "cli/command.h"
#include "core/pci/config_space.h"

int config_dump(struct invocation *inv); /* cli/cmd/config_dump.c */
int config_names(struct invocation *inv); /* cli/cmd/config_names.c */
/* As lspci -xxxx, text only. */
void config_dump_write(struct writer *w, const struct device *device, const struct config_space *space);
int config_save(struct invocation *inv); /* cli/cmd/config_saved.c, with the next two */
int config_diff(struct invocation *inv);
int config_restore_file(struct invocation *inv);
int config_show(struct invocation *inv); /* cli/cmd/config_show.c */
/* OPERAND without CAP_ or ECAP_ in front. */
const char *config_block_word(const char *operand);

#endif
