/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device as files, by FUSE (Linux, Documentation/filesystems/fuse.rst): a read or write of a file is the access that the
 * command line's verb of that name makes, no more and no less. What there is: pcietool-mount(8).
 */
#ifndef PCIETOOL_MOUNT_H
#define PCIETOOL_MOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/pci/device.h"

struct mount_options {
	const char *folder; /* absolute; it is there */
	bool read_only;
	bool allow_other; /* users beside the one who mounts, as far as the files' modes let them */
	/* *TEXT, of *LENGTH bytes, is what info.json has; the caller's to free(3). 0 or -errno. */
	int (*describe)(void *data, char **text, size_t *length);
	void *data;
};

struct mount;

/*
 * NAME as an absolute path, which is the caller's to free(3); NULL with the record filled. One that a mount whose process was
 * killed was at is a folder too.
 */
char *mount_folder(const char *name, struct error *error);

/*
 * Mounts. DEVICE stays the caller's, as does what OPTIONS points to, and both are used until mount_close(). A folder that is
 * left from a mount whose process was killed is cleaned first. Unsupported where there is no libfuse, or no FUSE in the
 * kernel.
 */
int mount_open(struct device *device, const struct mount_options *options, struct mount **mount,
	       struct error *error);
/* Until it is unmounted, or STOPPED, which is asked after each signal and once a second: 0; ERROR_GONE: the device is. */
int mount_serve(struct mount *mount, bool (*stopped)(void *data), void *data, struct error *error);
void mount_close(struct mount *mount); /* unmounts; accepts NULL */

#endif
