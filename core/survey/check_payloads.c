// SPDX-License-Identifier: GPL-2.0-or-later
/* The rules "mps-own" and "mps-path": can the other end of a link take what a function may send? */
#include <stdio.h>

#include "core/survey/check_internal.h"

const struct payload *check_payload(struct check *check, const struct survey_device *d)
{
	const struct topology *topology = check->survey->topology;
	struct payload *payload = &check->payloads[d - check->survey->devices];
	const struct topology_node *zero;

	if (payload->reason || payload->possible)
		return payload;
	if (d->link.reason == LINK_STATE_NOT_EXPRESS) {
		payload->reason = LINK_STATE_NOT_EXPRESS;
	} else if (d->is_suspended) {
		payload->reason = LINK_STATE_SUSPENDED;
	} else {
		zero = payload_zero(d->node);
		payload_read_beside(
			check->ctx, d->node,
			zero ? check_payload(check, &check->survey->devices[zero - topology->nodes]) : NULL,
			payload);
	}
	return payload;
}

/* What a function sends at most, and what it takes: PCIe 6.0 section 2.2.2. */
struct limits {
	const char *reason; /* why they are not known; NULL: they are */
	unsigned int sends;
	unsigned int takes;
	unsigned int requests; /* Max_Read_Request_Size */
};

static void find_limits(const struct payload *p, struct limits *l)
{
	*l = (struct limits){
		.reason = p->reason ? p->reason : p->mps_reason,
		.sends = p->mps,
		.takes = p->takes_possible ? p->possible : p->mps,
		.requests = p->mrrs,
	};
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
	/* what is ignored may be anything */
	if (!own->reason && !own->mps_reason && !own->decider)
		check_own(item, own);
	if (!above || above->link.reason == LINK_STATE_NOT_EXPRESS)
		return;
	find_limits(own, &limits);
	find_limits(check_payload(item->check, above), &port);
	if (limits.reason || port.reason)
		check_tell_gap(item, "mps-path", limits.reason ? limits.reason : port.reason);
	else
		tell_path(item, &limits, &port, above->node->name);
}
