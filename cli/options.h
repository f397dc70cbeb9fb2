/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options common to all commands, and the parsing of a whole command line into an invocation. */
#ifndef PCIETOOL_OPTIONS_H
#define PCIETOOL_OPTIONS_H

#include "cli/command.h"

/* Keys of options without a short form start here; common ones have 0x1000. */
#define OPTION_LONG 0x100
#define OPTION_COMMON_LONG 0x1000

extern const struct argp_option common_options[];

/*
 * Fills *INV from ARGV: common options, noun and verb, the command's options, operands. --help, --usage and
 * --version print and exit(0), as argp does. The caller frees inv->options and inv->operands.
 */
int options_parse(int argc, char **argv, struct invocation *inv);

#endif
