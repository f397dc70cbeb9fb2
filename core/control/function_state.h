/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a function was before it went away, to compare it with what came back and to make it that again. */
#ifndef PCIETOOL_FUNCTION_STATE_H
#define PCIETOOL_FUNCTION_STATE_H

#include "core/pci/config_regs.h"
#include "core/pci/device.h"
#include "core/driver/driver.h"

struct function_state {
	struct pci_address address;
	char name[PCI_ADDRESS_SIZE];
	uint64_t vendor;
	uint64_t device;
	uint64_t class;
	uint64_t subsystem_vendor;
	uint64_t subsystem_device;
	struct bar bars[DEVICE_BARS + 1];
	uint8_t config[CONFIG_SIZE];
	unsigned int config_size; /* bytes of it that were read; 0: the function did not answer */
	struct driver_binding binding;
	bool is_taken; /* BINDING is valid, and to be given back */
	bool is_removed;
};

/* All but the binding. */
int function_state_read(struct device *device, struct function_state *state, struct error *error);

#define DIFFERENCE_TEXT_SIZE 48

struct function_difference {
	char address[PCI_ADDRESS_SIZE];
	const char *what; /* "vendor", "BAR 2", "function" */
	char before[DIFFERENCE_TEXT_SIZE];
	char after[DIFFERENCE_TEXT_SIZE];
};

typedef void (*function_tell)(void *data, const struct function_difference *difference);

/* Tells how what is there now differs: ids, class, sizes of BARs, or nothing there at all. */
void function_state_compare(const struct function_state *before, const struct context *ctx,
			    function_tell tell, void *data);

/* Is it the same function still, by its ids? */
bool function_state_is_same(const struct function_state *before, const struct context *ctx);

/*
 * Writes what software had set in config space and the kernel did not set again, or, with ONLY_COUNT, changes nothing.
 * *CHANGED: how many registers.
 */
int function_state_restore(const struct function_state *before, struct device *device, bool only_count,
			   unsigned int *changed, struct error *error);

#endif
