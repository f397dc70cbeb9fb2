/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that runs as part of one of ours. */
#ifndef PCIETOOL_CHILD_H
#define PCIETOOL_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/base/error.h"
#include "core/base/text_buffer.h"

/* Is there such a program? Before anything is begun that it is part of. */
int child_check(const char *program, struct error *error);

/* Starts ARGV, ended by NULL. What we catch or ignore, it does not. FDS are its standard streams; one below 0 is ours. */
int child_spawn(char **argv, const int fds[3], pid_t *child);
/* Until it ends, whatever signal comes; STATUS as waitpid(2) has it. 0 or -errno. */
int child_wait(pid_t child, int *status);

/*
 * Runs ARGV, ended by NULL, with our standard input and error; QUIET_STDOUT: its output goes to standard error. TEXT
 * says how it ended; anything but status 0 is ERROR_FAILED. Once STOPPED says so it has a second to end by itself, and
 * is sent SIGTERM then, SIGKILL when that does not help.
 */
int child_run(char **argv, bool quiet_stdout, bool (*stopped)(void *data), void *data, char *text,
	      size_t size, struct error *error);

/*
 * Runs ARGV, ended by NULL, with TEXT as its standard input, and waits for it: what it wrote is OUTPUT, which starts zeroed
 * and is the caller's to free. Anything but status 0 is ERROR_FAILED, with the first line that it had on standard error.
 */
int child_filter(char **argv, const struct text_buffer *text, struct text_buffer *output,
		 struct error *error);

#endif
