/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's log from its start, line by line. Linux Documentation/ABI/testing/dev-kmsg. */
#ifndef PCIETOOL_KMSG_H
#define PCIETOOL_KMSG_H

#include "core/base/context.h"

/*
 * One record, "6,1,2,-;pci 0000:01:00.0: ...", or a line with a blank in front that belongs to the one before. The caller's
 * to change. 0: go on; anything else ends the reading, and is what it gives.
 */
typedef int (*kmsg_line)(void *data, char *line);

/*
 * To the end of what there is now, which ends although the log grows meanwhile; a line that is longer than any of the
 * kernel's is left out. 0, what LINE gave, or -errno: the log cannot be opened.
 */
int kmsg_read(const struct context *ctx, kmsg_line line, void *data);

#endif
