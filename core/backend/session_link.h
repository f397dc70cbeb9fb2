/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command's end of the connection to the holder of its session. */
#ifndef PCIETOOL_SESSION_LINK_H
#define PCIETOOL_SESSION_LINK_H

#include "core/base/context.h"
#include "core/backend/session_wire.h"

struct session_link;

/*
 * SESSIONS: paths of sockets, separated by commas; the one whose last component is the device's NAME is it.
 * -ENOENT: none is; otherwise -errno when it does not answer.
 */
int session_link_open(const char *sessions, const char *name, struct session_link **link);
/*
 * The socket at PATH. PATIENCE: how many ns an answer may take, beside what memory that is asked for takes the holder to lock;
 * one that is stopped must not hang us for ever.
 */
#define SESSION_PATIENCE UINT64_C(60000000000)
int session_link_connect(const char *path, uint64_t patience, struct session_link **link);
void session_link_close(struct session_link *link); /* accepts NULL */

enum backend_id session_link_kind(const struct session_link *link);
/* Of the device's bus addresses, as the session began; 0: its way has no DMA memory. */
unsigned int session_link_mask_bits(const struct session_link *link);
/* VFIO: the device's descriptor; the helper, UIO: the holder's node; -1: none. It stays the link's. */
int session_link_fd(const struct session_link *link);
int session_link_socket(const struct session_link *link); /* hung up when the session ends */
bool session_link_is_alive(const struct session_link *link);

/*
 * Asks and waits for the answer. 0 or the holder's -errno, with its record in *ERROR when it filled one; a holder
 * that is no more: -ESHUTDOWN with a record. *FD as in session_socket_receive().
 */
int session_link_ask(struct session_link *link, struct session_request *request, struct session_reply *reply,
		     int *fd, struct error *error);

#endif
