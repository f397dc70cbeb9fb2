/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is to be known of a device when the command that did something to it was killed: a small text in /run/pcietool, root's,
 * which the next boot does not find. It begins with the device's ids: to another device in the same slot that was not done.
 */
#ifndef PCIETOOL_RUN_FILE_H
#define PCIETOOL_RUN_FILE_H

#include "core/pci/device.h"

#define RUN_FILE_FOLDER "/run/pcietool"
/* with its NUL */
#define RUN_FILE_TEXT 512

/*
 * The files of a device are called as it is, with SUFFIX behind it, of 7 characters at most. TEXT is what is behind the ids,
 * without the newline at its end. -ENOENT when there is none, as of a file that is neither root's nor the caller's, or that
 * others may write to.
 */
int run_file_read(const struct device *device, const char *suffix, char text[RUN_FILE_TEXT]);
/* Replaced in one step. TEXT has no newline at its end. */
int run_file_write(const struct device *device, const char *suffix, const char *text);
void run_file_remove(const struct device *device, const char *suffix);

/*
 * The descriptor is the caller's to close, and nobody else holds the file as long as it is open, or this process lives.
 * -EWOULDBLOCK when somebody does.
 */
int run_file_hold(const struct device *device, const char *suffix);

/* Is NAME, of a file in that folder, one with SUFFIX? Then the device's address is in it. */
bool run_file_parse_name(const char *name, const char *suffix, struct pci_address *address);

#endif
