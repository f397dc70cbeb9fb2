/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Long text on a terminal, through a program that shows it page by page, as git(1) has it. */
#ifndef PCIETOOL_PAGER_H
#define PCIETOOL_PAGER_H

#include <stdbool.h>

struct pager;

/*
 * From here on standard output, and standard error where that is the terminal too, go to the pager. NULL: there is none, as standard
 * output is no terminal, one that can do nothing, or nobody wants it.
 */
struct pager *pager_start(void);
int pager_terminal(const struct pager *pager); /* the descriptor that standard output was */
/* Until whoever reads has seen enough. What is to be seen was flushed. False: there is no such program. Accepts NULL. */
bool pager_end(struct pager *pager);

#endif
