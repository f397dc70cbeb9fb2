// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Access Control Services of a port, and where they send what one device wants of another. Reads; judges as Linux'
 * drivers/pci/p2pdma.c does.
 */
#include "core/fabric/acs.h"

#include <errno.h>
#include <linux/pci_regs.h>
#include <string.h>

#include "core/fabric/link.h"
#include "core/kernel/sysfs.h"
#include "core/pci/capability.h"
#include "core/pci/fact.h"

const char ACS_NONE[] = "no ACS";

const struct acs_bit acs_bits[] = {
	{ PCI_ACS_SV, "source_validation", "source validation" },
	{ PCI_ACS_TB, "translation_blocking", "translation blocking" },
	{ PCI_ACS_RR, "request_redirect", "request redirect" },
	{ PCI_ACS_CR, "completion_redirect", "completion redirect" },
	{ PCI_ACS_UF, "upstream_forwarding", "upstream forwarding" },
	{ PCI_ACS_EC, "egress_control", "egress control" },
	{ PCI_ACS_DT, "direct_translated_p2p", "direct translated P2P" },
	{ 0, NULL, NULL },
};

#define ACS_ENHANCED (1u << 7) /* capability bit, PCIe 6.0 section 7.7.11.2 */

/* A register of the PCI Express capability, whose offset is 0 where there is none. */
static int read_express(struct device *device, unsigned int reg, unsigned int width, uint64_t *value)
{
	const struct capability_place express = capability_place_read(device, false, PCI_CAP_ID_EXP);
	struct fact_number fact;

	if (!express.offset)
		return -ENOENT;
	capability_read(device, &express, reg, width, &fact);
	if (fact.reason)
		return -EIO;
	*value = fact.value;
	return 0;
}

static int port_type(struct device *device)
{
	uint64_t flags;

	return read_express(device, PCI_EXP_FLAGS, 16, &flags) == 0 ? (int)(flags & PCI_EXP_FLAGS_TYPE) >> 4
								    : -1;
}

void acs_read(struct device *device, struct acs *acs)
{
	struct capability_list list = { .reason = NULL };
	struct fact_number capability;
	struct fact_number control;
	struct capability_place place;

	capability_list_read(device, true, &list);
	*acs = (struct acs){ .reason = list.reason };
	if (list.reason)
		return;
	place = capability_list_place(&list, PCI_EXT_CAP_ID_ACS);
	if (!place.offset) {
		acs->reason = device_is_present(device) ? ACS_NONE : FACT_NO_ANSWER;
		return;
	}
	capability_read(device, &place, PCI_ACS_CAP, 16, &capability);
	capability_read(device, &place, PCI_ACS_CTRL, 16, &control);
	*acs = (struct acs){
		.reason = capability.reason ? capability.reason : control.reason,
		.place = place,
		.capability = (unsigned int)capability.value,
		.control = (unsigned int)control.value,
		.is_switch_port =
			capability.value & ACS_ENHANCED && port_type(device) == PCI_EXP_TYPE_DOWNSTREAM,
	};
}

/* PCIe 6.0 section 7.7.11.3 */
static const char *target_access(unsigned int code)
{
	static const char *const names[] = { "direct", "blocked", "redirected", "reserved" };

	return names[code & 3];
}

bool acs_enhanced_of(const struct acs *acs, struct acs_enhanced *enhanced)
{
	if (acs->reason || !(acs->capability & ACS_ENHANCED))
		return false;
	*enhanced = (struct acs_enhanced){
		.io_blocking = acs->control & 1u << 7,
		.downstream_target = target_access(acs->control >> 8),
		.upstream_target = acs->is_switch_port ? target_access(acs->control >> 10) : NULL,
		.unclaimed_redirect = acs->is_switch_port && acs->control & 1u << 12,
	};
	return true;
}

/*
 * The bit of the egress control vector: whether what comes in here may not go out at NUMBER (a port's, or in a device of
 * several functions a function's). ACS is the device's; -1: it does not tell.
 */
static int egress(struct device *device, const struct acs *acs, unsigned int number)
{
	/* 0 in bits 15:8 stands for 256 */
	unsigned int bits = acs->capability >> 8 & 0xff;
	struct fact_number vector;

	if (number >= (bits ? bits : 256))
		return -1;
	capability_read(device, &acs->place, PCI_ACS_EGRESS_CTL_V + number / 32 * 4, 32, &vector);
	return vector.reason ? -1 : (int)(vector.value >> number % 32 & 1);
}

/* pci_bridge_has_acs_redir() in Linux' drivers/pci/p2pdma.c */
#define ACS_REDIRECTS (PCI_ACS_RR | PCI_ACS_CR | PCI_ACS_EC)

