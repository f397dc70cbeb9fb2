/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the holder share. */
#ifndef PCIETOOL_SESSION_INTERNAL_H
#define PCIETOOL_SESSION_INTERNAL_H

#include <limits.h>
#include <poll.h>
#include <stddef.h>

#include "core/backend/session_lock.h"
#include "core/session/session.h"

/* Of one user: a script that starts more commands at a time than this has to wait. */
#define SESSION_PEERS 128

struct session_peer {
	int socket;
	struct buffer_client *client; /* over VFIO; NULL until it is needed */
};

struct session {
	struct device *device;
	enum backend_id kind;
	struct session_options options;
	char command[128];
	char path[PATH_MAX];
	char lock_path[PATH_MAX + sizeof(SESSION_LOCK)];
	int lock;
	int listener;
	struct helper *helper;
	int uio_fd;
	bool had_interrupts; /* the helper's, before us */
	unsigned int mask_bits; /* of the device's bus addresses; 0: nobody says */
	unsigned int helper_mask_bits; /* what it was before us */
	uint32_t generation;
	uint64_t started;
	struct session_peer peers[SESSION_PEERS];
	size_t peer_count;
	struct pollfd polls[SESSION_PEERS + 4];
	bool is_open; /* it began: at its end the device is stopped */
};

/* One request of PEER answered. -errno: it is to be hung up. */
int session_answer(struct session *session, struct session_peer *peer);
void session_hang_up(struct session_peer *peer);

#endif
