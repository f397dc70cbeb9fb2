/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who handles errors: only where the kernel does, its counters mean anything. Firmware may keep them to itself ("firmware
 * first"), or nobody has them.
 */
#ifndef PCIETOOL_AER_OWNER_H
#define PCIETOOL_AER_OWNER_H

#include <stdbool.h>

#include "core/base/context.h"

enum aer_owner {
	AER_OWNER_UNKNOWN,
	AER_OWNER_KERNEL,
	AER_OWNER_FIRMWARE,
	AER_OWNER_NOT_KERNEL, /* firmware or nobody */
};

/* For what is below such a port, "the kernel does not handle ..." */
extern const char AER_NOT_HANDLED[];

/* Of what is below the root port NAME: the kernel or not, as long as the port has the kernel's driver for ports. */
enum aer_owner aer_owner_of_root(const struct context *ctx, const char *name);
/* The same where the port's folder is open and its driver known. */
enum aer_owner aer_owner_of_root_at(int folder, const char *name, const char *driver);

/*
 * From what the kernel logged of ACPI's _OSC when it started (PCI Firmware 3.3 section 4.5.1). Unknown where the log does
 * not reach back to that, or may not be read.
 */
enum aer_owner aer_owner_of_log(const struct context *ctx);

#endif