const char *peer_verdict_name(enum peer_verdict verdict)
{
	static const char *const names[] = {
		[PEER_SAME] = "same",	    [PEER_ABOVE] = "above",
		[PEER_DEVICE] = "device",   [PEER_BUS] = "bus",
		[PEER_DIRECT] = "direct",   [PEER_REDIRECTED] = "redirected",
		[PEER_BLOCKED] = "blocked", [PEER_ROOT_COMPLEX] = "root-complex",
		[PEER_UNKNOWN] = "unknown",
	};

	return names[verdict];
}

const char *peer_port_type_name(int type)
{
	switch (type) {
	case PCI_EXP_TYPE_ENDPOINT:
	case PCI_EXP_TYPE_LEG_END:
		return "endpoint";
	case PCI_EXP_TYPE_ROOT_PORT:
		return "root port";
	case PCI_EXP_TYPE_UPSTREAM:
		return "upstream port";
	case PCI_EXP_TYPE_DOWNSTREAM:
		return "downstream port";
	case PCI_EXP_TYPE_PCI_BRIDGE:
		return "bridge to PCI";
	case PCI_EXP_TYPE_PCIE_BRIDGE:
		return "bridge from PCI";
	case PCI_EXP_TYPE_RC_END:
		return "integrated endpoint";
	case PCI_EXP_TYPE_RC_EC:
		return "event collector";
	default:
		return NULL;
	}
}

static int node_type(const struct context *ctx, const struct topology_node *node)
{
	struct device *device;
	struct error ignored;
	int type;

	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return -1;
	type = port_type(device);
	device_close(device);
	return type;
}

/* --- the ports of the path ------------------------------------------------------------------------ */

static void read_port(const struct context *ctx, const struct topology_node *node, bool is_of_b,
		      struct peer_port *port)
{
	struct device *device;
	struct error ignored;

	*port = (struct peer_port){
		.node = node,
		.is_of_b = is_of_b,
		.type = -1,
		.acs.reason = "the device is gone",
	};
	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return;
	port->type = port_type(device);
	acs_read(device, &port->acs);
	device_close(device);
	if (!port->acs.reason)
		port->redirects = port->acs.control & ACS_REDIRECTS;
}

static struct peer_port *add_port(const struct context *ctx, struct peer_path *path,
				  const struct topology_node *node, bool is_of_b)
{
	struct peer_port *port = &path->ports[path->port_count];

	if (path->port_count == PEER_PORTS_MAX)
		return NULL;
	path->port_count++;
	read_port(ctx, node, is_of_b, port);
	return port;
}

/* Below the common bridge, or up to the root bus. The last one is what is right below. */
static void add_side(const struct context *ctx, struct peer_path *path, const struct topology_node *end,
		     bool is_of_b)
{
	for (const struct topology_node *node = end->parent; node != path->common; node = node->parent)
		add_port(ctx, path, node, is_of_b);
}

static struct peer_port *top_port(struct peer_path *path, bool is_of_b)
{
	struct peer_port *top = NULL;

	for (unsigned int i = 0; i < path->port_count; i++) {
		if (path->ports[i].is_of_b == is_of_b)
			top = &path->ports[i];
	}
	return top;
}

/* What egress control knows a port by: LnkCap 31:24; in a device of several functions the function. */
static int egress_number(const struct context *ctx, const struct topology_node *node, bool by_function)
{
	struct device *device;
	struct error ignored;
	uint64_t link_cap = 0;
	int rc;

	/* below a link there is one device: with ARI the other bits are the function's, too (PCIe 6.0 section 6.13) */
	if (by_function)
		return node->address.function | (node->parent ? node->address.device << 3 : 0);
	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return -1;
	rc = read_express(device, PCI_EXP_LNKCAP, 32, &link_cap);
	device_close(device);
	return rc < 0 ? -1 : (int)(link_cap >> 24);
}

/* With request redirect on, egress control redirects instead: PCIe 5.0 section 6.12.3 */
static void check_egress(const struct context *ctx, struct peer_port *in, const struct peer_port *out,
			 bool by_function)
{
	struct device *device;
	struct error ignored;
	int number;

	if (!(in->redirects & PCI_ACS_EC) || in->redirects & PCI_ACS_RR)
		return;
	number = egress_number(ctx, out->node, by_function);
	if (device_open(ctx, &in->node->address, &device, &ignored) < 0)
		return;
	/* where it cannot be told it is for the worst */
	in->blocks = number < 0 || egress(device, &in->acs, (unsigned int)number) != 0;
	device_close(device);
}

