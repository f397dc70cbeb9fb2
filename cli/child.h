/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that runs while something is held for it. */
#ifndef PCIETOOL_CHILD_H
#define PCIETOOL_CHILD_H

#include "cli/command.h"

/*
 * Runs COMMAND (words, ends with NULL) with our standard input, output and error, and waits until it ends. Signals that
 * signals_catch() noted meanwhile are passed on to it. An exit status other than 0, or a signal that it died of, is an
 * error; inv->child_status is what a shell would say of it.
 */
int child_run(struct invocation *inv, char **command);

#endif
