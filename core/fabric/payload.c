// SPDX-License-Identifier: GPL-2.0-or-later
/* Device Capabilities and Device Control, and whose setting decides. Sections are of PCIe 6.0. */
#include "core/fabric/payload.h"

#include <linux/pci_regs.h>

#include "core/fabric/link.h"
#include "core/pci/capability.h"
#include "core/pci/fact.h"
#include "core/pci/power.h"

#define DEVCAP_RX_MPS_FIXED (1u << 17) /* not in the older linux/pci_regs.h */

static void read_sizes(struct device *device, const struct capability_place *express, struct payload *payload)
{
	struct fact_number cap;
	struct fact_number control;

	capability_read(device, express, PCI_EXP_DEVCAP, 32, &cap);
	capability_read(device, express, PCI_EXP_DEVCTL, 16, &control);
	payload->reason = cap.reason ? cap.reason : control.reason;
	/* the sizes are its physical function's, its own fields are reserved: section 9.3.5.4 */
	if (!payload->reason && device_is_virtual(device))
		payload->reason = FACT_VIRTUAL_FUNCTION;
	if (payload->reason)
		return;
	payload->possible = 128u << (cap.value & PCI_EXP_DEVCAP_PAYLOAD);
	payload->takes_possible = cap.value & DEVCAP_RX_MPS_FIXED;
	payload->mps = 128u << ((control.value & PCI_EXP_DEVCTL_PAYLOAD) >> 5);
	payload->mrrs = 128u << ((control.value & PCI_EXP_DEVCTL_READRQ) >> 12);
}

static void read_own(struct device *device, struct payload *payload)
{
	struct capability_list list;
	struct capability_place express;

	capability_list_read(device, false, &list);
	express = capability_list_place(&list, PCI_CAP_ID_EXP);
	payload->reason = list.reason ? list.reason : LINK_STATE_NOT_EXPRESS;
	if (express.offset)
		read_sizes(device, &express, payload);
}

static bool is_zero(const struct topology_node *node)
{
	return node->address.device == 0 && node->address.function == 0;
}

const struct topology_node *payload_zero(const struct topology_node *node)
{
	if (!node->parent || is_zero(node))
		return NULL;
	/* in order of address; a virtual function may be on the next bus */
	for (const struct topology_node *n = node->parent->child; n; n = n->next) {
		if (is_zero(n) && n->address.bus == node->address.bus)
			return n;
	}
	return NULL;
}

static void leave_open(struct payload *payload, const char *why)
{
	payload->mps = 0;
	payload->mps_reason = why;
}

/* NODE is no function 0, and ZERO that one's, NULL where there is none. */
static void settle(struct device *device, const struct topology_node *node, const struct payload *zero,
		   struct payload *payload)
{
	struct capability_list list;

	/* as it mostly is: then it does not matter which of them decides */
	if (zero && !zero->reason && zero->mps == payload->mps)
		return;
	capability_list_read(device, true, &list);
	if (list.reason) {
		leave_open(payload, "whether function 0 decides (ARI) is not known");
	} else if (!capability_list_find(&list, PCI_EXT_CAP_ID_ARI)) {
		return;
	} else if (!zero || zero->reason) {
		leave_open(payload, zero ? zero->reason : "function 0, which decides (ARI), is not there");
	} else {
		payload->mps = zero->mps;
		payload->decider = payload_zero(node);
	}
}

static void read_node(const struct context *ctx, const struct topology_node *node, bool is_awake,
		      const struct payload *zero, struct payload *payload)
{
	struct device *device;
	struct error ignored;

	*payload = (struct payload){ .reason = "it cannot be read" };
	if (device_open(ctx, &node->address, &device, &ignored) < 0)
		return;
	if (!is_awake && power_is_asleep(device))
		payload->reason = LINK_STATE_SUSPENDED;
	else
		read_own(device, payload);
	/* elsewhere than below a port there is no such device */
	if (!payload->reason && !is_zero(node) && node->parent && link_is_port(ctx, node->parent))
		settle(device, node, zero, payload);
	device_close(device);
}

void payload_read_beside(const struct context *ctx, const struct topology_node *node,
			 const struct payload *zero, struct payload *payload)
{
	read_node(ctx, node, true, zero, payload);
}

void payload_read_of(const struct context *ctx, const struct topology_node *node, struct payload *payload)
{
	const struct topology_node *first = payload_zero(node);
	struct payload zero;

	if (first)
		read_node(ctx, first, false, NULL, &zero);
	read_node(ctx, node, false, first ? &zero : NULL, payload);
}

void payload_path_add(struct payload_path *path, const struct payload *payload)
{
	unsigned int mps = path->own.reason ? 0 : path->own.mps;

	if (mps && (!path->least || mps < path->least))
		path->least = mps;
	path->own = *payload;
}
