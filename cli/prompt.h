/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line from a terminal, with history and completion where readline or libedit is installed. */
#ifndef PCIETOOL_PROMPT_H
#define PCIETOOL_PROMPT_H

#include "cli/command.h"

struct prompt;

/* INV is the batch's: its device, map and context are what completion looks at. One at a time. */
int prompt_open(const struct invocation *inv, struct prompt **prompt, struct error *error);
/* The next line, without its newline, valid until the next call; NULL at the end. Ctrl-C gives an empty one. */
const char *prompt_read(struct prompt *prompt, const char *text);
void prompt_close(struct prompt *prompt); /* accepts NULL */

#endif
