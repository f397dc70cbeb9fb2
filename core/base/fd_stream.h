/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A stream of stdio(3) over a descriptor that may be non-blocking (fd_wait.h): stdio's own loses what it could not write. */
#ifndef PCIETOOL_FD_STREAM_H
#define PCIETOOL_FD_STREAM_H

#include <stdio.h>

/*
 * Over FD, for MODE "r" or "w"; NULL with errno. A signal ends a call that waits, as it ends stdio's. fclose() leaves FD open, and
 * fileno() knows it not.
 */
FILE *fd_stream(int fd, const char *mode);

#endif
