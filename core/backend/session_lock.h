/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file that says who has a session: locked as long as that one lives. */
#ifndef PCIETOOL_SESSION_LOCK_H
#define PCIETOOL_SESSION_LOCK_H

#include <stddef.h>

/* Root's sockets and locks; another user's are where the system gives that one a place. */
#define SESSION_ROOT_FOLDER "/run/pcietool/session"
/* A lock's file name is the device's with this behind it. */
#define SESSION_LOCK ".lock"

/* TEXT is for those who look. The descriptor that holds it; -EWOULDBLOCK: somebody has it; another -errno. */
int session_lock_take(const char *path, const char *text);
/* The file goes with the lock. FD -1: nothing. */
void session_lock_release(const char *path, int fd);

/* The holder's TEXT ("process 1234: make test"); -ENOENT: nobody has it. Looking never is in the way of who takes it. */
int session_lock_holder(const char *path, char *text, size_t size);

#endif
