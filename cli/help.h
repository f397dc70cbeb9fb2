/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of commands in help: of the whole program, of one noun, and its manual page. A command's own help is argp's. */
#ifndef PCIETOOL_HELP_H
#define PCIETOOL_HELP_H

#include <stdio.h>

#include "cli/command.h"

/* All commands with their summaries, in lines of at most 79 columns. */
void help_commands(command_tables tables, FILE *f);

/* The verbs of NOUN. -ENOENT, and nothing is printed, where it is no noun that has verbs. */
int help_noun(command_tables tables, FILE *f, const char *noun);

/*
 * Shows the manual page of NOUN, a word that is one or not, on a terminal, and returns when it was read. False: it was
 * not shown, as it is no noun, standard output no terminal, or there is no man or no such page, which man has said.
 */
bool help_page(command_tables tables, const char *noun);

#endif
