/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A descriptor that was given shares its flags with whoever gave it, who may have made it non-blocking (ssh and node do): read(2)
 * and write(2) fail with EAGAIN then where they would wait.
 */
#ifndef PCIETOOL_FD_WAIT_H
#define PCIETOOL_FD_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * After a call of FD's that failed with RC, a -errno: 0 where it is to be done again, now that FD takes what is written, or has
 * something to read; otherwise RC, or what waiting failed with: -EINTR for a signal.
 */
int fd_wait(int fd, bool write, int rc);

/* All of DATA, however long that takes; signals do not end it. 0 or -errno. */
int fd_write_all(int fd, const void *data, size_t length);
/* As read(2), which waits and which signals do not end: how many bytes, 0 at the end, or -errno. */
ssize_t fd_read(int fd, void *data, size_t size);
/* The same until SIZE bytes are there or the input ends: how many, or -errno. */
ssize_t fd_read_full(int fd, void *data, size_t size);

#endif
