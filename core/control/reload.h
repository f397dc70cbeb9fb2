/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A device that gets a new image (an FPGA, a firmware) and loses its link meanwhile: out of the kernel's tree in good
 * order, a command, back in, compared, set up as before. Whatever was done is undone when something fails.
 */
#ifndef PCIETOOL_RELOAD_H
#define PCIETOOL_RELOAD_H

#include "core/pci/device.h"
#include "core/control/functions.h"

enum reload_result {
	RELOAD_DONE,
	RELOAD_FAILED,
	RELOAD_SKIPPED, /* there was nothing to do */
	RELOAD_PLANNED,
};

struct reload_step {
	const char *name;
	bool undo; /* after a failure */
	enum reload_result result;
	uint64_t ns;
	const char *detail;
};

struct reload_calls {
	void (*step)(void *data, const struct reload_step *step);
	/* Runs the command that gives the device its image; TEXT says how it ended. */
	int (*command)(void *data, char *text, size_t size, struct error *error);
	bool (*stopped)(void *data); /* stop, and undo? */
	bool (*insisted)(void *data); /* end the waits of the undo, too? Its other steps are still made. */
	void *data;
};

struct reload_options {
	uint64_t timeout; /* ns, for the link and again for the device */
	bool accept_change; /* another identity is no failure */
	bool dry_run;
};

struct reload;

/* Looks, and refuses by name what must not be taken away. *RELOAD is the caller's to close. */
int reload_open(const struct device *device, struct reload **reload, struct error *error);
void reload_close(struct reload *reload); /* accepts NULL */

/* Name of the port above; NULL: DEVICE is on a root bus. */
const char *reload_port(const struct reload *reload);

int reload_run(struct reload *reload, const struct reload_options *options, const struct reload_calls *calls,
	       struct error *error);

/* How what came back differs from what went away, after a run; NULL behind the last. */
const struct function_difference *reload_difference(const struct reload *reload, size_t i);

#endif
