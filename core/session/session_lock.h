/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that says who has a session, locked as long as that is so: the kernel lets go of the lock when its holder is no
 * more, however that ended.
 */
#ifndef PCIETOOL_SESSION_LOCK_H
#define PCIETOOL_SESSION_LOCK_H

#include <stddef.h>

/* TEXT is for those who look. The descriptor that holds it; -EWOULDBLOCK: somebody has it; another -errno. */
int session_lock_take(const char *path, const char *text);
/* The file goes with the lock. FD -1: nothing. */
void session_lock_release(const char *path, int fd);

/* The holder's TEXT; -ENOENT: nobody has it. Looking never is in the way of who takes it. */
int session_lock_holder(const char *path, char *text, size_t size);

#endif
