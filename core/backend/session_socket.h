/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets with a descriptor beside them, unix(7). */
#ifndef PCIETOOL_SESSION_SOCKET_H
#define PCIETOOL_SESSION_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

/* PATH too long for an address: -ENAMETOOLONG. The descriptor, or -errno. Listens for its owner only. */
int session_socket_listen(const char *path);
int session_socket_connect(const char *path);
/* The other end is this user's or root's, who connected or listens; socket(7), SO_PEERCRED. */
bool session_socket_is_trusted(int socket);

/* All of it at once, with FD (-1: none). Never waits: a peer that does not read is -EAGAIN. */
int session_socket_send(int socket, const void *data, size_t size, int fd);
/*
 * One packet of exactly SIZE bytes; another size is -EPROTO, the end -ECONNRESET. *FD (may be NULL: what comes is
 * dropped) is -1 or the caller's to close.
 */
int session_socket_receive(int socket, void *data, size_t size, int *fd);

#endif
