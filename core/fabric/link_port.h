/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which bridges have a link below them: root ports, a switch's downstream ports, bridges from PCI to PCI Express. */
#ifndef PCIETOOL_LINK_PORT_H
#define PCIETOOL_LINK_PORT_H

#include <stdbool.h>

#include "core/fabric/topology.h"
#include "core/pci/device.h"

/*
 * What kind of PCI Express device or port, PCI_EXP_TYPE_* (PCIe 6.0 section 7.5.3.2); -1: it is none, or that cannot be
 * read. Reads config space.
 */
int link_port_type(struct device *device);

/*
 * Is DEVICE, a bridge that is not itself the lower end of a link, a port with a link below it? IS_BELOW_BRIDGE: it is on no
 * root bus. Of one that IS_ASLEEP no config space is read, and what kind of port it is needs root: then a bridge with PCI
 * Express counts as one.
 */
bool link_port_is_device(struct device *device, bool is_asleep, bool is_below_bridge);

/*
 * Is NODE, a bridge above which none is seen, the lower end of a link? A switch's upstream port is; a bridge to PCI only where a dump
 * begins with it, as on a root bus it is integrated.
 */
bool link_is_lower_end(const struct context *ctx, const struct topology_node *node);

/*
 * Does NODE have a link below it? The bridge at a link's lower end has none: so below a root port's link is a switch's
 * upstream port, below that, inside the switch, downstream ports, whatever types they have.
 */
bool link_is_port(const struct context *ctx, const struct topology_node *node);

#endif
