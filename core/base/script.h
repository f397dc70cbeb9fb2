/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a script, from a file or a pipe; those that end in a '\' go on in the next one. */
#ifndef PCIETOOL_SCRIPT_H
#define PCIETOOL_SCRIPT_H

#include "core/base/error.h"

/* Bytes of a line with all that continues it. */
#define SCRIPT_LINE_MAX 65536

struct script;

/* FD stays the caller's; NAME, which is copied, is for messages. */
int script_open(int fd, const char *name, struct script **script, struct error *error);
/*
 * *LINE is the next one, without its newline and valid until the next call; NULL at the end. A line that only is a
 * comment is not continued. Usage errors, which name NAME:LINE: a NUL byte, too long a line.
 */
int script_next(struct script *script, const char **line, struct error *error);
/* Where the last one started, from 1; also after an error. */
unsigned int script_line(const struct script *script);
void script_close(struct script *script); /* accepts NULL */

#endif
