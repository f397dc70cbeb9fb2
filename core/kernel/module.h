/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Kernel modules that drivers come in. */
#ifndef PCIETOOL_MODULE_H
#define PCIETOOL_MODULE_H

#include "core/base/context.h"
#include "core/base/error.h"

/*
 * Sees to it that DRIVER is there: nothing when it is, FILE when that is given, otherwise modprobe(8). HINT
 * is what helps where there is no such module; NULL.
 * Denied (exit 4) when the kernel takes no module, unsupported (6) when there is none, or no modprobe; failed (1) when there is
 * one that modprobe does not load.
 */
int module_load(const struct context *ctx, const char *driver, const char *file, const char *hint,
		struct error *error);
/*
 * Whether there would be anything to load; nothing is loaded. A tree that stands for another machine (--sysroot) has no
 * modules to ask for: 0.
 */
int module_check(const struct context *ctx, const char *driver, const char *file, const char *hint,
		 struct error *error);

#endif
