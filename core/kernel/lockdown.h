/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel lockdown, which Secure Boot turns on: kernel_lockdown(7). */
#ifndef PCIETOOL_LOCKDOWN_H
#define PCIETOOL_LOCKDOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "core/base/context.h"

/* Is the kernel locked down; TEXT gets the mode ("integrity"). */
bool lockdown_mode(const struct context *ctx, char *text, size_t size);

#endif