/* By the ports' ACS; DIRECT is the verdict when it is in nobody's way. */
static void judge_ports(const struct context *ctx, struct peer_path *path, enum peer_verdict direct)
{
	struct peer_port *a = top_port(path, false);
	struct peer_port *b = top_port(path, true);

	if (a && b) {
		check_egress(ctx, a, b, direct == PEER_DEVICE);
		check_egress(ctx, b, a, direct == PEER_DEVICE);
	}
	path->verdict = direct;
	path->translated_direct = true;
	for (unsigned int i = 0; i < path->port_count; i++) {
		const struct peer_port *port = &path->ports[i];

		if (port->redirects && !(port->acs.control & PCI_ACS_DT))
			path->translated_direct = false;
		if (port->blocks)
			path->verdict = PEER_BLOCKED;
		else if (port->redirects && path->verdict != PEER_BLOCKED)
			path->verdict = PEER_REDIRECTED;
	}
	path->translated_direct = path->translated_direct && path->verdict == PEER_REDIRECTED;
	for (unsigned int i = 0; i < path->port_count && path->verdict == direct; i++) {
		const char *reason = path->ports[i].acs.reason;

		if (reason && reason != ACS_NONE) {
			path->verdict = PEER_UNKNOWN;
			path->reason = reason;
		}
	}
}

/* --- where the two ways meet ------------------------------------------------------------------------ */

static const struct topology_node *find_common(const struct topology_node *a, const struct topology_node *b)
{
	while (a && !topology_is_above(a, b))
		a = a->parent;
	return a;
}

/* What of NODE's way is right below COMMON. */
static const struct topology_node *find_top(const struct topology_node *node,
					    const struct topology_node *common)
{
	while (node->parent != common)
		node = node->parent;
	return node;
}

static bool is_one_device(const struct topology_node *a, const struct topology_node *b)
{
	return a->address.domain == b->address.domain && a->address.bus == b->address.bus &&
	       a->address.device == b->address.device;
}

/*
 * What COMMON has below it: PEER_DIRECT a switch's own bus, PEER_BUS a conventional one, PEER_DEVICE a link, at whose
 * end there is one device (its functions may have other device numbers: ARI, SR-IOV). TOP_A and TOP_B are on it.
 */
static enum peer_verdict kind_of_bus(const struct context *ctx, const struct topology_node *common,
				     const struct topology_node *top_a, const struct topology_node *top_b)
{
	switch (node_type(ctx, common)) {
	case PCI_EXP_TYPE_UPSTREAM:
		return PEER_DIRECT;
	case PCI_EXP_TYPE_ROOT_PORT:
	case PCI_EXP_TYPE_DOWNSTREAM:
	case PCI_EXP_TYPE_PCIE_BRIDGE:
		return PEER_DEVICE;
	case PCI_EXP_TYPE_PCI_BRIDGE:
		return PEER_BUS;
	default:
		break;
	}
	/* without the right to ask: by what is there */
	if (topology_is_virtual(ctx, top_a) || topology_is_virtual(ctx, top_b))
		return PEER_DEVICE;
	if (top_a->is_bridge && top_b->is_bridge)
		return PEER_DIRECT;
	return link_is_port(ctx, common) ? PEER_DEVICE : PEER_BUS;
}

static void judge(const struct context *ctx, struct peer_path *path)
{
	const struct topology_node *top_a = find_top(path->a, path->common);
	const struct topology_node *top_b = find_top(path->b, path->common);
	enum peer_verdict direct;

	if (path->common)
		direct = kind_of_bus(ctx, path->common, top_a, top_b);
	else
		direct = PEER_ROOT_COMPLEX;
	path->same_host_bridge =
		top_a->address.domain == top_b->address.domain && top_a->address.bus == top_b->address.bus;
	/* integrated in the root complex, or on a bus of the old kind: functions of one device */
	if (path->a == top_a && path->b == top_b && is_one_device(path->a, path->b))
		direct = PEER_DEVICE;
	if (direct == PEER_DEVICE && path->a == top_a && path->b == top_b) {
		add_port(ctx, path, path->a, false);
		add_port(ctx, path, path->b, true);
	} else {
		add_side(ctx, path, path->a, false);
		add_side(ctx, path, path->b, true);
	}
	if (direct == PEER_ROOT_COMPLEX || direct == PEER_BUS)
		path->verdict = direct;
	else
		judge_ports(ctx, path, direct);
}

void peer_path_read(const struct context *ctx, const struct topology_node *a, const struct topology_node *b,
		    struct peer_path *path)
{
	*path = (struct peer_path){
		.a = a,
		.b = b,
		.common = find_common(a, b),
		.same_host_bridge = true,
	};
	if (a == b)
		path->verdict = PEER_SAME;
	else if (topology_is_above(a, b) || topology_is_above(b, a))
		path->verdict = PEER_ABOVE;
	else
		judge(ctx, path);
}
