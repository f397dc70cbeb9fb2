// SPDX-License-Identifier: GPL-2.0-or-later
/* The rule "dpc": does a port keep its link down because of an error? */
#include "core/fabric/dpc.h"
#include "core/survey/check_internal.h"

void check_dpc(struct check_item *item)
{
	struct dpc_state dpc;
	char text[DPC_TEXT];

	if (!item->device->is_port)
		return;
	if (!item->open) {
		check_tell_gap(item, "dpc",
			       item->device->is_suspended ? LINK_STATE_SUSPENDED : "the device is gone");
		return;
	}
	dpc_read(item->open, &dpc);
	if (dpc.reason) {
		if (dpc.reason != DPC_NONE)
			check_tell_gap(item, "dpc", dpc.reason);
		return;
	}
	if (!dpc.is_contained)
		return;
	dpc_text(&dpc, text);
	check_tell(item, CHECK_CRITICAL, "dpc", NULL, dpc.trigger, "%s", text);
}
