// SPDX-License-Identifier: GPL-2.0-or-later
/* What a port with nothing below it says of its link and its slot. */
#include "core/fabric/empty_port.h"

#include <limits.h>
#include <linux/pci_regs.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/fabric/link.h"
#include "core/fabric/topology.h"
#include "core/kernel/sysfs.h"
#include "core/pci/capability.h"
#include "core/pci/fact.h"

struct registers {
	struct fact_number flags;
	struct fact_number link_cap;
	struct fact_number link_status;
	struct fact_number slot_cap;
	struct fact_number slot_control;
	struct fact_number slot_status;
};

/* Why they are not known; NULL: they are. */
static const char *read_registers(struct device *port, struct registers *r)
{
	const struct {
		unsigned int offset;
		unsigned int width;
		struct fact_number *fact;
	} list[] = {
		{ PCI_EXP_FLAGS, 16, &r->flags },	  { PCI_EXP_LNKCAP, 32, &r->link_cap },
		{ PCI_EXP_LNKSTA, 16, &r->link_status },  { PCI_EXP_SLTCAP, 32, &r->slot_cap },
		{ PCI_EXP_SLTCTL, 16, &r->slot_control }, { PCI_EXP_SLTSTA, 16, &r->slot_status },
	};
	const struct capability_place express = capability_place_read(port, false, PCI_CAP_ID_EXP);

	if (!express.offset) {
		fact_read_config(port, PCI_STD_HEADER_SIZEOF, 8, &r->flags);
		return r->flags.reason ? r->flags.reason : "not PCI Express";
	}
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		capability_read(port, &express, list[i].offset, list[i].width, list[i].fact);
		if (list[i].fact->reason)
			return list[i].fact->reason;
	}
	return NULL;
}

static enum empty_port_state judge(const struct registers *r)
{
	bool has_slot = r->flags.value & PCI_EXP_FLAGS_SLOT;
	bool is_present = has_slot && r->slot_status.value & PCI_EXP_SLTSTA_PDS;
	bool is_off = r->slot_cap.value & PCI_EXP_SLTCAP_PCP && r->slot_control.value & PCI_EXP_SLTCTL_PCC;
	bool says_active = r->link_cap.value & PCI_EXP_LNKCAP_DLLLARC;

	if (says_active && r->link_status.value & PCI_EXP_LNKSTA_DLLLA)
		return EMPTY_PORT_ACTIVE;
	if (!is_present)
		return EMPTY_PORT_EMPTY;
	if (is_off)
		return EMPTY_PORT_NO_POWER;
	/* a width alone is no sign of a link: some ports keep it without one */
	return !says_active && r->link_status.value & PCI_EXP_LNKSTA_NLW ? EMPTY_PORT_ACTIVE
									 : EMPTY_PORT_NO_LINK;
}

/* Kernels name a slot by the bus below its port. */
static void find_slot(struct device *port, struct empty_port *empty)
{
	struct pci_address below = { .domain = port->address.domain };
	struct slot_list slots = { 0 };
	const struct slot *slot;
	struct fact_number bus;
	char path[PATH_MAX];

	fact_read_config(port, PCI_SECONDARY_BUS, 8, &bus);
	if (bus.reason || slot_list_read(port->ctx, &slots) < 0)
		return;
	below.bus = (uint8_t)bus.value;
	slot = slot_of(&slots, &below);
	if (slot) {
		snprintf(empty->slot, sizeof(empty->slot), "%s", slot->name);
		empty->has_power_switch = sysfs_path(port->ctx, path, sizeof(path),
						     "/sys/bus/pci/slots/%s/power", slot->name) == 0 &&
					  access(path, F_OK) == 0;
	}
	slot_list_free(&slots);
}

void empty_port_read(struct device *port, struct empty_port *empty)
{
	struct registers r;

	*empty = (struct empty_port){ .state = EMPTY_PORT_UNKNOWN };
	snprintf(empty->port, sizeof(empty->port), "%s", port->name);
	empty->reason = read_registers(port, &r);
	if (empty->reason)
		return;
	/* where it is not known the other registers say what can be said */
	dpc_read(port, &empty->dpc);
	empty->state = empty->dpc.is_contained ? EMPTY_PORT_CONTAINED : judge(&r);
	empty->is_disabled = empty->state == EMPTY_PORT_NO_LINK && link_is_disabled(port);
	find_slot(port, empty);
}

static void text_of_power(const struct empty_port *empty, char text[EMPTY_PORT_TEXT])
{
	static const char what[] = "a card is in the slot, and the slot's power is off";

	if (empty->has_power_switch)
		snprintf(text, EMPTY_PORT_TEXT, "%s: 'pcietool -s slot:%s slot power on' turns it on", what,
			 empty->slot);
	else
		snprintf(text, EMPTY_PORT_TEXT,
			 "%s: 'pcietool -s %s config write EXP.SLTCTL.POWER=0; pcietool rescan' turns it on",
			 what, empty->port);
}

void empty_port_text(const struct empty_port *empty, bool looked, char text[EMPTY_PORT_TEXT])
{
	text[0] = '\0';
	if (empty->state == EMPTY_PORT_NO_POWER)
		text_of_power(empty, text);
	else if (empty->state == EMPTY_PORT_CONTAINED)
		dpc_text(&empty->dpc, text);
	else if (empty->state == EMPTY_PORT_NO_LINK && empty->is_disabled)
		snprintf(text, EMPTY_PORT_TEXT,
			 "the link below the port is disabled, with a card in the slot: 'pcietool -s %s link "
			 "enable; pcietool rescan' enables it",
			 empty->port);
	else if (empty->state == EMPTY_PORT_NO_LINK)
		snprintf(text, EMPTY_PORT_TEXT, "the link below the port is down, with a card in the slot");
	else if (empty->state == EMPTY_PORT_ACTIVE && looked)
		snprintf(
			text, EMPTY_PORT_TEXT,
			"the link below the port is up, and no device answers there: is its image loaded, is it "
			"out of reset?");
	else if (empty->state == EMPTY_PORT_ACTIVE)
		snprintf(
			text, EMPTY_PORT_TEXT,
			"the link below the port is up, and no device was found there: 'pcietool rescan' looks "
			"again");
}
