/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What irq shares with other commands about interrupts. */
#ifndef PCIETOOL_IRQ_H
#define PCIETOOL_IRQ_H

#include "cli/command.h"

/* OPTION_VECTOR's argument. */
int irq_parse_vector(const char *arg, struct option_values *options, struct error *error);

#endif
