/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which driver a device has: giving it to one that leaves it to user space, and back. What it had before is
 * kept in /run/pcietool until it is given back, so that nothing is forgotten when the program is killed half way.
 */
#ifndef PCIETOOL_DRIVER_H
#define PCIETOOL_DRIVER_H

#include <stdbool.h>

#include "core/device.h"
#include "core/interrupt.h"

#define DRIVER_NAME_SIZE 64

#define DRIVER_HELPER "pcietool" /* the kernel helper; also its module's name */
#define DRIVER_VFIO "vfio-pci"
#define DRIVER_UIO "uio_pci_generic"

/* One step of the way: done next, or with a dry run only told. "bind", "e1000e". */
typedef void (*driver_step_fn)(void *data, const char *action, const char *object);

struct driver_request {
	const char *driver; /* the kernel's name for it; for bind */
	const char *module; /* a module's file to load instead of by name; NULL: none */
	unsigned int mask_bits; /* of bus addresses, helper only; 0: leave it */
	bool dry_run;
	driver_step_fn step; /* NULL: nobody listens */
	void *step_data;
};

/* 12..64, and only the helper has one. Usage error otherwise. */
int driver_request_check(const struct driver_request *request, struct error *error);

/*
 * Refused: a foreign driver, or a device that the system uses, unless the context has force. A failure half way
 * is undone. Bound to it already is a success.
 */
int driver_bind(struct device *device, const struct driver_request *request, struct error *error);

/* *RELEASED: false when there was nothing to give back. */
int driver_release(struct device *device, const struct driver_request *request, bool *released,
		   struct error *error);

struct driver_status {
	char driver[DRIVER_NAME_SIZE]; /* empty: none */
	char override[DRIVER_NAME_SIZE]; /* driver_override; empty: none */
	const char *previous_reason; /* why PREVIOUS is not known; NULL: it is */
	char previous[DRIVER_NAME_SIZE]; /* empty: there was none */
	char helper_reason[128]; /* why the rest is not known; empty: it is */
	unsigned int mask_bits;
	bool has_iommu;
	bool is_coherent;
	unsigned int buffers;
	uint64_t bytes_used;
	uint64_t bytes_free;
	struct interrupt_state interrupts;
	bool claimed; /* a capture runs */
};

void driver_status(struct device *device, struct driver_status *status);

#endif
