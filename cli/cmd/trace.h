/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The verbs of trace that have a file of their own, and what they share. */
#ifndef PCIETOOL_CLI_TRACE_H
#define PCIETOOL_CLI_TRACE_H

#include "cli/command.h"
#include "core/trace/names.h"

/* A trace that was named as an operand, as steps, and the names that its places have. */
struct trace_view {
	struct trace_file file;
	struct trace_step *steps;
	size_t count;
	struct regmap *map; /* --map, or that of the selected device; NULL: none; the context's */
	struct trace_names *names;
};

/* Warns of what is missing in it. VIEW is the caller's to close, also after a failure. */
int trace_view_open(struct invocation *inv, const char *path, struct trace_view *view);
void trace_view_close(struct trace_view *view);

/* "0:0x98", and the name behind it; keys: place, and where there is one device and name. */
void trace_view_place(struct writer *w, const struct trace_view *view, const struct trace_line *line);
/* What was done: "R 0x00000001"; keys: op, value, and where there is one width and error. */
void trace_view_what(struct writer *w, const struct trace_line *line);

/* trace_record.c */
int trace_record_run(struct invocation *inv);
/* trace_diff.c */
int trace_diff_run(struct invocation *inv);

#endif
