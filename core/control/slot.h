/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A physical slot, by the kernel's hot-plug driver for it: /sys/bus/pci/slots/NAME, of which a driver has the files that
 * its hardware can serve (Linux drivers/pci/hotplug/pci_hotplug_core.c), and the indications of an enclosure, the LED class
 * devices of the port or the device in it (Documentation/ABI/testing/sysfs-bus-pci, leds, from Linux 6.13 on).
 */
#ifndef PCIETOOL_SLOT_H
#define PCIETOOL_SLOT_H

#include "core/base/fact.h"
#include "core/fabric/topology.h"

/* The port that the slot is below; NULL: it is not seen. */
const struct topology_node *slot_port(const struct context *ctx, const struct topology *topology,
				      const struct slot *slot);

/*
 * Is all that is on its bus in it, whatever the device numbers? So below a port of PCI Express: the kernel has 0 as its device
 * number then (init_slot() in Linux' drivers/pci/hotplug/pciehp_core.c). A conventional bus may have several slots, of a device each.
 */
bool slot_has_bus(const struct slot_list *list, const struct slot *slot);
/* Otherwise: is the function at ADDRESS of the slot's device? */
bool slot_has_function(const struct slot *slot, const struct pci_address *address);

/* The values of the file "attention". */
enum slot_attention {
	SLOT_ATTENTION_OFF,
	SLOT_ATTENTION_ON,
	SLOT_ATTENTION_BLINK,
};

struct slot_state {
	struct fact_number power; /* 1: on */
	struct fact_number attention; /* enum slot_attention */
	struct fact_number latch; /* 1: open */
	struct fact_number adapter; /* 1: a card is there */
	struct fact_text speed; /* "8.0 GT/s PCIe": the bus below */
	struct fact_text max_speed;
};

void slot_state_read(const struct context *ctx, const struct slot *slot, struct slot_state *state);

/* Has its driver that switch? ERROR_UNSUPPORTED: it has not. */
int slot_check_power(const struct context *ctx, const struct slot *slot, struct error *error);
int slot_check_attention(const struct context *ctx, const struct slot *slot, struct error *error);

/*
 * Through the slot's driver, which waits until the card is found, or gone; done also where that is so already.
 * ERROR_UNSUPPORTED: it has no such switch; ERROR_DIFFERS: it says afterwards that the power is not so.
 */
int slot_set_power(const struct context *ctx, const struct slot *slot, bool on, struct error *error);
int slot_set_attention(const struct context *ctx, const struct slot *slot, enum slot_attention attention,
		       struct error *error);

#define SLOT_INDICATIONS 18 /* PCIe 6.1 section 7.9.19.2: ten, and eight of an enclosure's own */

struct slot_indication {
	char name[24]; /* "locate", "fail" */
	bool is_on;
};

/* Of the function at ADDRESS, in order of name. Returns how many. */
unsigned int slot_indications_read(const struct context *ctx, const struct pci_address *address,
				   struct slot_indication list[SLOT_INDICATIONS]);
/* ERROR_UNSUPPORTED: it has none of that NAME. */
int slot_check_indication(const struct context *ctx, const struct pci_address *address, const char *name,
			  struct error *error);
int slot_set_indication(const struct context *ctx, const struct pci_address *address, const char *name,
			bool on, struct error *error);

#endif
