/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is not to leave a machine in a report: what tells this one card or host from others of its kind. */
#ifndef PCIETOOL_PRIVACY_H
#define PCIETOOL_PRIVACY_H

#include <stddef.h>

#include "core/base/text_buffer.h"
#include "core/pci/config_space.h"

/*
 * Hardware addresses, six or more pairs of hex digits with ':' or '-' between them or twelve digits alone, become
 * "xx:xx:..."; so do UUIDs, and HOST (NULL or "": not known) where it is a word of its own, and no part of a device's address.
 */
void privacy_mask_text(char *text, size_t length, const char *host);
/* The same in a JSON document: only in strings that are values, so that it stays one whatever HOST is, and no key is lost. */
void privacy_mask_json(char *text, size_t length, const char *host);

/*
 * The kernel's command line: parameters about PCI, IOMMUs, interrupts, memory, power and processors are kept, of all others
 * the value is left out, of words that are none the word; the kernel hands on what it does not know to init, and
 * initramfs tools take passwords and addresses there. How many were left out.
 */
unsigned int privacy_mask_command_line(const char *text, size_t length, struct text_buffer *masked);

/* Does a line of the kernel's log repeat the command line? */
bool privacy_is_command_line(const char *line);

/* Does a line of the kernel's log tell a serial number? */
bool privacy_is_serial(const char *line);

/*
 * May a field of VPD tell one card from others of its kind? The serial number, the asset tag, and what is the vendor's or
 * the system's, where serial numbers and hardware addresses are as well.
 */
bool privacy_is_vpd_serial(const char *keyword);

/* Zeroes the Device Serial Number, and what was last read of the VPD. */
void privacy_mask_config(struct config_space *space);

#endif
