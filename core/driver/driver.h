/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which driver has a device: given to another by driver_override, and given back. The driver that it had is
 * remembered in /run/pcietool (root's alone), so that a release works from any process, also after a
 * crash half way. Linux Documentation/ABI/testing/sysfs-bus-pci.
 */
#ifndef PCIETOOL_DRIVER_H
#define PCIETOOL_DRIVER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/driver/driver_note.h"
#include "core/pci/user_driver.h"

struct driver_plan {
	char driver[DRIVER_NAME_SIZE]; /* to bind */
	char current[DRIVER_NAME_SIZE]; /* bound now; empty: none */
	bool done; /* it is bound already */
	unsigned int mask_bits; /* the caller's to set: for driver_record_mask_bits(); 0: not given */
	const char *
		leader; /* the caller's to set: the device for whose group this one is taken; NULL: for itself */
};

/*
 * What binding to DRIVER would do, and whether it may: a foreign driver needs force; a mounted disk or an
 * interface that is up is refused by name, without force. Changes nothing.
 */
int driver_plan(struct device *device, const char *driver, struct driver_plan *plan, struct error *error);

/* What of driver_bind() is known to fail before: nothing is changed. MODULE_FILE as there. */
int driver_bind_check(struct device *device, const struct driver_plan *plan, const char *module_file,
		      struct error *error);

/* What a bind changes, as it was. */
struct driver_before {
	struct driver_binding binding;
	struct driver_record record;
	bool has_record; /* RECORD is filled in */
};

/*
 * Does it. MODULE_FILE, when not NULL, is loaded instead of asking modprobe(8). On failure all is as in *BEFORE, which
 * may be NULL; otherwise it is for driver_bind_undo(), should what is to follow fail.
 */
int driver_bind(struct device *device, const struct driver_plan *plan, const char *module_file,
		struct driver_before *before, struct error *error);
/* The driver, its mask, driver_override and what is remembered are as before; what cannot be is a warning. */
void driver_bind_undo(struct device *device, const struct driver_before *before);

struct driver_status {
	char current[DRIVER_NAME_SIZE]; /* empty: none */
	char override[DRIVER_NAME_SIZE]; /* empty: none */
	bool has_record; /* bound by us */
	char previous[DRIVER_NAME_SIZE]; /* before that; empty: none */
	unsigned int mask_bits; /* as told to 'driver bind' for VFIO; 0: not */
	char leader[PCI_ADDRESS_SIZE]; /* the device for whose IOMMU group it was taken; empty: for itself */
};
int driver_status(struct device *device, struct driver_status *status, struct error *error);

/* How a device stands that is to be released. */
struct driver_release_plan {
	char from[DRIVER_NAME_SIZE]; /* bound now; empty: none */
	char to[DRIVER_NAME_SIZE]; /* to be bound afterwards; empty: none */
	char override[DRIVER_NAME_SIZE]; /* empty: none */
	bool has_record;
	struct driver_record record;
	bool is_ours; /* FROM came by a bind, and is to go */
};

/* What a release would do, and whether it may, as with driver_plan(). "not-bound": there is nothing to release. */
int driver_release_plan(struct device *device, struct driver_release_plan *plan, struct error *error);
/*
 * Gives the previous driver back and clears driver_override. A failure names the step. "not-given-back", or "bind-failed": the
 * device is without a driver, and what is remembered stays, so that the same can be done again; "other-driver": it keeps one
 * that came meanwhile, and nothing is remembered any more.
 */
int driver_release(struct device *device, const struct driver_release_plan *plan, struct error *error);

/*
 * Refuses, unless the context has force, by name: a mounted disk, an interface that is up, and what claim.h knows. A
 * driver alone is no reason.
 */
int driver_check_use(struct device *device, struct error *error);

/*
 * Refuses, also with force, in a session over VFIO of the device or of a virtual function of it, which goes with the driver
 * of the physical one: an unbind or a removal waits in the kernel until nobody has it open, and so this process, which has,
 * would wait for itself.
 */
int driver_check_session(const struct device *device, struct error *error);
/* The same of its virtual functions alone. */
int driver_check_virtual_sessions(const struct device *device, struct error *error);

/* Unbinds, and tells what there was. */
int driver_take(struct device *device, struct driver_binding *was, struct error *error);
/*
 * The same, and noted before: *NOTE as of driver_note_write(). Where a reload was killed *WAS is what that one noted, unless
 * another driver came meanwhile.
 */
int driver_take_noted(struct device *device, struct driver_binding *was, int *note, struct error *error);
/*
 * The helper's device has bus addresses of BITS bits, 12 to 64. "buffers-exist": there are some; "bad-mask": this kernel has
 * no such memory.
 */
int driver_set_mask(struct device *device, unsigned int bits, struct error *error);
/* The same again, whatever is bound now: that driver by name, or none. */
int driver_give(struct device *device, const struct driver_binding *was, struct error *error);
/* Whichever driver wants it. */
int driver_offer(struct device *device, struct error *error);

/*
 * Gives back the drivers of devices that reloads which were killed left without, or with another driver_override; not while
 * one runs. A device that got another driver meanwhile keeps it, with a warning. TELL is called for each that was (or would be,
 * in a dry run) given back; DRIVER may be empty. Goes on after a failure; the first is told.
 */
int driver_recover(const struct context *ctx, bool dry_run,
		   void (*tell)(void *data, const char *device, const char *driver), void *data,
		   struct error *error);

#endif
