/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a device can interrupt, and what of it is switched on. */
#ifndef PCIETOOL_INTERRUPT_SETUP_H
#define PCIETOOL_INTERRUPT_SETUP_H

#include <stdbool.h>
#include <stdint.h>

#include "core/pci/capability.h"
#include "core/pci/fact.h"

struct msi_state {
	const char *reason; /* none, or unknown; NULL: the rest is valid */
	bool enabled;
	unsigned int vectors; /* that the device can ask for */
	unsigned int vectors_enabled; /* that it was given */
	bool is_64bit;
	bool maskable;
};

struct msix_state {
	const char *reason;
	bool enabled;
	bool masked; /* all of the function's */
	unsigned int vectors;
	unsigned int table_bar;
	uint32_t table_offset;
	unsigned int pending_bar;
	uint32_t pending_offset;
};

struct interrupt_setup {
	struct fact_number pin; /* 0 none, 1 INTA .. 4 INTD */
	struct fact_number line; /* the firmware's note */
	struct fact_number irq; /* Linux' number */
	struct msi_state msi;
	struct msix_state msix;
};

void interrupt_setup_read(struct device *device, const struct capability_list *capabilities,
			  struct interrupt_setup *state);

#endif
