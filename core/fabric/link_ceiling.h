/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many bytes of data a second a link could carry at most: what it is signalled at, less its encoding, less what each
 * packet has beside its data. A ceiling: it takes packets as large as they may be, one right behind the other. What the link
 * says to itself is not counted: DLLPs (acknowledgements, credits), SKP ordered sets, what is sent again.
 */
#ifndef PCIETOOL_LINK_CEILING_H
#define PCIETOOL_LINK_CEILING_H

#include <stdbool.h>

#include "core/fabric/link.h"
#include "core/fabric/payload.h"

/* What it is computed from. */
struct link_ceiling_of {
	double speed; /* GT/s per lane */
	unsigned int width; /* lanes */
	bool is_flit; /* in flit mode, as at 64 GT/s and above it always is */
	unsigned int mps; /* bytes: Max_Payload_Size */
	unsigned int mrrs; /* bytes: Max_Read_Request_Size */
};

/* Bytes a second in one direction. */
struct link_ceiling {
	const char *reason; /* why none is known; NULL: the rest is valid */
	struct link_ceiling_of of;
	const char *encoding; /* "8b/10b", "128b/130b", "1b/1b" */
	unsigned int framing; /* bytes of each packet beside its header and data */
	double link; /* after encoding, in flit mode without the bytes of a flit that are no packets' */
	double write; /* data that the device writes, to addresses below 4 GiB */
	double write_high; /* the same to those above, whose header is longer */
	double read; /* data that the device reads: the completions that come back */
};

/* The rest of *CEILING from OF; a reason where one of its numbers is not known (0) or is none. */
void link_ceiling_compute(const struct link_ceiling_of *of, struct link_ceiling *ceiling);

/*
 * Of the narrowest link on the way from NODE to the root, *LINK when it is known, with the payload sizes of PATH down
 * to NODE (NULL: they are read). Reads config space, which needs root; a device that sleeps is left asleep.
 */
void link_ceiling_read(const struct context *ctx, const struct topology_node *node,
		       const struct payload_path *path, struct link *link, struct link_ceiling *ceiling);

#endif
