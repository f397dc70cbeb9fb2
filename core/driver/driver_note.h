/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What driver a device had when a reload took it away, noted in /run/pcietool before: after SIGKILL the next reload, or a
 * rescan, gives it back.
 */
#ifndef PCIETOOL_DRIVER_NOTE_H
#define PCIETOOL_DRIVER_NOTE_H

#include "core/pci/user_driver.h"

struct driver_binding {
	char driver[DRIVER_NAME_SIZE]; /* empty: none */
	char override[DRIVER_NAME_SIZE]; /* empty: none */
	unsigned int mask_bits; /* of bus addresses, the helper's; 0: it is another driver */
};

/*
 * WAS is noted, and the note is held by *NOTE, a descriptor that is the caller's to give to driver_note_remove() or to close,
 * which leaves the note. *NOTE is -1 where there is nothing to note: no driver and no override.
 */
int driver_note_write(const struct device *device, const struct driver_binding *was, int *note,
		      struct error *error);
/* Takes hold of a note that nobody holds, as above; -ENOENT: there is none, -EWOULDBLOCK: somebody does. No record. */
int driver_note_take(const struct device *device, struct driver_binding *was, int *note);
/* Also closes *NOTE, which is -1 then; -1 is accepted, and nothing is done. */
void driver_note_remove(const struct device *device, int *note);
/* One that nobody holds: there was a newer word about the driver. */
void driver_note_forget(const struct device *device);

/* Is NAME that of a note? Then the device's address is in it. */
bool driver_note_parse_name(const char *name, struct pci_address *address);

#endif
