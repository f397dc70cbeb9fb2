// SPDX-License-Identifier: GPL-2.0-or-later
/* The note: knows the registers as the port's reload has them, touches none. */
#include "core/fabric/upstream_note.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/pci/run_file.h"

#define SUFFIX ".port"

/*
 * "reload STATUS AER_STATUS CONTROL", the first two as they were, the last what power/control was changed from or "-"; then a
 * line for each register: "NAME OFFSET BEFORE MASKED".
 */
int upstream_note_write(struct upstream_bridge *u, struct error *error)
{
	char text[RUN_FILE_TEXT];
	size_t n;
	int rc;

	if (u->note < 0)
		u->note = run_file_hold(u->port, SUFFIX);
	if (u->note == -EWOULDBLOCK)
		return error_set(error, ERROR_DENIED, "in-use", "%s: another reload is at work below it",
				 u->port->name);
	n = (size_t)snprintf(text, sizeof(text), "reload %" PRIx32 " %" PRIx32 " %s", u->device_status,
			     u->aer_status, u->is_auto ? "auto" : "-");
	for (unsigned int i = 0; i < UPSTREAM_REGISTERS; i++) {
		const struct upstream_bridge_register *r = &u->registers[i];

		if (r->offset)
			n += (size_t)snprintf(text + n, sizeof(text) - n, "\n%s %x %" PRIx32 " %" PRIx32,
					      r->name, r->offset, r->before, r->masked);
	}
	rc = run_file_write(u->port, SUFFIX, text);
	if (rc == 0) {
		if (u->note >= 0)
			close(u->note);
		u->note = run_file_hold(u->port, SUFFIX);
		rc = u->note < 0 ? u->note : 0;
	}
	if (rc < 0) {
		error_errno(error, rc, "%s: remembering its registers in " RUN_FILE_FOLDER, u->port->name);
		if (geteuid() != 0)
			error_hint(error, "run as root");
	}
	return rc;
}

static struct upstream_bridge_register *find(struct upstream_bridge *u, const char *name, unsigned int offset)
{
	for (unsigned int i = 0; i < UPSTREAM_REGISTERS; i++) {
		struct upstream_bridge_register *r = &u->registers[i];

		if (r->offset && r->offset == offset && strcmp(r->name, name) == 0)
			return r;
	}
	return NULL;
}

static void take_line(struct upstream_bridge *u, const char *line)
{
	struct upstream_bridge_register *r;
	unsigned int offset;
	uint32_t before;
	uint32_t masked;
	uint32_t bits;
	char name[16];

	if (sscanf(line, "%15s %x %" SCNx32 " %" SCNx32, name, &offset, &before, &masked) != 4)
		return;
	r = find(u, name, offset);
	bits = before ^ masked;
	if (!r || !bits || ((r->before ^ masked) & bits))
		return;
	r->before = (r->before & ~bits) | (before & bits);
	u->is_left = true;
}

void upstream_note_read(struct upstream_bridge *u)
{
	char text[RUN_FILE_TEXT];
	char control[8];
	uint32_t device;
	uint32_t aer;
	int note;

	note = run_file_hold(u->port, SUFFIX);
	if (note < 0)
		return;
	if (run_file_read(u->port, SUFFIX, text) < 0 ||
	    sscanf(text, "reload %" SCNx32 " %" SCNx32 " %7s", &device, &aer, control) != 3) {
		close(note);
		return;
	}
	u->note = note;
	u->device_status = device;
	u->aer_status = aer;
	if (strcmp(control, "auto") == 0 && !u->is_auto) {
		u->is_auto = true;
		u->is_left = true;
	}
	for (const char *line = strchr(text, '\n'); line; line = strchr(line + 1, '\n'))
		take_line(u, line + 1);
}

void upstream_note_remove(struct upstream_bridge *u)
{
	if (u->note < 0)
		return;
	run_file_remove(u->port, SUFFIX);
	close(u->note);
	u->note = -1;
}

bool upstream_note_parse_name(const char *name, struct pci_address *address)
{
	return run_file_parse_name(name, SUFFIX, address);
}
