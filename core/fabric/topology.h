/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All functions of the machine and what is above what: from sysfs' folders, or, where those do not tell (a captured
 * tree, a dump), from the bus numbers of the bridges. And the physical slots that they are in. Works without rights and wakes
 * nothing.
 */
#ifndef PCIETOOL_TOPOLOGY_H
#define PCIETOOL_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/pci/device.h"

/* "0000:00:1c.0/00.0/02.1": deeper trees than this lose their end. */
#define TOPOLOGY_PATH_SIZE 160

#define TOPOLOGY_CLASS_BRIDGE 0x0604 /* PCI-to-PCI, PCI Code and ID Assignment 1.11 section 1.7 */

struct topology_node {
	struct pci_address address;
	char name[PCI_ADDRESS_SIZE];
	struct topology_node *parent; /* the bridge above; NULL: on a root bus */
	struct topology_node *child; /* the first below, in order of address */
	struct topology_node *next; /* beside it, below the same bridge or on a root bus */
	bool is_bridge;
	unsigned char *port; /* link_port.h's note, so that it asks once; 0 at first */
};

struct topology {
	struct topology_node *nodes; /* in order of address */
	size_t count;
	bool has_bridges; /* is_bridge is filled in */
	unsigned char *ports; /* what the nodes' PORT points to */
};

/* *TOPOLOGY is the caller's to free. */
int topology_read(const struct context *ctx, struct topology **topology, struct error *error);
/* The same, but is_bridge need not be filled in: for whoever reads all classes anyway. */
int topology_read_places(const struct context *ctx, struct topology **topology, struct error *error);
void topology_free(struct topology *topology); /* accepts NULL */

/* NULL: no such function. */
struct topology_node *topology_find(const struct topology *topology, const struct pci_address *address);

/*
 * Where NODE is, whatever bus numbers the bridges above have been given: the address on the root bus, then device and
 * function below each bridge: "0000:00:1c.0/00.0".
 */
void topology_path(const struct topology_node *node, char path[TOPOLOGY_PATH_SIZE]);
/* The node of that path; NULL: there is none. */
struct topology_node *topology_at(const struct topology *topology, const char *path);

/* As device_is_virtual(): a function whose link registers and payload sizes are reserved. */
bool topology_is_virtual(const struct context *ctx, const struct topology_node *node);
/* Is A the same as B, or above it? */
bool topology_is_above(const struct topology_node *a, const struct topology_node *b);

/* --- slots, as /sys/bus/pci/slots names them ----------------------------------------------------- */

struct slot {
	char name[32];
	struct pci_address address; /* of its device; the function is 0 */
};

struct slot_list {
	struct slot *slots; /* in order of address */
	size_t count;
};

/* None where the kernel knows none. 0 or -ENOMEM. */
int slot_list_read(const struct context *ctx, struct slot_list *list);
void slot_list_free(struct slot_list *list);

/* The slot that the device is in, any function of it; NULL: none is known. */
const struct slot *slot_of(const struct slot_list *list, const struct pci_address *address);

#endif
