/* SPDX-License-Identifier: GPL-2.0-or-later */
/* session: where its sockets are, for session and session status. */
#ifndef PCIETOOL_SESSION_CLI_H
#define PCIETOOL_SESSION_CLI_H

#include <limits.h>

#include "cli/command.h"

/* Sockets of the sessions that a command is in, separated by commas. */
#define SESSION_VARIABLE "PCIETOOL_SESSION"

#define SESSION_FOLDER_SIZE 96 /* with a device's name behind it, it must be an address of unix(7) */

/* Where this user's sockets are: root's under /run/pcietool, others' where the system gives them a place at run time. */
int session_folder(const struct context *ctx, char folder[SESSION_FOLDER_SIZE], struct error *error);

int session_status(struct invocation *inv);

#endif
