/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a function answers at the addresses of its BARs. COMMAND says so (PCI Local Bus 3.0 section 6.2.2); of a virtual
 * function its memory bit is read-only zero, and VF MSE of the physical function decides for all that it has (PCIe 5.0
 * sections 9.3.4.1.3 and 9.3.3.3.4).
 */
#ifndef PCIETOOL_DECODING_H
#define PCIETOOL_DECODING_H

#include "core/pci/device.h"
#include "core/pci/fact.h"

/*
 * COMMAND, as it was read, into what holds for decoding: with PCI_COMMAND_MEMORY where VF MSE says so, no number where that
 * cannot be read. Reads config space of a virtual function's physical one only.
 */
void decoding_apply(const struct device *device, struct fact_number *command);

/*
 * Has the function still the address that the kernel gave BAR: 0; or lost it, as by a reset: 1. COMMAND is that of its config
 * space; where that cannot be read it is not known, for the same reason, nor in D3hot.
 */
void decoding_lost_read(struct device *device, const struct bar *bar, const struct fact_number *command,
			struct fact_number *lost);

/* The physical function of a virtual one. False: DEVICE is none. */
bool decoding_owner(const struct device *device, char owner[PCI_ADDRESS_SIZE]);

#endif
