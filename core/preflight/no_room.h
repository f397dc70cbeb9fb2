/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * BARs that the kernel found no room for, as its log tells: it forgets such a BAR, shows a line of zeroes, and a plain
 * 32-bit one has nothing in config space either that would tell.
 */
#ifndef PCIETOOL_NO_ROOM_H
#define PCIETOOL_NO_ROOM_H

#include "core/pci/bar.h"

struct no_room_bar {
	char device[PCI_ADDRESS_SIZE];
	unsigned int index; /* of the BAR */
	uint64_t size; /* bytes */
	bool io; /* I/O ports */
	bool is_64bit;
	bool prefetchable;
};

/* Those of all devices. What was assigned later, or was found anew since, is not in it. */
struct no_room {
	struct no_room_bar *bars;
	size_t count;
	struct pci_address *found; /* devices that the log reaches back to the finding of */
	size_t found_count;
};

/* Reads the whole log. NO_ROOM is the caller's to free; -errno: the log cannot be read, and it is empty. */
int no_room_read(const struct context *ctx, struct no_room *no_room);
void no_room_free(struct no_room *no_room);

/* BAR INDEX of the device of that name; NULL: the log says nothing of it, which need not mean that it had room. */
const struct no_room_bar *no_room_find(const struct no_room *no_room, const char *device, unsigned int index);

/*
 * Does the log reach back to when the device was found? Otherwise a BAR that the kernel does not list may be one without
 * room, and that it is not there must not be said.
 */
bool no_room_would_tell(const struct no_room *no_room, const struct pci_address *address);

/*
 * Those of the device's BARS that have no room get the state BAR_NO_ROOM; size 0: not known. LOOK: its registers in config
 * space are asked too, where the log says nothing. True when there is one.
 */
bool no_room_apply(const struct no_room *no_room, struct device *device, bool look,
		   struct bar bars[DEVICE_BARS]);
/* The same of a list, which they are put into. */
void no_room_apply_list(const struct no_room *no_room, struct device *device, bool look,
			struct resource_list *list);

/* "BAR 0 (1M): the kernel found no room for it"; SIZE 0: it is not known. */
#define NO_ROOM_TEXT 80
void no_room_text(unsigned int index, uint64_t size, char text[NO_ROOM_TEXT]);

/*
 * What gives it room, for a hint: the kernel lays out anew only what is below a root port that was removed. Names that
 * port; and pci=realloc alone where there is none.
 */
void no_room_hint(const struct device *device, struct error *error);

#endif
