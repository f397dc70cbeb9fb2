// SPDX-License-Identifier: GPL-2.0-or-later
/* The note of a driver: its text, and who holds it. */
#include "core/driver/driver_note.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/pci/run_file.h"

#define SUFFIX ".driver"
/* no driver is called so: a name is a folder's in sysfs */
#define NONE "/"

static const char *or_none(const char *name)
{
	return *name ? name : NONE;
}

/* "taken DRIVER OVERRIDE MASK" */
int driver_note_write(const struct device *device, const struct driver_binding *was, int *note,
		      struct error *error)
{
	char text[RUN_FILE_TEXT];
	int rc;

	if (!was->driver[0] && !was->override[0]) {
		*note = -1;
		return 0;
	}
	snprintf(text, sizeof(text), "taken %s %s %u", or_none(was->driver), or_none(was->override),
		 was->mask_bits);
	rc = run_file_write(device, SUFFIX, text);
	if (rc == 0)
		rc = run_file_hold(device, SUFFIX);
	if (rc >= 0) {
		*note = rc;
		return 0;
	}
	error_errno(error, rc, "%s: remembering its driver in " RUN_FILE_FOLDER, device->name);
	if (geteuid() != 0)
		error_hint(error, "run as root");
	return rc;
}

static bool parse(const char *text, struct driver_binding *was)
{
	struct driver_binding b = { .driver = "" };

	if (sscanf(text, "taken %63s %63s %u", b.driver, b.override, &b.mask_bits) != 3)
		return false;
	if (strcmp(b.driver, NONE) == 0)
		b.driver[0] = '\0';
	if (strcmp(b.override, NONE) == 0)
		b.override[0] = '\0';
	if (strchr(b.driver, '/') || strchr(b.override, '/'))
		return false;
	*was = b;
	return true;
}

int driver_note_take(const struct device *device, struct driver_binding *was, int *note)
{
	char text[RUN_FILE_TEXT];
	int fd = run_file_hold(device, SUFFIX);

	if (fd < 0)
		return fd;
	if (run_file_read(device, SUFFIX, text) < 0 || !parse(text, was)) {
		close(fd);
		return -ENOENT;
	}
	*note = fd;
	return 0;
}

void driver_note_remove(const struct device *device, int *note)
{
	if (*note < 0)
		return;
	run_file_remove(device, SUFFIX);
	close(*note);
	*note = -1;
}

void driver_note_forget(const struct device *device)
{
	int note = run_file_hold(device, SUFFIX);

	driver_note_remove(device, &note);
}

bool driver_note_parse_name(const char *name, struct pci_address *address)
{
	return run_file_parse_name(name, SUFFIX, address);
}
