/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One PCI device in sysfs: its attributes, its config space, its BARs as the kernel lists them. Opening
 * one changes nothing in it.
 */
#ifndef PCIETOOL_DEVICE_H
#define PCIETOOL_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/context.h"
#include "core/base/error.h"
#include "core/pci/select.h"

struct config_ops;
struct device_path;
struct dump_device;

struct device {
	const struct context *ctx;
	struct pci_address address;
	char name[PCI_ADDRESS_SIZE];
	int folder; /* its folder in sysfs, an O_PATH descriptor; -1 with an image */
	/* see config_space.h; NULL: no PCI device, registers and an interrupt over UIO are all that it has */
	const struct config_ops *config;
	const struct dump_device *image; /* in a dump that stands in for the machine; NULL: it is in sysfs */
	int config_fd; /* sysfs "config"; -1 until it is needed */
	bool config_writable;
	const struct device_hooks *hooks; /* the context's when it was opened */
	struct device_path *path; /* what the hooks keep with it, see core/backend/path.h; NULL: nothing */
};

/* What is done to devices above this: a context may have them. */
struct device_hooks {
	/* One of that address that is open already; NULL: none. */
	struct device *(*find)(const struct context *ctx, const struct pci_address *address);
	int (*opened)(struct device *device); /* 0 or -errno */
	bool (*closing)(struct device *device); /* false: it stays open */
};

/* *DEVICE is the caller's to close. ERROR_SELECT when it is not there. */
int device_open(const struct context *ctx, const struct pci_address *address, struct device **device,
		struct error *error);
void device_close(struct device *device); /* accepts NULL */

/* Is it still there: does its config space answer with a vendor id? One config read. */
bool device_is_present(struct device *device);

/* Is it a virtual function of SR-IOV, as sysfs or a dump has it? A guest's looks like any other. */
bool device_is_virtual(const struct device *device);

/* Can its config space be read, and is all ones? Of one that sleeps that is not to be asked: it is woken. */
bool device_is_silent(struct device *device);

/* Fills the record with "device gone" (exit 5), for whoever found out. */
int device_gone(const struct device *device, struct error *error);

/* A file in its folder of sysfs, "resource" or "power/control". -errno, no record; -ENODATA: a dump does not tell. */
int device_read_attribute(const struct device *device, const char *name, char *text, size_t size);
int device_read_number(const struct device *device, const char *name, uint64_t *value);

/*
 * The vendor that the kernel knows it by: a virtual function has all ones in config space (PCIe 5.0 section 9.3.4.1.1), of
 * which that is read only where sysfs does not tell.
 */
int device_vendor(struct device *device, uint32_t *vendor, struct error *error);

/* The name of the bound driver; -ENOENT when there is none. */
int device_driver(const struct device *device, char *name, size_t size);

/* --- config space ---------------------------------------------------------------------------- */

/*
 * One access of WIDTH bits (8, 16, 32) at OFFSET, which must be a multiple of it, below 4096. A read
 * past what the kernel shows (64 bytes without CAP_SYS_ADMIN, 256 or 4096 otherwise) is an error that
 * says which.
 */
int device_config_read(struct device *device, unsigned int offset, unsigned int width, uint32_t *value,
		       struct error *error);
int device_config_write(struct device *device, unsigned int offset, unsigned int width, uint32_t value,
			struct error *error);

/* Size of config space as the kernel shows it (64, 256, 4096); -errno. */
int device_config_size(struct device *device);

/*
 * Offset of capability ID's INSTANCE (0 the first), or 0 when there is none or config space cannot be
 * read. PCI Local Bus 3.0 section 6.7; extended ones PCIe 5.0 section 7.6.3.
 */
unsigned int device_capability(struct device *device, unsigned int id, unsigned int instance);
unsigned int device_extended_capability(struct device *device, unsigned int id, unsigned int instance);

/* --- BARs ------------------------------------------------------------------------------------ */

#define DEVICE_BARS 6
#define DEVICE_ROM 6 /* index of the expansion ROM in the kernel's list */

enum bar_state {
	BAR_ABSENT,
	BAR_UPPER_HALF, /* of the 64-bit BAR before it */
	BAR_UNASSIGNED, /* implemented, but the kernel gave it no address */
	BAR_ASSIGNED,
	BAR_NO_ROOM, /* as BAR_UNASSIGNED or BAR_ABSENT, and known to be so for want of room: no_room.h */
};

struct bar {
	unsigned int index;
	enum bar_state state;
	uint64_t start; /* CPU physical address, or I/O port */
	uint64_t size; /* bytes */
	bool io; /* I/O ports */
	bool is_64bit;
	bool prefetchable;
	bool fixed; /* its address is not in its register */
};

/* From the sysfs file "resource". INDEX 0..5, or DEVICE_ROM. */
int device_bar(const struct device *device, unsigned int index, struct bar *bar, struct error *error);
int device_bars(const struct device *device, struct bar bars[DEVICE_BARS + 1], struct error *error);

/*
 * The kernel forgets a BAR that it found no room for, and lists it as absent. Its type bits in config
 * space tell, unless it is a plain 32-bit memory BAR, whose are zero. One config read.
 */
bool device_bar_is_forgotten(struct device *device, const struct bar *bar);

/*
 * The other way round: the kernel gave the BAR an address, and the device, which was reset or got a new image behind the
 * kernel's back, has 0 in its register. One config read, or two, and what its power state is. False where 0 may be an
 * address: not on x86; and in D3, where it need not have it.
 */
bool device_bar_is_lost(struct device *device, const struct bar *bar);

#endif
