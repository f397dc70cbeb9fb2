/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may come next on a command line: for the shell, and for the prompt. */
#ifndef PCIETOOL_COMPLETE_H
#define PCIETOOL_COMPLETE_H

#include "cli/command.h"

/* What stands for names of files, of folders. */
#define COMPLETE_FILES "--files--"
#define COMPLETE_DIRECTORIES "--directories--"
/* More of the word comes: no blank behind it. */
#define COMPLETE_OPEN "--open--"

/* WHAT the word is, for people, as long as the call lasts; NULL: nothing is known. */
typedef void (*complete_tell)(void *data, const char *word, const char *what);
/*
 * Tells what may stand for the last of ARGV, behind the others. SELECTOR NULL: no device is selected. DESCRIBES: what takes
 * time to find out, the names of devices, is wanted too.
 */
void complete_words(command_tables tables, const struct context *ctx, const struct selector *selector,
		    char **argv, int argc, bool describes, complete_tell tell, void *data);

/* For the shell, see completions/: prints them, DESCRIBES: with a tab and what each is behind. */
int complete(command_tables tables, const struct context *ctx, bool describes, char **argv, int argc);

#endif
