/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which bridges have a link below them: root ports, a switch's downstream ports, bridges from PCI to PCI Express. */
#ifndef PCIETOOL_LINK_PORT_H
#define PCIETOOL_LINK_PORT_H

#include <stdbool.h>

#include "core/fabric/topology.h"
#include "core/pci/capability.h"
#include "core/pci/device.h"

/*
 * What kind of PCI Express device or port, PCI_EXP_TYPE_* (PCIe 6.0 section 7.5.3.2); -1: it is none, or that cannot be
 * read. Reads config space.
 */
int link_port_type(struct device *device);

/* What whoever asks whether a device is a port knows already. */
struct link_port_known {
	bool is_asleep; /* then no config space is read */
	bool is_express; /* the kernel found it to be PCI Express; of a dump false */
	const struct capability_list *list; /* its standard capabilities; NULL: not read */
};

/*
 * Is DEVICE, a bridge that is not itself the lower end of a link, a port with a link below it? NODE is its place. On a root bus
 * its type decides, which needs root and that it is awake: otherwise a bridge with PCI Express counts as one, unless what
 * is below it is none and the kernel's driver for ports has not taken it.
 */
bool link_port_is_device(struct device *device, const struct topology_node *node,
			 const struct link_port_known *known);

/*
 * Is NODE, a bridge above which none is seen, the lower end of a link? A switch's upstream port is; a bridge to PCI only where a dump
 * begins with it, as on a root bus it is integrated.
 */
bool link_is_lower_end(const struct context *ctx, const struct topology_node *node);

/*
 * Is NODE, which is no bridge and on a root bus, the upper end of a link all the same? A host bridge with a root port's type
 * is, whose link leads to the chipset (DMI). Where its type cannot be read any host bridge counts as one.
 */
bool link_is_upper_end(const struct context *ctx, const struct topology_node *node);

/*
 * Does NODE have a link below it? The bridge at a link's lower end has none: so below a root port's link is a switch's
 * upstream port, below that, inside the switch, downstream ports, whatever types they have.
 */
bool link_is_port(const struct context *ctx, const struct topology_node *node);
/* Whoever found that out otherwise: so that it is not asked again. */
void link_port_note(const struct topology_node *node, bool is_port);

#endif
