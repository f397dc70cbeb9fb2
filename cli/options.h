/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parsing of a whole command line into an invocation, with argp. */
#ifndef PCIETOOL_OPTIONS_H
#define PCIETOOL_OPTIONS_H

#include "cli/command.h"

/* --color's words, in the order of enum color_when; ends with NULL. */
extern const char *const color_names[];

/* Of all commands; ends with OPTION_NONE. */
extern const enum option_id common_options[];

#define OPTION_HELP_SIZE 80

/* ROW's help; where it names a time, made in TEXT. */
const char *option_help(const struct option_row *row, char text[static OPTION_HELP_SIZE]);

/*
 * Fills *INV from ARGV: common options, noun and verb, the command's options, operands. --help, --usage and
 * --version print and set inv->shown. The caller frees inv->operands.
 */
int options_parse(int argc, char **argv, struct invocation *inv);

#endif
