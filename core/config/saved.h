/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device's config space as a file has it: opened as a device, so that all that reads config space works on it;
 * compared with another, and written back.
 */
#ifndef PCIETOOL_CONFIG_SAVED_H
#define PCIETOOL_CONFIG_SAVED_H

#include "core/pci/device.h"
#include "core/pci/dump.h"
#include "core/config/map.h"

struct config_saved {
	struct context ctx;
	struct dump *dump;
	struct device *device;
};

/*
 * PATH's device of that ADDRESS; without one (NULL, or the file has another only) the only one that the file has.
 * CTX's log stays in use. *SAVED is the caller's to close.
 */
int config_saved_open(const struct context *ctx, const char *path, const struct pci_address *address,
		      struct config_saved **saved, struct error *error);
/* The same from SIZE bytes that were read of ADDRESS before. */
int config_saved_from(const struct context *ctx, const struct pci_address *address, const uint8_t *bytes,
		      size_t size, struct config_saved **saved, struct error *error);
void config_saved_close(struct config_saved *saved); /* accepts NULL */

/* --- compared: register by register by name, by place where nothing has a name (compare.c) ------ */

struct config_difference {
	const struct regmap *map; /* of the first, or of the second where only that has it */
	const struct regmap_register *reg; /* NULL: no name */
	unsigned int offset;
	unsigned int width;
	bool has_old;
	bool has_new;
	uint32_t old;
	uint32_t new;
};

typedef void (*config_tell)(void *data, const struct config_difference *difference);

/*
 * Tells what is not the same. What cannot be read in one of them (a file of 64 bytes) is not compared; *SKIPPED says
 * how many registers that were.
 */
int config_compare(struct device *a, struct device *b, config_tell tell, void *data, unsigned int *skipped,
		   struct error *error);

/* --- restored (restore.c) ----------------------------------------------------------------------- */

/*
 * As it was saved: of each register the bits that software sets (RW in the table) are written where they
 * differ, status bits as zeroes, the rest as it is. What the kernel keeps (bus numbers, windows, interrupt vectors, the
 * slot) is left alone. BARs come first, with decoding off, COMMAND last.
 */
struct config_write {
	const struct regmap_register *reg;
	uint32_t old;
	uint32_t new;
	uint32_t mask; /* the bits that are to change, and are checked afterwards */
};

struct config_plan {
	struct config_map *map;
	struct config_write *writes;
	size_t count;
	const struct regmap_register *
		*left; /* that differ too, and are the kernel's, or would start something */
	size_t left_count;
	unsigned int missing; /* registers that would be looked at, and that what was saved does not have */
};

enum config_restore_what {
	CONFIG_RESTORE_ALL,
	CONFIG_RESTORE_CAPABILITIES, /* not the header: addresses and COMMAND are the kernel's that enumerated it anew */
};

/*
 * What has to be written to DEVICE so that it is as SAVED. ERROR_DIFFERS where it is another device: ids, class,
 * header type, subsystem, or a capability at another place. *PLAN is the caller's to free.
 */
int config_restore_plan(struct device *device, struct device *saved, enum config_restore_what what,
			struct config_plan **plan, struct error *error);
void config_plan_free(struct config_plan *plan); /* accepts NULL */

/* Writes it. ERROR_DIFFERS names the first register that did not take it; the others are written all the same. */
int config_restore(struct device *device, const struct config_plan *plan, struct error *error);

#endif
