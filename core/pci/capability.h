/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The capabilities of a device, as its two linked lists in config space have them. */
#ifndef PCIETOOL_CAPABILITY_H
#define PCIETOOL_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/pci/device.h"
#include "core/pci/fact.h"

/* The first list has 192 bytes to live in; of the second nobody has seen half as many. */
#define CAPABILITY_MAX 128

struct capability {
	unsigned int id;
	unsigned int offset;
	unsigned int version; /* extended ones; 0 otherwise */
	struct fact_number vendor; /* of a DVSEC; reason "none" otherwise */
	struct fact_number
		vendor_specific; /* the id that the vendor gave a DVSEC or VSEC; reason "none" otherwise */
};

struct capability_list {
	const char *reason; /* why the list is unknown; NULL: known */
	const char *problem; /* why it ends early (a loop, ...); NULL: sound */
	unsigned int count;
	struct capability entries[CAPABILITY_MAX];
};

/* PCI Local Bus 3.0 section 6.7; extended: PCIe 5.0 section 7.6.3. Stops where a list is broken. */
void capability_list_read(struct device *device, bool extended, struct capability_list *list);

/* Offset of the first capability ID in the list; 0: none. */
unsigned int capability_list_find(const struct capability_list *list, unsigned int id);

/* --- where one ends -------------------------------------------------------------------------------- */

/* Why a register is not known that would lie in the next capability, or past config space; to be compared by its address. */
extern const char CAPABILITY_CUT_OFF[];

/* A broken list, or a device that has less than its specification says, is no reason to take one capability for another. */
struct capability_place {
	unsigned int offset; /* 0: there is none, or the list cannot be read */
	unsigned int end; /* where the next one behind it begins, or config space ends */
};

/* Where what begins at OFFSET ends: PCIe 6.0 sections 7.5.1.1.11 and 7.6.3. From 0x100 on LIST is the extended one. */
unsigned int capability_list_end(const struct capability_list *list, unsigned int offset);

/* The first one of ID. The second form reads the whole list, and only that. */
struct capability_place capability_list_place(const struct capability_list *list, unsigned int id);
struct capability_place capability_place_read(struct device *device, bool extended, unsigned int id);

/* Are WIDTH bits at OFFSET of the capability its own? False where there is none. */
bool capability_holds(const struct capability_place *place, unsigned int offset, unsigned int width);

/* As fact_read_config(), at OFFSET of the capability, which must be there. What is not its own is CAPABILITY_CUT_OFF. */
void capability_read(struct device *device, const struct capability_place *place, unsigned int offset,
		     unsigned int width, struct fact_number *fact);

/* --- names --------------------------------------------------------------------------------------- */

struct capability_name {
	unsigned int id;
	const char *word; /* "CAP_EXP", "ECAP_AER" */
	const char *name; /* "PCI Express" */
};

/* In the order of their ids; NULL behind the last. */
const struct capability_name *capability_name_at(bool extended, size_t i);

/* The row of an id; NULL when it is not known. */
const struct capability_name *capability_name_of(bool extended, unsigned int id);

/* Its name, or "capability 0x15", "extended capability 0x0041". */
void capability_name_format(bool extended, unsigned int id, char *text, size_t size);

/* --- how a device can interrupt, and what of it is switched on ----------------------------------- */

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
