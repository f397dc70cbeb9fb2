/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The holder of a session: it keeps one device open, over VFIO, the helper or UIO, and serves those of its owner's
 * commands that know its socket. What they allocate, enable and claim ends with the session, however that ends.
 */
#ifndef PCIETOOL_SESSION_H
#define PCIETOOL_SESSION_H

#include "core/pci/device.h"
#include "core/backend/session_wire.h"

struct session;

struct session_options {
	const char *folder; /* for sockets and locks; private, is made when it is missing */
	const char *command; /* for those who ask; copied */
	unsigned int mask_bits; /* of bus addresses, 12 to 64; 0: as the binding says; not over UIO */
	bool reset; /* the device, at the end; over VFIO only */
};

/*
 * Whether one would begin, as far as that is known before the device is opened and bound: nobody has a session of it, and,
 * session_check(), it answers and has a driver that can be held. Changes nothing.
 */
int session_check_free(const struct device *device, const struct session_options *options,
		       struct error *error);
int session_check(struct device *device, const struct session_options *options, struct error *error);
/*
 * By the context's way, or what the device's driver offers. A second one on the device is denied (exit 4) with the
 * first one's process and command.
 */
int session_open(struct device *device, const struct session_options *options, struct session **session,
		 struct error *error);
const char *session_path(const struct session *session); /* of its socket */
enum backend_id session_kind(const struct session *session);

/*
 * One turn: what comes within MS is served. 0: WAKE (a descriptor, -1: none) can be read; -EAGAIN: not yet; -EINTR: a
 * signal came. -ENODEV with the record: the kernel wants the device back, or it is gone.
 */
int session_serve(struct session *session, int wake, int ms, struct error *error);

/*
 * Stop writes, interrupts off, bus mastering off, reset if that was asked for, memory freed, socket removed; the device
 * stays the caller's. Accepts NULL.
 */
void session_close(struct session *session);

/* --- for everybody ---------------------------------------------------------------------------------- */

/* What others could write to tells nothing of a session. -ENOENT: it is not there; the record is filled then, too. */
int session_folder_check(const char *folder, struct error *error);

/* Who has the session of the device NAME in FOLDER: "process 1234: make test"; -ENOENT: nobody has. */
int session_holder(const char *folder, const char *name, char *text, size_t size);
/* What the holder says of itself. */
int session_ask_status(const char *folder, const char *name, struct session_summary *summary);

#endif
