/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Downstream Port Containment: a port that saw an uncorrectable error keeps its link down until software lets it come up
 * again. PCIe 6.0 sections 6.2.11 and 7.9.14.
 */
#ifndef PCIETOOL_DPC_H
#define PCIETOOL_DPC_H

#include "core/pci/device.h"

/* The reason of a function that has no such capability; to be compared by its address. */
extern const char DPC_NONE[];

struct dpc_state {
	const char *
		reason; /* why it is not known whether the port contains its link, a literal; NULL: it is known */
	bool is_contained; /* the rest is valid then only */
	const char *
		trigger; /* "uncorrectable", "nonfatal-message", "fatal-message", "rp-pio", "software", "reserved" */
	bool has_source;
	uint16_t source; /* who sent the message: bus, device and function */
	bool is_busy; /* a root port that must not be let go yet */
	char port[PCI_ADDRESS_SIZE]; /* its name */
};

/* Reads config space, which wakes a port that sleeps and needs root. */
void dpc_read(struct device *port, struct dpc_state *dpc);

/* Why its link is down, and what to do about it, in one sentence; of one that is contained. */
#define DPC_TEXT 240
void dpc_text(const struct dpc_state *dpc, char text[DPC_TEXT]);

#endif
