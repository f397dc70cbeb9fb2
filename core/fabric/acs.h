/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access Control Services: where a port sends what one device wants of another. PCIe 5.0 sections 6.12, 7.7.8.
 *
 * The way of DMA between two functions: which ports it passes, and whether their ACS lets it turn round below the root
 * complex, as Linux' drivers/pci/p2pdma.c judges it.
 */
#ifndef PCIETOOL_ACS_H
#define PCIETOOL_ACS_H

#include "core/fabric/topology.h"
#include "core/pci/capability.h"
#include "core/pci/device.h"
#include "core/pci/fact.h"

struct acs {
	const char *reason; /* none, or unknown; NULL: the rest is valid */
	struct capability_place place;
	unsigned int capability; /* what it can, by the masks of acs_bits */
	unsigned int control; /* what is on */
	bool is_switch_port; /* a switch's downstream port, which has the whole enhanced capability */
};

struct acs_bit {
	unsigned int mask; /* 0 ends the table */
	const char *key; /* "request_redirect" */
	const char *name; /* "request redirect" */
};
extern const struct acs_bit acs_bits[];

/* The function has no such capability; as a reason, to compare with. */
extern const char ACS_NONE[];

void acs_read(struct device *device, struct acs *acs);

/*
 * The enhanced capability, PCIe 6.0 section 6.12.1.1: what becomes of requests to the ports' own BARs, to nobody, and of
 * I/O requests. False: the function does not have it, or it is not known; then the control bits are reserved.
 */
struct acs_enhanced {
	bool io_blocking;
	const char *
		downstream_target; /* BARs of root ports and downstream ports: "direct", "blocked", "redirected", "reserved" */
	const char
		*upstream_target; /* those of the switch's upstream port; NULL: it is no port of a switch */
	bool unclaimed_redirect; /* of a port of a switch */
};
bool acs_enhanced_of(const struct acs *acs, struct acs_enhanced *enhanced);

enum peer_verdict {
	PEER_SAME, /* one function */
	PEER_ABOVE, /* one is a bridge above the other */
	PEER_DEVICE, /* functions of one device, inside of it if it does that */
	PEER_BUS, /* both on a conventional PCI bus: directly */
	PEER_DIRECT, /* in a switch */
	PEER_REDIRECTED, /* by ACS, to the root complex */
	PEER_BLOCKED, /* by ACS' egress control */
	PEER_ROOT_COMPLEX, /* below different root ports, or integrated: up to the root complex */
	PEER_UNKNOWN, /* see reason */
};

struct peer_port {
	const struct topology_node *node;
	bool is_of_b; /* on the side of B; otherwise of A */
	int type; /* PCIe 5.0 section 7.5.3.2: 4 root port, 5, 6 a switch's upstream, downstream port; -1: unknown */
	struct acs acs;
	unsigned int redirects; /* those bits of ACS that are on and redirect */
	bool blocks;
};

#define PEER_PORTS_MAX 64

struct peer_path {
	const struct topology_node *a;
	const struct topology_node *b;
	const struct topology_node
		*common; /* the nearest bridge above both; NULL: none but the host bridge */
	bool same_host_bridge; /* on one root bus; otherwise the ways meet further up */
	enum peer_verdict verdict;
	const char *reason; /* of PEER_UNKNOWN */
	bool translated_direct; /* what redirects lets requests with translated addresses (ATS) through */
	/* below COMMON, from A's up, then from B's up; in a device of several functions, the two themselves */
	unsigned int port_count;
	struct peer_port ports[PEER_PORTS_MAX];
};

void peer_path_read(const struct context *ctx, const struct topology_node *a, const struct topology_node *b,
		    struct peer_path *path);

/* "same", "above", "device", "bus", "direct", "redirected", "blocked", "root-complex", "unknown" */
const char *peer_verdict_name(enum peer_verdict verdict);

/* "root port", "upstream port", "downstream port", ...; NULL: none is known. */
const char *peer_port_type_name(int type);

#endif
