/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of all commands. Only main() includes it: everybody else is given it. */
#ifndef PCIETOOL_COMMANDS_H
#define PCIETOOL_COMMANDS_H

#include "cli/command.h"

extern const struct command *const commands[];

#endif
