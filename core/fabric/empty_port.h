/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port that the kernel found nothing below: is its slot empty, or is a card there that did not come up? Reads config space,
 * which wakes a port that sleeps and needs root: Link Status (PCIe 6.0 section 7.5.3.8), Slot Capabilities, Control, Status
 * (7.5.3.9 to 7.5.3.11).
 */
#ifndef PCIETOOL_EMPTY_PORT_H
#define PCIETOOL_EMPTY_PORT_H

#include "core/fabric/dpc.h"
#include "core/pci/device.h"

enum empty_port_state {
	EMPTY_PORT_UNKNOWN, /* see reason */
	EMPTY_PORT_EMPTY, /* as far as the port says */
	EMPTY_PORT_ACTIVE, /* the link is up: what is there came after the kernel looked, or does not answer */
	EMPTY_PORT_NO_POWER, /* a card is in the slot, whose power is off */
	EMPTY_PORT_NO_LINK, /* a card is in the slot, with power, and the link is down */
	EMPTY_PORT_CONTAINED, /* the port keeps its link down after an error, whatever is below it */
};

struct empty_port {
	enum empty_port_state state;
	const char *reason; /* a literal; NULL: it is known */
	char port[PCI_ADDRESS_SIZE]; /* its name */
	char slot[32]; /* the slot's name; "": none is known */
	bool is_disabled; /* EMPTY_PORT_NO_LINK, as the link is disabled */
	bool has_power_switch; /* the kernel has a file "power" for that slot */
	struct dpc_state dpc;
};

/* PORT has nothing below it. */
void empty_port_read(struct device *port, struct empty_port *empty);

/*
 * One sentence and what to do about it, for a state that is neither unknown nor empty: "the link is up, and no device was
 * found below it: 'pcietool rescan' looks again". LOOKED: a rescan was just that.
 */
#define EMPTY_PORT_TEXT 240
void empty_port_text(const struct empty_port *empty, bool looked, char text[EMPTY_PORT_TEXT]);

#endif
