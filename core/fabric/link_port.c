// SPDX-License-Identifier: GPL-2.0-or-later
/* Which bridges have a link below them, by their place in the tree and, where that leaves it open, by their type. */
#include "core/fabric/link_port.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "core/kernel/sysfs.h"
#include "core/pci/attribute.h"
#include "core/pci/fact.h"
#include "core/pci/power.h"

#define TYPE_NONE (-1) /* it is not PCI Express */
#define TYPE_UNKNOWN (-2)

static int read_type_in(struct device *device, const struct capability_list *list)
{
	const struct capability_place express = capability_list_place(list, PCI_CAP_ID_EXP);
	struct fact_number flags;

	if (!express.offset)
		return list->reason ? TYPE_UNKNOWN : TYPE_NONE;
	capability_read(device, &express, PCI_EXP_FLAGS, 16, &flags);
	return flags.reason ? TYPE_UNKNOWN : (int)(flags.value & PCI_EXP_FLAGS_TYPE) >> 4;
}

static int read_type(struct device *device)
{
	struct capability_list list;

	capability_list_read(device, false, &list);
	return read_type_in(device, &list);
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

/* The kernel gives the file to PCI Express devices only. */
static bool is_express(const struct context *ctx, const struct topology_node *node)
{
	char text[64];

	return sysfs_read(ctx, text, sizeof(text), SYSFS_PCI_DEVICES "/%s/current_link_speed", node->name) !=
	       -ENOENT;
}

/*
 * Of one on a root bus whose registers cannot be asked. The driver takes root ports, which a bridge to PCI is not:
 * drivers/pci/pcie/portdrv.c, pcie_portdrv_probe().
 */
static bool looks_like_port(const struct device *device, const struct topology_node *node)
{
	char driver[64];

	if (device_driver(device, driver, sizeof(driver)) == 0 && strcmp(driver, "pcieport") == 0)
		return true;
	return !node->child || is_express(device->ctx, node->child);
}

bool link_port_is_device(struct device *device, const struct topology_node *node,
			 const struct link_port_known *known)
{
	bool is_below_bridge = node->parent != NULL;
	int type;

	/* on a root bus may be an integrated bridge to PCI, without a link; elsewhere such is the lower end of one */
	if (known->is_express && is_below_bridge)
		return true;
	if (known->is_asleep)
		return known->is_express && looks_like_port(device, node);
	type = known->list ? read_type_in(device, known->list) : read_type(device);
	if (type == TYPE_UNKNOWN)
		return device->image || (known->is_express && looks_like_port(device, node));
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

#define CLASS_HOST_BRIDGE 0x0600 /* PCI Code and ID Assignment 1.11 section 1.7 */

bool link_is_upper_end(const struct context *ctx, const struct topology_node *node)
{
	struct device *device;
	struct error ignored;
	uint64_t class_id = 0;
	int type;

	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return false;
	type = power_is_asleep(device) ? TYPE_UNKNOWN : read_type(device);
	if (type == TYPE_UNKNOWN)
		device_read_number(device, "class", &class_id);
	device_close(device);
	return type == PCI_EXP_TYPE_ROOT_PORT || type == PCI_EXP_TYPE_DOWNSTREAM ||
	       class_id >> 8 == CLASS_HOST_BRIDGE;
}

static bool look(const struct context *ctx, const struct topology_node *node)
{
	struct link_port_known known = { .list = NULL };
	struct device *device;
	struct error ignored;
	bool is_port;

	if (!node->is_bridge || (node->parent && link_is_port(ctx, node->parent)))
		return false;
	/* gone: by its place alone */
	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return true;
	known.is_asleep = power_is_asleep(device);
	known.is_express = !device->image && attribute_exists(device, "current_link_speed");
	is_port = link_port_is_device(device, node, &known);
	device_close(device);
	return is_port;
}

enum { NOT_ASKED, NO, YES };

void link_port_note(const struct topology_node *node, bool is_port)
{
	*node->port = is_port ? YES : NO;
}

bool link_is_port(const struct context *ctx, const struct topology_node *node)
{
	if (*node->port == NOT_ASKED)
		link_port_note(node, look(ctx, node));
	return *node->port == YES;
}
