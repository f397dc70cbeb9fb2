/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The life of one command line: parsed, run, its error shown. */
#ifndef PCIETOOL_RUN_H
#define PCIETOOL_RUN_H

#include "cli/command.h"

/* In the environment: what --trace is when it is not given. */
#define TRACE_VARIABLE "PCIETOOL_TRACE"

/*
 * ARGV[0] is the program. *INV has what the caller wants as defaults, OUT or NULL, for which a writer to standard
 * output is made then. Shows what fails on standard error, and in JSON as a document. The exit status is in
 * inv->error.kind; run_end() frees what parsing made, but for what is in the arena.
 */
void run_line(struct invocation *inv, int argc, char **argv);
/* Once more what run_line() did without an error, by inv->repeat; the writer is the caller's. */
void run_again(struct invocation *inv);
void run_end(struct invocation *inv);

/* Shows inv->error: the one error sink. */
void run_show_error(struct invocation *inv);

/* The context's log function; DATA is the invocation. */
void run_log(void *data, enum log_level level, const char *message);

#endif
