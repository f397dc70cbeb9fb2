// SPDX-License-Identifier: GPL-2.0-or-later
/* Which bridges have a link below them, by their place in the tree and, where that leaves it open, by their type. */
#include "core/fabric/link_port.h"

#include <linux/pci_regs.h>

#include "core/pci/attribute.h"
#include "core/pci/capability.h"
#include "core/pci/fact.h"
#include "core/pci/power.h"

#define TYPE_NONE (-1) /* it is not PCI Express */
#define TYPE_UNKNOWN (-2)

static int read_type(struct device *device)
{
	struct capability_list list;
	struct capability_place express;
	struct fact_number flags;

	capability_list_read(device, false, &list);
	express = capability_list_place(&list, PCI_CAP_ID_EXP);
	if (!express.offset)
		return list.reason ? TYPE_UNKNOWN : TYPE_NONE;
	capability_read(device, &express, PCI_EXP_FLAGS, 16, &flags);
	return flags.reason ? TYPE_UNKNOWN : (int)(flags.value & PCI_EXP_FLAGS_TYPE) >> 4;
}

int link_port_type(struct device *device)
{
	int type = read_type(device);

	return type < 0 ? -1 : type;
}

/*
 * drivers/pci/pci.h, pcie_downstream_port(), with drivers/pci/probe.c, set_pcie_port_type(): what is inside a switch is a
 * downstream port, also where it says that it is an upstream one.
 */
static bool has_link_below(int type, bool is_below_bridge)
{
	return type == PCI_EXP_TYPE_ROOT_PORT || type == PCI_EXP_TYPE_DOWNSTREAM ||
	       type == PCI_EXP_TYPE_PCIE_BRIDGE || (type == PCI_EXP_TYPE_UPSTREAM && is_below_bridge);
}

bool link_port_is_device(struct device *device, bool is_asleep, bool is_below_bridge)
{
	/* the kernel gives them to PCI Express devices only */
	bool is_express = !device->image && attribute_exists(device, "current_link_speed");
	int type;

	/* on a root bus may be an integrated bridge to PCI, without a link; elsewhere such is the lower end of one */
	if (is_express && (is_below_bridge || is_asleep))
		return true;
	type = is_asleep ? TYPE_UNKNOWN : read_type(device);
	if (type == TYPE_UNKNOWN)
		return device->image || is_express;
	return has_link_below(type, is_below_bridge);
}

bool link_is_lower_end(const struct context *ctx, const struct topology_node *node)
{
	struct device *device;
	struct error ignored;
	int type;

	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return false;
	type = power_is_asleep(device) ? TYPE_UNKNOWN : read_type(device);
	device_close(device);
	return type == PCI_EXP_TYPE_UPSTREAM ||
	       (type == PCI_EXP_TYPE_PCI_BRIDGE && ctx->dump && node->address.bus != 0);
}

static bool look(const struct context *ctx, const struct topology_node *node)
{
	struct device *device;
	struct error ignored;
	bool is_port;

	if (!node->is_bridge || (node->parent && link_is_port(ctx, node->parent)))
		return false;
	/* gone: by its place alone */
	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return true;
	is_port = link_port_is_device(device, power_is_asleep(device), node->parent != NULL);
	device_close(device);
	return is_port;
}

bool link_is_port(const struct context *ctx, const struct topology_node *node)
{
	enum { NOT_ASKED, NO, YES };

	if (*node->port == NOT_ASKED)
		*node->port = look(ctx, node) ? YES : NO;
	return *node->port == YES;
}
