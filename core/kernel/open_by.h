/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who has a file open, as far as /proc shows it to the caller. */
#ifndef PCIETOOL_OPEN_BY_H
#define PCIETOOL_OPEN_BY_H

#include <stddef.h>

#include "core/base/context.h"

/* "qemu-system-x86 (process 1234)" for the first other process that has NODE ("/dev/vfio/7") open; -ENOENT: none is seen. */
int open_by(const struct context *ctx, const char *node, char *text, size_t size);
/* The same, but for programs that are called EXCEPT (proc_pid_comm(5): 15 characters at most). */
int open_by_another(const struct context *ctx, const char *node, const char *except, char *text, size_t size);

#endif
