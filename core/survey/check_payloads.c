// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules "mps-own" and "mps-path": can the other end of a link take what a function may send? */
#include <linux/pci_regs.h>
#include <stdio.h>

#include "core/pci/capability.h"
#include "core/survey/check_internal.h"

const struct payload *check_payload(struct check *check, const struct survey_device *d)
{
	struct payload *payload = &check->payloads[d - check->survey->devices];
	struct device *device;
	struct error ignored;

	if (payload->reason || payload->possible)
		return payload;
	if (d->link.reason == LINK_STATE_NOT_EXPRESS) {
		payload->reason = LINK_STATE_NOT_EXPRESS;
	} else if (d->is_suspended) {
		payload->reason = LINK_STATE_SUSPENDED;
	} else if (device_open(check->ctx, &d->node->address, &device, &ignored) < 0) {
		payload->reason = "the device is gone";
	} else {
		payload_read(device, payload);
		device_close(device);
	}
	return payload;
}

/* What a function sends at most, and what it takes: PCIe 6.0 section 2.2.2. */
struct limits {
	const char *reason; /* why they are not known; NULL: they are */
	bool is_ari; /* they are by function 0's setting; its own is ignored */
	unsigned int sends;
	unsigned int takes;
	unsigned int requests; /* Max_Read_Request_Size */
};

/* Is it of a device with up to 256 functions? False, and *IS_KNOWN false: that cannot be seen. */
static bool has_ari(const struct check *check, const struct survey_device *d, bool *is_known)
{
	struct capability_list list;
	struct device *device;
	struct error ignored;

	*is_known = false;
	if (device_open(check->ctx, &d->node->address, &device, &ignored) < 0)
		return false;
	capability_list_read(device, true, &list);
	device_close(device);
	*is_known = !list.reason;
	return !list.reason && capability_list_find(&list, PCI_EXT_CAP_ID_ARI);
}

/* Another function's setting that decides in D's place; NULL: none does. *REASON: it is not known whether one does. */
static const struct payload *deciding(struct check *check, const struct survey_device *d,
				      const struct payload *own, const char **reason)
{
	const struct topology *topology = check->survey->topology;
	struct pci_address address = d->node->address;
	const struct topology_node *node;
	const struct payload *zero;
	bool is_known;

	if (address.device == 0 && address.function == 0)
		return NULL;
	address.device = address.function = 0;
	node = topology_find(topology, &address);
	zero = node ? check_payload(check, &check->survey->devices[node - topology->nodes]) : NULL;
	/* as it mostly is: then it does not matter which of them decides */
	if (zero && !zero->reason && zero->mps == own->mps)
		return NULL;
	if (!has_ari(check, d, &is_known)) {
		*reason = is_known ? NULL : "whether function 0 decides (ARI) is not known";
		return NULL;
	}
	if (!zero || zero->reason)
		*reason = zero ? zero->reason : "function 0, which decides (ARI), is not there";
	return zero;
}

static void find_limits(struct check *check, const struct survey_device *d, bool is_below, struct limits *l)
{
	const struct payload *own = check_payload(check, d);
	const struct payload *other = NULL;
	unsigned int mps;

	*l = (struct limits){ .reason = own->reason };
	if (l->reason)
		return;
	if (is_below)
		other = deciding(check, d, own, &l->reason);
	mps = other ? other->mps : own->mps;
	l->is_ari = other;
	l->sends = mps;
	l->takes = own->takes_possible ? own->possible : mps;
	l->requests = own->mrrs;
}

/*
 * A packet larger than its receiver's limit is malformed, which is fatal. A port with a greater limit than the device
 * below is how Linux sets it up for performance: requests are limited so that no such packet comes back.
 */
static void tell_path(struct check_item *item, const struct limits *own, const struct limits *port,
		      const char *above)
{
	char expected[32];
	char actual[32];

	if (own->sends > port->takes) {
		snprintf(expected, sizeof(expected), "%u", port->takes);
		snprintf(actual, sizeof(actual), "%u", own->sends);
		check_tell(item, CHECK_CRITICAL, "mps-path", expected, actual,
			   "it may send %u bytes in a packet, %s above it takes %u", own->sends, above,
			   port->takes);
	} else if (own->takes < port->sends && own->requests > own->takes) {
		snprintf(expected, sizeof(expected), "%u", port->sends);
		snprintf(actual, sizeof(actual), "%u", own->takes);
		check_tell(item, CHECK_WARNING, "mps-path", expected, actual,
			   "it takes %u bytes in a packet, %s above it may send %u", own->takes, above,
			   port->sends);
	}
}

/* the field must not be set to more than the function can: PCIe 5.0 section 7.5.3.4 */
static void check_own(struct check_item *item, const struct payload *own)
{
	char expected[32];
	char actual[32];

	if (own->mps <= own->possible)
		return;
	snprintf(expected, sizeof(expected), "%u", own->possible);
	snprintf(actual, sizeof(actual), "%u", own->mps);
	check_tell(item, CHECK_CRITICAL, "mps-own", expected, actual,
		   "it is set to %u bytes in a packet, and can do %u", own->mps, own->possible);
}

void check_payloads(struct check_item *item)
{
	const struct survey_device *above = survey_above(item->check->survey, item->device);
	const struct payload *own = check_payload(item->check, item->device);
	struct limits limits;
	struct limits port;

	if (own->reason == LINK_STATE_NOT_EXPRESS || item->device->is_virtual)
		return;
	find_limits(item->check, item->device, above && above->is_port, &limits);
	/* what is ignored may be anything */
	if (!own->reason && !limits.is_ari)
		check_own(item, own);
	if (!above || above->link.reason == LINK_STATE_NOT_EXPRESS)
		return;
	find_limits(item->check, above, false, &port);
	if (limits.reason || port.reason)
		check_tell_gap(item, "mps-path", limits.reason ? limits.reason : port.reason);
	else
		tell_path(item, &limits, &port, above->node->name);
}
