/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that a device in a slot has, who uses them, and what each was before it went away. */
#ifndef PCIETOOL_FUNCTIONS_H
#define PCIETOOL_FUNCTIONS_H

#include <linux/pci_regs.h>

#include "core/driver/driver.h"
#include "core/pci/device.h"

struct functions {
	struct context ctx; /* the caller's without its pool: these go away with the device */
	struct device **list; /* in order of address, without virtual functions */
	size_t count;
};

/*
 * All of DEVICE's. Behind a PCI Express port that is all on its bus, as an ARI device has function numbers above 7
 * there (PCIe 6.0 section 6.13).
 */
int functions_open(const struct device *device, struct functions **functions, struct error *error);
void functions_close(struct functions *functions); /* accepts NULL */

/*
 * Refuses by name, unless the context has force, when the system, a capture or a session uses DEVICE, a virtual function of
 * it, or anything below it: driver_check_use() of each.
 */
int functions_check_use(struct device *device, struct error *error);

struct function_state {
	struct pci_address address;
	char name[PCI_ADDRESS_SIZE];
	uint64_t vendor;
	uint64_t device;
	uint64_t class;
	uint64_t subsystem_vendor;
	uint64_t subsystem_device;
	struct bar bars[DEVICE_BARS + 1];
	uint8_t config[PCI_CFG_SPACE_EXP_SIZE];
	unsigned int config_size; /* bytes of it that were read; 0: the function did not answer */
	struct driver_binding binding;
	int note; /* of BINDING, see driver_note.h; -1: none */
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
