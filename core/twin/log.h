/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log of a twin: a line for each access and each fault, in the file as soon as it is written. */
#ifndef PCIETOOL_TWIN_LOG_H
#define PCIETOOL_TWIN_LOG_H

#include <stdbool.h>

#include "core/base/error.h"

struct twin_log;

/* Appends to PATH, which stays the caller's and outlives the log. *LOG is the caller's to close; an error names the file. */
int twin_log_open(const char *path, struct twin_log **log, struct error *error);
void twin_log_close(struct twin_log *log); /* accepts NULL */

/* A line, to which the newline is added; what does not fit into 640 bytes is cut. LOG NULL: nobody wants it. */
void twin_log_line(struct twin_log *log, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* 0, or the first -errno that a line was lost by, with the file's name; of NULL: 0. */
int twin_log_check(const struct twin_log *log, struct error *error);

/* Do both go to one file that keeps what is written? Not /dev/null, a terminal, or a pipe, which others read. Accepts NULL. */
bool twin_log_is_shared(const struct twin_log *log, const struct twin_log *other);

#endif
