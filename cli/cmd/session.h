/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What main() has to know of session, as the environment is its business. */
#ifndef PCIETOOL_SESSION_CLI_H
#define PCIETOOL_SESSION_CLI_H

/* Sockets of the sessions that a command is in, separated by commas. */
#define SESSION_VARIABLE "PCIETOOL_SESSION"

#endif
