// SPDX-License-Identifier: GPL-2.0-or-later
/* What a port says of its containment. Only reads: to end it is the user's. */
#include "core/fabric/dpc.h"

#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>

#include "core/pci/capability.h"
#include "core/pci/fact.h"

const char DPC_NONE[] = "no Downstream Port Containment";

/* DPC Trigger Reason, and its extension, which is only valid for 3: section 7.9.14.4 */
static const char *trigger_of(uint64_t status)
{
	static const char *const triggers[] = { "uncorrectable", "nonfatal-message", "fatal-message" };
	static const char *const extensions[] = { "rp-pio", "software", "reserved", "reserved" };
	unsigned int reason = (unsigned int)(status & PCI_EXP_DPC_STATUS_TRIGGER_RSN) >> 1;

	return reason < 3 ? triggers[reason] : extensions[status >> 5 & 3];
}

static void decode(uint64_t status, uint64_t source, struct dpc_state *dpc)
{
	uint64_t reason = status & PCI_EXP_DPC_STATUS_TRIGGER_RSN;

	dpc->is_contained = status & PCI_EXP_DPC_STATUS_TRIGGER;
	if (!dpc->is_contained)
		return;
	dpc->trigger = trigger_of(status);
	/* the source is undefined otherwise: section 7.9.14.5 */
	dpc->has_source = reason == 0x2 || reason == 0x4;
	dpc->source = (uint16_t)source;
	dpc->is_busy = status & PCI_EXP_DPC_RP_BUSY;
}

void dpc_read(struct device *port, struct dpc_state *dpc)
{
	struct capability_list list;
	struct capability_place place;
	struct fact_number status;
	struct fact_number source;

	*dpc = (struct dpc_state){ 0 };
	snprintf(dpc->port, sizeof(dpc->port), "%s", port->name);
	capability_list_read(port, true, &list);
	place = capability_list_place(&list, PCI_EXT_CAP_ID_DPC);
	if (!place.offset) {
		dpc->reason = list.reason ? list.reason : DPC_NONE;
		return;
	}
	capability_read(port, &place, PCI_EXP_DPC_STATUS, 16, &status);
	capability_read(port, &place, PCI_EXP_DPC_SOURCE_ID, 16, &source);
	dpc->reason = status.reason ? status.reason : source.reason;
	if (!dpc->reason && status.value == 0xffff)
		dpc->reason = FACT_NO_ANSWER;
	if (!dpc->reason)
		decode(status.value, source.value, dpc);
}

/* "ERR_FATAL from 03:00.0" */
static void format_cause(const struct dpc_state *dpc, char *text, size_t size)
{
	static const char *const causes[][2] = {
		{ "uncorrectable", "an uncorrectable error that it detected" },
		{ "nonfatal-message", "ERR_NONFATAL" },
		{ "fatal-message", "ERR_FATAL" },
		{ "rp-pio", "an error of a request of its own (RP PIO)" },
		{ "software", "software's wish" },
		{ "reserved", "something unknown" },
	};
	const char *cause = "";

	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++) {
		if (strcmp(causes[i][0], dpc->trigger) == 0)
			cause = causes[i][1];
	}
	if (dpc->has_source)
		snprintf(text, size, "%s from %02x:%02x.%x", cause, dpc->source >> 8, dpc->source >> 3 & 0x1f,
			 dpc->source & 7);
	else
		snprintf(text, size, "%s", cause);
}

void dpc_text(const struct dpc_state *dpc, char text[DPC_TEXT])
{
	char cause[64];

	format_cause(dpc, cause, sizeof(cause));
	snprintf(text, DPC_TEXT,
		 "the port contains its link (DPC) after %s%s: 'pcietool -s %s config write "
		 "DPC.STATUS.TRIGGER=1; pcietool rescan' ends that",
		 cause, dpc->is_busy ? ", and is busy yet" : "", dpc->port);
}
