/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is not to leave a machine in a report: what tells this one card or host from others of its kind. */
#ifndef PCIETOOL_PRIVACY_H
#define PCIETOOL_PRIVACY_H

#include <stddef.h>

#include "core/pci/config_space.h"

/* Hardware addresses, six or more pairs of hex digits with ':' or '-' between them, become "xx:xx:...". */
void privacy_mask_text(char *text, size_t length);

/* Does a line of the kernel's log tell a serial number? */
bool privacy_is_serial(const char *line);

/* Zeroes the Device Serial Number, and what was last read of the VPD. */
void privacy_mask_config(struct config_space *space);

#endif
