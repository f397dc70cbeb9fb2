/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How large the packets of a function may be: what it could do, and what is in effect, which is not always what its own
 * register says. Needs root.
 */
#ifndef PCIETOOL_PAYLOAD_H
#define PCIETOOL_PAYLOAD_H

#include <stdbool.h>

#include "core/fabric/topology.h"

#define PAYLOAD_SIZE_MAX                                                                                     \
	4096 /* bytes; what is said to be more is a reserved value, PCIe 6.0 sections 7.5.3.3 and 7.5.3.4 */

struct payload {
	const char *reason; /* why nothing is known; NULL: the rest is valid */
	unsigned int possible; /* bytes: the most that it could send */
	bool takes_possible; /* whatever MPS is set to, it takes so much: Rx_MPS_Fixed, PCIe 6.0 section 7.5.3.3 */
	unsigned int mps; /* Max_Payload_Size that is in effect; 0: see mps_reason */
	const char *mps_reason; /* why that is not known; NULL: it is */
	const struct topology_node *
		decider; /* function 0, whose setting is all functions' (ARI) and differs from its own; NULL: its own */
	unsigned int mrrs; /* Max_Read_Request_Size */
};

/*
 * Of NODE. Reads config space; a device that sleeps is left asleep. Of an ARI device (section 6.13) Max_Payload_Size is
 * function 0's, whatever the other functions' registers say: section 7.5.3.4.
 */
void payload_read_of(const struct context *ctx, const struct topology_node *node, struct payload *payload);

/*
 * The same for whoever keeps what it read: PAYLOAD is that of NODE, which is known to be awake, and ZERO that of
 * payload_zero(), where there is one.
 */
void payload_read_beside(const struct context *ctx, const struct topology_node *node,
			 const struct payload *zero, struct payload *payload);

/* Function 0 of the device that NODE, below a port, is another function of; NULL: there is none, or it is that. */
const struct topology_node *payload_zero(const struct topology_node *node);

/* Of the components on the way from the root down to one. All zero is a valid start. */
struct payload_path {
	struct payload own; /* the last one's */
	unsigned int least; /* the smallest mps of those above it, in bytes; 0: none is known */
};

/* PAYLOAD is that of the next one on the way down. */
void payload_path_add(struct payload_path *path, const struct payload *payload);

#endif
