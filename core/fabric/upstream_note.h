/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reload changes at the port above, noted in /run/pcietool before it is changed: after SIGKILL the next reload, or a
 * rescan, knows what it was.
 */
#ifndef PCIETOOL_UPSTREAM_NOTE_H
#define PCIETOOL_UPSTREAM_NOTE_H

#include "core/fabric/upstream_bridge.h"

/* To be written before anything is changed, and held until it is removed. */
int upstream_note_write(struct upstream_bridge *upstream, struct error *error);
/*
 * What was before, where there is a note that nobody holds: "before" of the registers that are still as they were changed.
 * Sets is_left, and holds the note.
 */
void upstream_note_read(struct upstream_bridge *upstream);
void upstream_note_remove(struct upstream_bridge *upstream);

/* Is NAME that of a note? Then the port's address is in it. */
bool upstream_note_parse_name(const char *name, struct pci_address *address);

#endif
