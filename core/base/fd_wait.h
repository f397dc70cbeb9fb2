/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A descriptor that was given shares its flags with whoever gave it, who may have made it non-blocking (ssh and node do): read(2)
 * and write(2) fail with EAGAIN then where they would wait.
 */
#ifndef PCIETOOL_FD_WAIT_H
#define PCIETOOL_FD_WAIT_H

#include <stdbool.h>

/*
 * After a call of FD's that failed with RC, a -errno: 0 where it is to be done again, now that FD takes what is written, or has
 * something to read; otherwise RC, or what waiting failed with: -EINTR for a signal.
 */
int fd_wait(int fd, bool write, int rc);

#endif
