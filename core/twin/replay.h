/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A recording (pcietool-trace(5)) that a twin answers from: each register gives the values that it gave then, in that order.
 * The first access that departs from it is told. Registers depart each for itself; among all, a write must not be overtaken.
 * Knows no device.
 */
#ifndef PCIETOOL_TWIN_REPLAY_H
#define PCIETOOL_TWIN_REPLAY_H

#include "core/base/context.h"
#include "core/pci/device.h"
#include "core/twin/log.h"

struct replay;

/* Bytes of a BAR that whoever shows the device answers by itself. SIZE 0: none. */
struct replay_hole {
	unsigned int bar;
	uint64_t offset;
	uint64_t size;
};

struct replay_options {
	const char *path;
	const struct pci_address *address; /* of the device in it; NULL: the only one */
	struct replay_hole holes[2];
	struct twin_log *log; /* NULL: none */
};

/*
 * Reads the file; a usage error where it has no access to a BAR, or those of several devices. CTX, and the log, are used as
 * long as *REPLAY, which is the caller's to close.
 */
int replay_open(const struct context *ctx, const struct replay_options *options, struct replay **replay,
		struct error *error);
void replay_close(struct replay *replay); /* accepts NULL */

/* The bytes that a BAR must have for it; 0: nothing lies there. Of NULL: 0. */
uint64_t replay_extent(const struct replay *replay, unsigned int bar);
/* A usage error that names the line whose access ends behind SIZE. */
int replay_fits(const struct replay *replay, unsigned int bar, uint64_t size, struct error *error);

/*
 * From its start with the next access, as for a machine that was just switched on: a new client's. What the one before did not
 * come to is told then. Accepts NULL.
 */
void replay_restart(struct replay *replay);

/*
 * An access of 8 to 64 bits. A read fills *VALUE and returns true; where the recording has no such register it returns false,
 * and *VALUE is untouched.
 */
bool replay_read(struct replay *replay, unsigned int bar, uint64_t offset, unsigned int bits,
		 uint64_t *value);
void replay_write(struct replay *replay, unsigned int bar, uint64_t offset, unsigned int bits,
		  uint64_t value);
struct replay_event {
	unsigned int vector;
	bool is_intx; /* that is what was enabled last, in the recording */
};

/* An interrupt came next in the recording: true, and which. To be asked after each access until false. Of NULL: false. */
bool replay_interrupt(struct replay *replay, struct replay_event *event);

/* 0 where all of it came from the last client that made an access, and as it was recorded; else ERROR_DIFFERS. Accepts NULL. */
int replay_verdict(const struct replay *replay, struct error *error);

#endif
