/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The port above a device: the root port or switch port that its link ends in. It is kept from reporting as fatal what
 * a device does to its link when it loads a new image, which on many servers ends in a reboot; and from telling the
 * kernel's hot-plug driver, which would switch the slot's power off.
 */
#ifndef PCIETOOL_UPSTREAM_BRIDGE_H
#define PCIETOOL_UPSTREAM_BRIDGE_H

#include "core/pci/capability.h"

/* It is a PCI Express root port or a switch's downstream port: DEVICE has the bus for itself. */
bool upstream_bridge_is_express_port(const struct device *device);

/* A register of the port: what it was, and what it is while errors are masked. */
struct upstream_bridge_register {
	const char *name;
	unsigned int offset; /* 0: the port has none */
	unsigned int width;
	uint32_t before;
	uint32_t masked;
};

enum { UPSTREAM_SLOT, UPSTREAM_COMMAND, UPSTREAM_DEVCTL, UPSTREAM_AER_MASK, UPSTREAM_REGISTERS };

struct upstream_bridge {
	struct device *port;
	struct upstream_bridge_register registers[UPSTREAM_REGISTERS];
	struct capability_place express;
	struct capability_place aer;
	uint32_t device_status; /* before */
	uint32_t aer_status;
	bool reports_link; /* says when its link is up; otherwise there is only the end of training */
	bool is_auto; /* power/control, before */
	bool kept_awake; /* it is "on" for that */
	bool is_masked;
	bool is_left; /* what a reload that was killed changed is still so; "before" is of then */
	int note; /* the note's lock; negative: none */
};

/*
 * *UPSTREAM is the caller's to close; NULL when DEVICE, which ANSWERS or not, is on a root bus. CTX outlives it. Reads,
 * changes nothing.
 */
int upstream_bridge_open(const struct context *ctx, const struct device *device, bool answers,
			 struct upstream_bridge **upstream, struct error *error);
void upstream_bridge_close(struct upstream_bridge *upstream); /* accepts NULL; does not unmask */

/* Reports of errors and of hot-plug off, and the port kept awake. On failure all is as before. */
int upstream_bridge_mask(struct upstream_bridge *upstream, struct error *error);
/* Clears what the port noted meanwhile, then all as before. Goes on after a failure. */
int upstream_bridge_unmask(struct upstream_bridge *upstream, struct error *error);

/*
 * Puts back what reloads that were killed left changed; not while one runs. TELL is called for each port where something was
 * (or would be, in a dry run). Goes on after a failure; the first is told.
 */
int upstream_bridge_recover(const struct context *ctx, bool dry_run,
			    void (*tell)(void *data, const char *port), void *data, struct error *error);

/* Does it say of its link? *WHY (a constant) is why not. */
bool upstream_bridge_has_link(const struct upstream_bridge *upstream, const char **why);

/* Of one that has a link. One look; -errno with the reason when the port cannot be read. */
int upstream_bridge_link_is_up(struct upstream_bridge *upstream, bool *up, struct error *error);

#endif
