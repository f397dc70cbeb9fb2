/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of the kernel's log that are about PCI, its errors and IOMMUs. */
#ifndef PCIETOOL_KERNEL_LOG_H
#define PCIETOOL_KERNEL_LOG_H

#include <stdbool.h>

#include "core/base/context.h"
#include "core/base/text_buffer.h"

/*
 * From /dev/kmsg, as it has them: priority, number and time in microseconds in front. At most a mebibyte, the newest.
 * SERIALS: also those that tell a serial number. 0 or -errno.
 */
int kernel_log_read(const struct context *ctx, bool serials, struct text_buffer *text);

#endif
